using RnnService.Engine.Kernels;
using RnnService.Models.Packages;

namespace RnnService.Serving.Registry;

/// <summary>
/// A version in memory with everything that answers requests: one capability or several, such as a
/// <see cref="Models.Decoding.TextGenerator"/>, as its task has them. Shared by all requests.
/// </summary>
/// <param name="key">name and version</param>
/// <param name="package">the model, whose weights must not change any more</param>
/// <param name="weights">how it keeps its weights in memory, where its task leaves the choice</param>
public sealed class LoadedModel(ModelKey key, ModelPackage package, WeightType weights = WeightType.Float32)
{
    readonly IReadOnlyList<object> _capabilities = ModelCapabilities.Of(package, weights);

    /// <summary>Name and version.</summary>
    public ModelKey Key => key;

    /// <summary>Whether the model has a capability.</summary>
    public bool Can<TCapability>()
        where TCapability : class => _capabilities.OfType<TCapability>().Any();

    /// <summary>The object that answers requests of a kind.</summary>
    /// <exception cref="ServingException">the model does another job (<see cref="ServingFailure.WrongTask"/>)</exception>
    public TCapability As<TCapability>()
        where TCapability : class =>
        _capabilities.OfType<TCapability>().FirstOrDefault() ?? throw new ServingException(ServingFailure.WrongTask,
            $"The model '{Key}' cannot {ModelCapabilities.JobOf(typeof(TCapability))}; it can {ModelCapabilities.Describe(_capabilities)}.");
}
