using RnnService.Models.Text;

namespace RnnService.Training.Data;

/// <summary>
/// Cuts a token stream of n tokens into B columns read side by side and T time steps at once: column b holds predictions
/// b*L to (b+1)*L-1 of the stream's n-1, L = ceil((n-1)/B). Every token but the first is predicted exactly once; the last column is filled
/// up with uncounted places.
/// </summary>
public sealed class BpttBatches
{
    /// <summary>A target that is not counted.</summary>
    public const int NoTarget = -1;

    readonly ReadOnlyMemory<int> _stream;
    readonly int _columnLength;

    /// <param name="stream">token ids, two or more</param>
    /// <param name="batchSize">B</param>
    /// <param name="timeSteps">T</param>
    public BpttBatches(ReadOnlyMemory<int> stream, int batchSize, int timeSteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stream.Length, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(timeSteps);
        _stream = stream;
        BatchSize = batchSize;
        TimeSteps = timeSteps;
        _columnLength = CeilingDivide(stream.Length - 1, batchSize);
        WindowCount = CeilingDivide(_columnLength, timeSteps);
    }

    /// <summary>B.</summary>
    public int BatchSize { get; }

    /// <summary>T; the last window can be shorter.</summary>
    public int TimeSteps { get; }

    /// <summary>Number of windows.</summary>
    public int WindowCount { get; }

    /// <summary>Number of counted targets in all windows.</summary>
    public int PredictionCount => _stream.Length - 1;

    /// <summary>Writes a window, time-major: time step t of column b is at t*B+b.</summary>
    /// <param name="window">0 to <see cref="WindowCount"/> - 1</param>
    /// <param name="inputs">receives token ids, [T,B]</param>
    /// <param name="targets">receives the tokens after them, [T,B]; <see cref="NoTarget"/> past the end of the stream</param>
    /// <returns>the window's time steps, T or fewer</returns>
    public int Fill(int window, Span<int> inputs, Span<int> targets)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)window, (uint)WindowCount, nameof(window));
        var tokens = _stream.Span;
        int start = window * TimeSteps;
        int steps = Math.Min(TimeSteps, _columnLength - start);
        for (int t = 0; t < steps; t++)
        {
            for (int b = 0; b < BatchSize; b++)
            {
                int place = t * BatchSize + b;
                long position = (long)b * _columnLength + start + t;
                bool inside = position < tokens.Length - 1;
                inputs[place] = inside ? tokens[(int)position] : Vocabulary.PadId;
                targets[place] = inside ? tokens[(int)position + 1] : NoTarget;
            }
        }
        return steps;
    }

    static int CeilingDivide(int dividend, int divisor) => (dividend + divisor - 1) / divisor;
}
