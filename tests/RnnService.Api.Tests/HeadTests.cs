using RnnService.Api.Tests.Support;

namespace RnnService.Api.Tests;

public class HeadTests(RnnApplication application) : IClassFixture<RnnApplication>
{
    [Theory, InlineData("/health/live", 200), InlineData("/health/ready", 200), InlineData("/metrics", 200), InlineData("/api/v1/models", 200),
        InlineData("/openapi/v1.json", 200), InlineData("/api/v1/next-word", 405), InlineData("/nowhere", 404)]
    public async Task Head_AnyRoute_AnswersAsGetWithoutABody(string path, int status)
    {
        Answer head = await application.SendAsync(HttpMethod.Head, path), get = await application.GetAsync(path);
        Assert.Equal((status, status, ""), (get.Status, head.Status, head.Body));
        Assert.Equal(get.MediaType, head.MediaType);
    }
}
