using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>What the forward pass of a <see cref="BidirectionalLayer"/> keeps for its backward pass.</summary>
/// <param name="forward">of the direction that reads forwards</param>
/// <param name="reverse">of the direction that reads from the end: its step 0 is the last one of a row</param>
/// <param name="inputSize">I</param>
/// <param name="hiddenSize">H</param>
sealed class BidirectionalTape(RecurrentTape forward, RecurrentTape reverse, int inputSize, int hiddenSize)
{
    Tensor? _dForward, _dReverse, _dReversedInput;

    /// <summary>Of the direction that reads forwards.</summary>
    public RecurrentTape Forward => forward;

    /// <summary>Of the direction that reads from the end.</summary>
    public RecurrentTape Reverse => reverse;

    /// <summary>[T,B,I] the input from its end.</summary>
    public Tensor ReversedInput { get; } = Sequence(forward, inputSize);

    /// <summary>[T,B,H] gradient of the forward direction's outputs.</summary>
    public Tensor DForward => _dForward ??= Sequence(forward, hiddenSize);

    /// <summary>[T,B,H] gradient of the reverse direction's outputs, in its order.</summary>
    public Tensor DReverse => _dReverse ??= Sequence(forward, hiddenSize);

    /// <summary>[T,B,I] gradient of <see cref="ReversedInput"/>.</summary>
    public Tensor DReversedInput => _dReversedInput ??= Sequence(forward, inputSize);

    static Tensor Sequence(RecurrentTape tape, int size) => new(tape.TimeSteps, tape.BatchSize, size);
}
