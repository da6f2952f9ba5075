namespace RnnService.Training;

/// <summary>
/// A small random source whose numbers are fixed by its definition (Steele, Lea and Flood 2014), so that a seed means the same order on
/// every platform and in every release.
/// </summary>
public struct SplitMix64(ulong seed)
{
    ulong _state = seed;

    /// <summary>A seed for one use (a step, an epoch) of a common seed.</summary>
    public static ulong Derive(long seed, ulong stream, long index)
    {
        var mixed = new SplitMix64(unchecked((ulong)seed * 0x9E3779B97F4A7C15 ^ stream));
        return new SplitMix64(mixed.Next() ^ (ulong)index).Next();
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        ulong z = unchecked(_state += 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }

    /// <summary>A random whole number from 0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);
}
