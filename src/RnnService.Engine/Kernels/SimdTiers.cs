using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RnnService.Engine.Kernels;

/// <summary>Picks the tier once: the best the processor has, or the one named by the environment variable <c>RNN_SIMD</c>.</summary>
public static class SimdTiers
{
    /// <summary>The environment variable that forces a tier: <c>avx512</c>, <c>avx2</c>, <c>vector128</c> or <c>scalar</c>.</summary>
    public const string Variable = "RNN_SIMD";

    static SimdTier s_current = Choose(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The tier every kernel uses.</summary>
    public static SimdTier Current => s_current;

    /// <summary>The tiers this processor runs in hardware, best first; <see cref="SimdTier.Scalar"/> is always among them.</summary>
    public static IReadOnlyList<SimdTier> Supported { get; } = [.. Enum.GetValues<SimdTier>().Where(IsSupported)];

    /// <summary>One line for logs: the tier, its lanes, and whether it was forced.</summary>
    public static string Describe()
    {
        string? forced = Environment.GetEnvironmentVariable(Variable);
        string origin = string.IsNullOrEmpty(forced) ? "best of this processor" : $"forced by {Variable}={forced}";
        return $"{Current} ({LaneCount(Current)} float lanes, {origin})";
    }

    /// <summary>Number of floats in one vector of a tier.</summary>
    public static int LaneCount(SimdTier tier) => tier switch
    {
        SimdTier.Avx512 => Lanes512.Width,
        SimdTier.Avx2 => Lanes256.Width,
        SimdTier.Vector128 => Lanes128.Width,
        _ => ScalarLanes.Width,
    };

    /// <summary>The tier a setting asks for; null or empty asks for the best.</summary>
    /// <exception cref="PlatformNotSupportedException">the processor lacks it; the message lists what it has</exception>
    /// <exception cref="ArgumentException">no such tier; the message lists the names</exception>
    internal static SimdTier Choose(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
            return Enum.GetValues<SimdTier>().First(IsSupported);
        if (!Enum.TryParse(setting, ignoreCase: true, out SimdTier tier) || !Enum.IsDefined(tier))
            throw new ArgumentException($"{Variable}: found '{setting}', expected one of {Names(Enum.GetValues<SimdTier>())}.");
        if (!IsSupported(tier))
        {
            throw new PlatformNotSupportedException(
                $"{Variable}: this processor does not run '{setting}'; it runs {Names(Enum.GetValues<SimdTier>().Where(IsSupported))}.");
        }
        return tier;
    }

    /// <summary>
    /// Runs all kernels on another tier until disposed, also on one the processor lacks (the runtime then computes the wide vectors from
    /// narrower ones: right, but slow). For tests and benchmarks; not while other threads compute.
    /// </summary>
    internal static IDisposable Use(SimdTier tier)
    {
        var previous = s_current;
        s_current = tier;
        return new Restore(previous);
    }

    static bool IsSupported(SimdTier tier) => tier switch
    {
        // Not Avx512F.IsSupported: the runtime may have 512-bit vectors and prefer not to use them.
        SimdTier.Avx512 => Vector512.IsHardwareAccelerated,
        SimdTier.Avx2 => Vector256.IsHardwareAccelerated && Fma.IsSupported,
        SimdTier.Vector128 => Vector128.IsHardwareAccelerated,
        _ => true,
    };

    static string Names(IEnumerable<SimdTier> tiers) => string.Join(", ", tiers.Select(tier => tier.ToString().ToLowerInvariant()));

    sealed class Restore(SimdTier previous) : IDisposable
    {
        public void Dispose() => s_current = previous;
    }
}
