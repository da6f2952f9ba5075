using RnnService.Engine.Kernels;

namespace RnnService.Engine.Tests.Support;

/// <summary>
/// All tiers as theory data: tests run on each, also on those this machine computes from narrower vectors.
/// Classes that switch tiers belong to <see cref="Collection"/>, which never runs beside other tests.
/// </summary>
sealed class Tiers : TheoryData<SimdTier>
{
    internal const string Collection = "switches the SIMD tier or the thread count";

    public Tiers() => AddRange(Enum.GetValues<SimdTier>());
}

[CollectionDefinition(Tiers.Collection, DisableParallelization = true)]
public sealed class TierSwitchingTests;
