namespace RnnService.Training.Experiments;

/// <summary>
/// The adding problem (Hochreiter and Schmidhuber 1997, in the form of Le, Jaitly and Hinton 2015): each step has a number drawn from 0 to 1
/// and a mark; two steps are marked, one in each half; the target is the sum of their numbers. Who answers 1 whatever was read has a mean
/// squared error of 1/6.
/// </summary>
/// <param name="length">T, 2 or more</param>
/// <param name="seed">the same seed gives the same sequences</param>
public sealed class AddingProblem(int length, ulong seed)
{
    /// <summary>I: the number and the mark.</summary>
    public const int InputSize = 2;

    SplitMix64 _random = new(seed);

    /// <summary>T.</summary>
    public int Length { get; } = length >= 2 ? length : throw new ArgumentOutOfRangeException(nameof(length), length, "expected 2 or more.");

    /// <summary>Draws the next sequences.</summary>
    /// <param name="x">[T,B,2] receives numbers and marks</param>
    /// <param name="targets">[B] receives the sums, 0 to 2</param>
    public void Draw(Span<float> x, Span<float> targets)
    {
        int batchSize = targets.Length, half = Length / 2;
        if (x.Length != Length * batchSize * InputSize)
            throw new ArgumentException($"expected {Length} x {batchSize} x {InputSize} elements, found {x.Length}.", nameof(x));
        for (int row = 0; row < batchSize; row++)
        {
            int first = _random.Below(half), second = half + _random.Below(Length - half);
            targets[row] = 0;
            for (int t = 0; t < Length; t++)
            {
                bool isMarked = t == first || t == second;
                float number = Fraction();
                var step = x.Slice((t * batchSize + row) * InputSize, InputSize);
                step[0] = number;
                step[1] = isMarked ? 1 : 0;
                targets[row] += isMarked ? number : 0;
            }
        }
    }

    // 24 bits: all a float below 1 holds.
    float Fraction() => (_random.Next() >> 40) * (1f / (1 << 24));
}
