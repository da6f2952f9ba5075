using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using RnnService.Api.Contracts;
using RnnService.Api.Observability;
using RnnService.Api.OpenApi;
using RnnService.Api.Validation;
using RnnService.Models.Packages;
using RnnService.Serving;
using RnnService.Serving.Registry;

namespace RnnService.Api.Hosting;

/// <summary>Everything the service is made of.</summary>
static class ServiceRegistration
{
    internal static void AddRnnService(this WebApplicationBuilder builder)
    {
        builder.AddServiceLogging();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Limits.BodyBytes;
        });
        builder.Services.AddWeb();
        builder.Services.AddServing(builder.Configuration);
    }

    static void AddWeb(this IServiceCollection services)
    {
        services.AddOpenApi(options =>
        {
            options.AddDocumentTransformer(OperationDescriptions.DescribeDocument);
            options.AddSchemaTransformer(SchemaDescriptions.DescribeType);
        });
        // Malformed requests must reach the problem table in every environment.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJsonContext.Default);
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            // Answers are JSON, never parts of a page: "don't" stays readable.
            options.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });
        services.AddSingleton<HttpMetrics>();
        services.AddSingleton(provider => new MetricsExposition(
            provider.GetRequiredService<HttpMetrics>().Meter, provider.GetRequiredService<ServingMetrics>().Meter));
    }

    static void AddServing(this IServiceCollection services, ConfigurationManager configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(ServingSettings.From(configuration));
        services.AddSingleton(provider => provider.GetRequiredService<ServingOptions>().Defaults);
        services.AddSingleton(_ => StorageLocations.From(configuration));
        services.AddSingleton(provider =>
        {
            var storage = provider.GetRequiredService<StorageLocations>();
            return new ModelRepository(storage.ShippedModels, storage.Models);
        });
        services.AddSingleton<IModelSource>(provider => new RepositoryModelSource(
            provider.GetRequiredService<ModelRepository>(), provider.GetRequiredService<ServingOptions>().WeightType));
        services.AddSingleton(provider => new ModelRegistry(
            provider.GetRequiredService<IModelSource>(), provider.GetRequiredService<ServingOptions>().Defaults.Names));
        services.AddSingleton<ModelAdministration>();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<ServingOptions>();
            return new ComputeGate(options.Concurrency > 0 ? options.Concurrency : Environment.ProcessorCount, options.QueueLength);
        });
        services.AddSingleton<ServingMetrics>();
        services.AddSingleton<PredictionService>();
        services.AddHostedService<ModelLoading>();
    }
}
