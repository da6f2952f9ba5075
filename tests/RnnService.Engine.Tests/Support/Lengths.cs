namespace RnnService.Engine.Tests.Support;

/// <summary>Vector lengths worth trying: every one up to 256, so that each remainder of every width meets each loop.</summary>
static class Lengths
{
    internal static IEnumerable<int> UpTo256 => Enumerable.Range(0, 257);

    /// <summary>A few lengths around the borders of vectors and blocks, for kernels that are slow to check.</summary>
    internal static IReadOnlyList<int> Few { get; } = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 255, 256];
}
