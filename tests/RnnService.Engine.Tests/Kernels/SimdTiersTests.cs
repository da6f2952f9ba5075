using RnnService.Engine.Kernels;

namespace RnnService.Engine.Tests.Kernels;

public sealed class SimdTiersTests
{
    /// <summary>Set by <see cref="ForcedTierTests"/> for the processes it starts.</summary>
    internal const string ExpectedTier = "RNN_TESTS_EXPECTED_TIER";

    [Fact]
    public void Current_AtStart_IsTheForcedTierOrTheBest()
    {
        string? expected = Environment.GetEnvironmentVariable(ExpectedTier);
        var chosen = SimdTiers.Choose(Environment.GetEnvironmentVariable(SimdTiers.Variable));
        Assert.Equal(expected ?? chosen.ToString(), SimdTiers.Current.ToString());
        Assert.StartsWith($"{SimdTiers.Current} ({SimdTiers.LaneCount(SimdTiers.Current)} float lanes, ", SimdTiers.Describe(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Choose_NothingAskedFor_IsTheBest(string? setting) => Assert.Equal(SimdTiers.Supported[0], SimdTiers.Choose(setting));

    [Fact]
    public void Choose_SupportedNameInAnyCase_IsThatTier()
    {
        foreach (var tier in SimdTiers.Supported)
            Assert.Equal(tier, SimdTiers.Choose(tier.ToString().ToUpperInvariant()));
        Assert.Equal(SimdTier.Scalar, SimdTiers.Choose("scalar"));
    }

    [Theory]
    [InlineData("avx3")]
    [InlineData("7")]
    public void Choose_UnknownName_ListsTheNames(string setting) => Assert.Equal(
        $"RNN_SIMD: found '{setting}', expected one of avx512, avx2, vector128, scalar.",
        Assert.Throws<ArgumentException>(() => SimdTiers.Choose(setting)).Message);

    [Fact]
    public void Choose_TierTheProcessorLacks_ListsWhatItHas()
    {
        var missing = Enum.GetValues<SimdTier>().Except(SimdTiers.Supported).ToArray();
        Assert.SkipWhen(missing.Length == 0, "this processor runs every tier");
        var error = Assert.Throws<PlatformNotSupportedException>(() => SimdTiers.Choose(missing[0].ToString()));
        Assert.EndsWith("scalar.", error.Message, StringComparison.Ordinal);
    }
}
