namespace RnnService.Api.Observability;

/// <summary>What the engine computes with, logged at start: speeds and bits of results depend on it.</summary>
static partial class EngineLog
{
    [LoggerMessage(LogLevel.Information, "Engine: {Tier}, {Threads} threads")]
    internal static partial void LogEngine(this ILogger logger, string tier, int threads);
}
