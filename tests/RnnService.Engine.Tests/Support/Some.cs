namespace RnnService.Engine.Tests.Support;

/// <summary>Values for tests: deterministic, spread, and never all alike.</summary>
static class Some
{
    /// <summary>Uniform floats from -<paramref name="scale"/> to <paramref name="scale"/>.</summary>
    internal static float[] Floats(int count, int seed = 1, float scale = 1f)
    {
        // Small own generator (a multiplicative congruential step), so that numbers never change with the runtime.
        ulong state = (ulong)seed * 0x9E3779B97F4A7C15UL + 1;
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            state = state * 6364136223846793005UL + 1442695040888963407UL;
            values[i] = ((state >> 40) / (float)(1 << 23) - 1f) * scale;
        }
        return values;
    }

    /// <summary>The same, rounded to what 16 bits hold.</summary>
    internal static float[] Halves(int count, int seed = 1) => [.. Floats(count, seed).Select(value => (float)(Half)value)];

    /// <summary>Fills a tensor with <see cref="Floats"/>.</summary>
    internal static void Fill(Span<float> destination, int seed = 1, float scale = 1f) =>
        Floats(destination.Length, seed, scale).CopyTo(destination);
}
