using System.Net;
using System.Text.Json.Nodes;

namespace RnnService.Api.Tests.Support;

/// <summary>What the service answered.</summary>
sealed class Answer(HttpResponseMessage response, string body)
{
    internal int Status { get; } = (int)response.StatusCode;

    internal string? MediaType { get; } = response.Content.Headers.ContentType?.MediaType;

    internal TimeSpan? RetryAfter { get; } = response.Headers.RetryAfter?.Delta;

    internal Uri? Location { get; } = response.Headers.Location;

    internal string Body { get; } = body;

    internal JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>The body of a good answer.</summary>
    internal JsonNode Ok()
    {
        Assert.True(Status == (int)HttpStatusCode.OK, $"{Status}: {Body}");
        return Json;
    }

    /// <summary>Checks that this is a problem of a status and that its detail or errors mention a text.</summary>
    internal JsonNode Problem(int status, string mentions = "")
    {
        Assert.True(Status == status, $"expected {status}, found {Status}: {Body}");
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal(status, (int)Json["status"]!);
        Assert.False(string.IsNullOrEmpty((string?)Json["title"]));
        Assert.Contains(mentions, (string?)Json["detail"] ?? "", StringComparison.Ordinal);
        return Json;
    }
}
