using RnnService.Engine.Kernels;
using RnnService.Serving;

namespace RnnService.Api.Hosting;

/// <summary>Reads the <c>Serving</c> section of the settings.</summary>
static class ServingSettings
{
    /// <exception cref="InvalidOperationException">a value is not of the setting's kind</exception>
    internal static ServingOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Serving");
        string? weights = section[nameof(ServingOptions.WeightType)];
        // The binder would take numbers for names, and says nothing of what it expects.
        if (weights is not null && !Enum.GetNames<WeightType>().Contains(weights, StringComparer.OrdinalIgnoreCase))
            throw new InvalidOperationException($"Serving:WeightType is '{weights}', expected float32 or int8.");
        return section.Get<ServingOptions>() ?? new ServingOptions();
    }
}
