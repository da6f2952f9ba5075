namespace RnnService.Engine.Layers;

/// <summary>
/// Which units are dropped: a pure function of a seed and a position, so that nothing is stored between the passes and an interrupted
/// training repeats it.
/// </summary>
/// <param name="Rate">probability of dropping, 0 (inclusive) to 1 (exclusive)</param>
/// <param name="Seed">chooses the mask</param>
public readonly record struct DropoutMask(float Rate, ulong Seed)
{
    /// <summary>Drops nothing.</summary>
    public static DropoutMask None => default;

    /// <summary>A mask of the same rate for another layer.</summary>
    public DropoutMask For(ulong layer) => this with { Seed = Mix(Seed ^ Mix(layer)) };

    /// <summary>0 where the unit is dropped, 1 / (1 - rate) where it is kept.</summary>
    public float ScaleAt(ulong position)
    {
        if (Rate <= 0)
            return 1f;
        return Bits(position) < Threshold ? 0f : 1f / (1f - Rate);
    }

    /// <summary>y = x * scale, position by position; x and y may be the same.</summary>
    /// <param name="x">[rows of the mask's period..., any number of them]</param>
    /// <param name="period">after how many elements the mask repeats: the length of x for a mask of its own at each step, B*H for the
    /// locked kind, the same at every step (Gal and Ghahramani 2016)</param>
    /// <param name="destination">as long as x</param>
    public void Apply(ReadOnlySpan<float> x, int period, Span<float> destination)
    {
        Throw.IfLengthsDiffer(x.Length, destination.Length, nameof(destination));
        Throw.IfNotPositive(period, nameof(period));
        if (Rate <= 0)
        {
            x.CopyTo(destination);
            return;
        }
        float kept = 1f / (1f - Rate);
        uint threshold = Threshold;
        for (int start = 0; start < x.Length; start += period)
        {
            int length = Math.Min(period, x.Length - start);
            var source = x.Slice(start, length);
            var target = destination.Slice(start, length);
            for (int index = 0; index < length; index += 4)
            {
                ulong bits = Mix(Seed + (ulong)(index >> 2) * Step);
                for (int lane = index; lane < Math.Min(index + 4, length); lane++, bits >>= 16)
                    target[lane] = (uint)(bits & 0xFFFF) < threshold ? 0f : source[lane] * kept;
            }
        }
    }

    const ulong Step = 0x9E3779B97F4A7C15;

    uint Threshold => (uint)MathF.Round(Rate * 65536f);

    uint Bits(ulong position) => (uint)(Mix(Seed + (position >> 2) * Step) >> (16 * (int)(position & 3))) & 0xFFFF;

    /// <summary>The finaliser of SplitMix64 (Steele, Lea and Flood 2014).</summary>
    static ulong Mix(ulong value)
    {
        value += Step;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
