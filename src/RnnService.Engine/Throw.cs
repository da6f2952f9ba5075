using System.Diagnostics.CodeAnalysis;
using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;

namespace RnnService.Engine;

/// <summary>Every exception of the engine, named by cause; messages give what was found and what was expected.</summary>
static class Throw
{
    [DoesNotReturn]
    internal static void Rank(int rank) =>
        throw new ArgumentException($"A shape has one to four dimensions; found {rank}.");

    [DoesNotReturn]
    internal static void NegativeSize(int size) =>
        throw new ArgumentException($"A size is zero or more; found {size}.");

    [DoesNotReturn]
    internal static void TooManyElements(long length) => throw new TensorTooLargeException(length);

    internal static void IfShapesDiffer(Shape expected, Shape found, string what)
    {
        if (expected != found)
            throw new ArgumentException($"{what}: expected shape {expected}, found {found}.");
    }

    internal static void IfLengthsDiffer(int expected, int found, string what)
    {
        if (expected != found)
            throw new ArgumentException($"{what}: expected {expected} elements, found {found}.");
    }

    internal static void IfNotPositive(int value, string what)
    {
        if (value <= 0)
            throw new ArgumentOutOfRangeException(what, value, $"{what} must be 1 or more; found {value}.");
    }

    internal static void IfOverlapIsShifted(ReadOnlySpan<float> source, ReadOnlySpan<float> destination, string what)
    {
        if (source.Overlaps(destination, out int offset) && offset != 0)
            throw new ArgumentException($"{what}: overlaps the source {offset} elements from its start; expected the same start or no overlap.");
    }

    internal static void IfOverlaps(ReadOnlySpan<float> source, ReadOnlySpan<float> destination, string what)
    {
        if (source.Overlaps(destination))
            throw new ArgumentException($"{what}: overlaps the source; expected separate memory.");
    }

    internal static void IfNotWholeRows(int length, int rowLength, string what)
    {
        if (rowLength == 0 || length % rowLength != 0)
            throw new ArgumentException($"{what}: expected whole rows of {rowLength} elements, found {length} elements.");
    }

    [DoesNotReturn]
    internal static void Target(int target, int classCount) =>
        throw new ArgumentOutOfRangeException(nameof(target), target, $"A target is below {classCount}, the number of classes; found {target}.");

    internal static void IfNotPacked(PackedWeights weights) => IfNotPacked(weights.Columns != 0);

    internal static void IfNotPacked(bool isPacked)
    {
        if (!isPacked)
            throw new InvalidOperationException("The weights are not laid out for this pass; expected a call of Pack before it.");
    }

    internal static void IfGatesAreNotKept(RecurrentTape tape)
    {
        if (tape.GateSteps < tape.TimeSteps)
            throw new InvalidOperationException($"The tape has the gates of {tape.GateSteps} of {tape.TimeSteps} steps; expected a call of KeepGates before the forward pass.");
    }

    internal static void IfRounded(WeightType weights, bool forTraining)
    {
        if (forTraining && weights != WeightType.Float32)
            throw new ArgumentException($"weights: found {weights}, expected {WeightType.Float32} for training.");
    }

    internal static void IfOtherCell(RecurrentCell expected, RecurrentCell found, string what)
    {
        if (expected.GetType() != found.GetType())
            throw new ArgumentException($"{what}: made for {found.GetType().Name}, expected one for {expected.GetType().Name}.");
    }

    internal static void IfBidirectional(RecurrentOptions options)
    {
        if (options.Bidirectional)
            throw new InvalidOperationException("A bidirectional stack reads whole sequences: it has no state to carry to the next window.");
    }

    internal static void IfNotLengths(ReadOnlySpan<int> lengths, int batchSize, int steps)
    {
        if (lengths.IsEmpty)
            return;
        IfLengthsDiffer(batchSize, lengths.Length, nameof(lengths));
        for (int row = 0; row < lengths.Length; row++)
        {
            if (lengths[row] < 0 || lengths[row] > steps)
                throw new ArgumentOutOfRangeException(nameof(lengths), lengths[row], $"length of row {row}: expected 0 to {steps}, found {lengths[row]}.");
        }
    }

    internal static void IfOutside(int least, int most, int value, string what)
    {
        if (value < least || value > most)
            throw new ArgumentOutOfRangeException(what, value, $"{what} must be from {least} to {most}; found {value}.");
    }

    internal static void IfNotOfCell<T>(bool isSet, string what, T value, CellKind owner, CellKind cell)
    {
        if (isSet && cell != owner)
            throw new ArgumentException($"{what}: {value} is of cell {owner}; found cell {cell}.");
    }

    /// <summary>The number of steps of a sequence x [T,B,I], checked to be 1 to the most a tape holds.</summary>
    internal static int StepsOf(ReadOnlySpan<float> x, int stepLength, int most)
    {
        IfNotWholeRows(x.Length, stepLength, nameof(x));
        int steps = x.Length / stepLength;
        if (steps < 1 || steps > most)
            throw new ArgumentException($"{nameof(x)}: expected 1 to {most} steps of {stepLength} elements, found {steps}.");
        return steps;
    }

    internal static void IfOtherSet(ParameterSet expected, ParameterSet found)
    {
        if (!ReferenceEquals(expected, found))
            throw new ArgumentException("An optimizer steps the parameter set it was made for; found another.");
    }

    internal static void IfNotFraction(double value, string what)
    {
        if (!(value >= 0 && value < 1))
            throw new ArgumentOutOfRangeException(what, value, $"{what} must be from 0 to below 1; found {value}.");
    }

    internal static void IfNegative(double value, string what)
    {
        if (!(value >= 0))
            throw new ArgumentOutOfRangeException(what, value, $"{what} must be 0 or more; found {value}.");
    }

    internal static void IfNotPositive(double value, string what)
    {
        if (!(value > 0))
            throw new ArgumentOutOfRangeException(what, value, $"{what} must be more than 0; found {value}.");
    }
}
