using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace RnnService.Api.Problems;

/// <summary>Writes problem+json for every failure: exceptions, and statuses that were set without a body.</summary>
sealed partial class ProblemMiddleware(RequestDelegate next, IOptions<JsonOptions> json, ILogger<ProblemMiddleware> logger)
{
    // What proxies log for a caller who left; nobody receives it.
    const int ClientClosedRequest = 499;
    readonly JsonSerializerOptions _json = json.Value.SerializerOptions;

    public async Task InvokeAsync(HttpContext context)
    {
        var response = context.Response;
        try
        {
            await next(context);
            if (response.StatusCode >= StatusCodes.Status400BadRequest && !response.HasStarted && response.ContentType is null)
                await WriteAsync(ProblemTable.ForStatus(response.StatusCode, context), context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!response.HasStarted)
                response.StatusCode = ClientClosedRequest;
        }
        catch (Exception exception) when (!response.HasStarted)
        {
            var problem = ProblemTable.For(exception, context, _json);
            if (problem.Status == StatusCodes.Status500InternalServerError)
                LogFailure(exception, context.Request.Method, context.Request.Path);
            await WriteAsync(problem, context);
        }
    }

    async Task WriteAsync(Problem problem, HttpContext context)
    {
        context.Response.StatusCode = problem.Status;
        if (ProblemTable.RetryAfter(problem.Status) is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await context.Response.WriteAsJsonAsync(problem, _json, "application/problem+json", context.RequestAborted);
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    partial void LogFailure(Exception exception, string method, string path);
}
