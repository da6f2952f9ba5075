namespace RnnService.Engine.Layers;

/// <summary>Dropout of a <see cref="RecurrentStack"/> in one pass: on its input and after every layer (Zaremba et al. 2014), never in the recurrence.</summary>
/// <param name="Rate">probability of dropping a unit, 0 (inclusive) to 1 (exclusive)</param>
/// <param name="Kind">how long a dropped unit stays dropped</param>
/// <param name="Seed">chooses the masks</param>
public readonly record struct StackDropout(float Rate, DropoutKind Kind, ulong Seed)
{
    /// <summary>Drops nothing.</summary>
    public static StackDropout None => default;

    /// <summary>Whether anything is dropped.</summary>
    public bool IsOn => Rate > 0;

    /// <summary>Drops in a sequence, or in the gradient of one; x and destination may be the same.</summary>
    /// <param name="place">0 for the input, l+1 for the outputs of layer l</param>
    /// <param name="steps">T</param>
    /// <param name="x">[T,B,*]</param>
    /// <param name="destination">[T,B,*]</param>
    public void Apply(int place, int steps, ReadOnlySpan<float> x, Span<float> destination)
    {
        int period = Kind == DropoutKind.Locked ? x.Length / steps : x.Length;
        new DropoutMask(Rate, Seed).For((ulong)place).Apply(x, period, destination);
    }
}
