using RnnService.Engine.Kernels;

namespace RnnService.Engine.Layers;

/// <summary>Sequences of a pass, side by side and time-major, and how they are read from their ends: each within its own length.</summary>
/// <param name="steps">T</param>
/// <param name="batchSize">B</param>
/// <param name="lengths">[B] pinned, or null: all of T</param>
readonly unsafe struct SequenceBatch(int steps, int batchSize, int* lengths)
{
    /// <summary>T.</summary>
    public int Steps => steps;

    /// <summary>[B] or empty.</summary>
    public ReadOnlySpan<int> Lengths => lengths == null ? [] : new(lengths, batchSize);

    /// <summary>Elements of [T,B,<paramref name="size"/>].</summary>
    public int Elements(int size) => steps * batchSize * size;

    /// <summary>Copies steps in their order.</summary>
    public void Copy(SequenceColumns source, SequenceColumns destination)
    {
        for (int index = 0; index < steps * batchSize; index++)
            source[index].CopyTo(destination[index]);
    }

    /// <summary>Copies steps from the last to the first; those past a row's length stay where they are.</summary>
    public void CopyReversed(SequenceColumns source, SequenceColumns destination)
    {
        for (int index = 0; index < steps * batchSize; index++)
            source[Reversed(index)].CopyTo(destination[index]);
    }

    /// <summary>Adds steps from the last to the first; those past a row's length stay where they are.</summary>
    public void AddReversed(SequenceColumns source, SequenceColumns destination)
    {
        for (int index = 0; index < steps * batchSize; index++)
            VectorKernel.Add(source[Reversed(index)], destination[index]);
    }

    int Reversed(int index)
    {
        var (t, row) = Math.DivRem(index, batchSize);
        int length = lengths == null ? steps : lengths[row];
        return t < length ? (length - 1 - t) * batchSize + row : index;
    }
}
