using System.Globalization;
using Serilog;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Json;

namespace RnnService.Api.Observability;

/// <summary>Structured logs to the console: text for people, or with <c>Logging:Format</c> json one JSON object a line for collectors.</summary>
static class ServiceLogging
{
    const string Template = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";

    internal static void AddServiceLogging(this WebApplicationBuilder builder)
    {
        var logger = new LoggerConfiguration().MinimumLevel.Verbose(); // Logging:LogLevel decides
        logger = string.Equals(builder.Configuration["Logging:Format"], "json", StringComparison.OrdinalIgnoreCase)
            ? logger.WriteTo.Console(new JsonFormatter(renderMessage: true))
            : logger.WriteTo.Console(outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture);
        builder.Logging.ClearProviders();
        // Not AddSerilog: that would let every level through, whatever Logging:LogLevel says.
        builder.Logging.AddProvider(new SerilogLoggerProvider(logger.CreateLogger(), dispose: true));
    }
}
