using RnnService.Api.Endpoints;
using RnnService.Api.Hosting;
using RnnService.Api.Observability;
using RnnService.Api.Problems;
using RnnService.Api.Validation;
using RnnService.Engine.Kernels;
using RnnService.Engine.Threading;

if (args.Contains(HealthProbe.Switch))
    return await HealthProbe.RunAsync(HealthProbe.Port(
        Environment.GetEnvironmentVariable("ASPNETCORE_URLS"), Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS")));

var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddRnnService();
var app = builder.Build();

app.UseMiddleware<RequestSummaryMiddleware>();
app.UseMiddleware<HeadRequests>();
app.UseMiddleware<ProblemMiddleware>();
app.UseMiddleware<BodyEncoding>();
app.UseRouting(); // here, not first: by the method that HEAD stands for
var api = app.MapGroup("/api/v1").AddEndpointFilter<RouteGroupBuilder, ValidationFilter>();
api.MapPredictions();
api.MapModels();
app.MapHealth();
app.MapDocumentation();

app.Logger.LogEngine(SimdTiers.Describe(), ComputeThreads.Count);
await app.RunAsync();
return 0;
