using System.Runtime.CompilerServices;
using RnnService.Engine.Tensors;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Layers;

/// <summary>
/// Two recurrent layers over the same sequence, one of them from its end (Schuster and Paliwal 1997); an output is theirs side by side, as
/// <c>torch.nn.LSTM(bidirectional=True)</c>.
/// </summary>
/// <remarks>With few threads each direction has one to itself, so that they never wait for each other; with more, they share each layer's units.</remarks>
/// <param name="forward">reads forwards</param>
/// <param name="reverse">reads each row from its last step to its first</param>
sealed unsafe class BidirectionalLayer(RecurrentLayer forward, RecurrentLayer reverse)
{
    const int Directions = 2;

    // From here on two threads sharing each direction do more than one thread for each.
    const int ThreadsThatShare = 2 * Directions;

    readonly RecurrentLayer _forward = forward;
    readonly RecurrentLayer _reverse = reverse;

    int InputSize => _forward.InputSize;

    int HiddenSize => _forward.HiddenSize;

    /// <summary>Memory for passes with these tapes of the two directions.</summary>
    public BidirectionalTape CreateTape(RecurrentTape forward, RecurrentTape reverse) => new(forward, reverse, InputSize, HiddenSize);

    /// <summary>The arguments are checked already: no share of a job may throw.</summary>
    /// <param name="x">[T,B,I]</param>
    /// <param name="lengths">[B], each 0 to T, or empty</param>
    /// <param name="steps">T</param>
    /// <param name="tape">receives what the backward pass needs</param>
    /// <param name="output">[T,B,2H]</param>
    public void Forward(ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, int steps, BidirectionalTape tape, Span<float> output)
    {
        fixed (float* xPointer = x, outputPointer = output)
        fixed (int* lengthsPointer = lengths)
        {
            var batch = new SequenceBatch(steps, tape.Forward.BatchSize, lengthsPointer);
            var pass = new ForwardPass(this, batch, tape, xPointer, outputPointer);
            Run(pass);
        }
    }

    /// <summary>Adds to the gradients of both directions' parameters. The arguments are checked already.</summary>
    /// <param name="lengths">[B] as in the forward pass, or empty</param>
    /// <param name="x">[T,B,I] as in the forward pass</param>
    /// <param name="steps">T</param>
    /// <param name="tape">of the forward pass</param>
    /// <param name="dOutput">[T,B,2H]</param>
    /// <param name="dForward">gradient of the forward direction's last state; receives that of the initial one</param>
    /// <param name="dReverse">the same of the reverse direction, whose last state is that after the first step</param>
    /// <param name="dx">[T,B,I] receives the gradient of x; empty where nobody wants it</param>
    public void Backward(
        ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, int steps, BidirectionalTape tape,
        ReadOnlySpan<float> dOutput, LayerState dForward, LayerState dReverse, Span<float> dx)
    {
        fixed (float* xPointer = x, dOutputPointer = dOutput, dxPointer = dx)
        fixed (int* lengthsPointer = lengths)
        {
            var batch = new SequenceBatch(steps, tape.Forward.BatchSize, lengthsPointer);
            var pass = new BackwardPass(this, batch, tape, xPointer, dOutputPointer, dForward, dReverse, dxPointer);
            Run(pass);
            if (!dx.IsEmpty)
                batch.AddReversed(Columns(tape.DReversedInput, InputSize), new SequenceColumns(dxPointer, InputSize));
        }
    }

    static void Run<TPass>(TPass pass)
        where TPass : struct, IDirections
    {
        var job = new DirectionsJob<TPass>(pass);
        ComputeThreads.Run(ref job, ComputeThreads.Count < ThreadsThatShare ? Directions : 1);
    }

    /// <summary>One direction's half of a sequence [T,B,2H].</summary>
    SequenceColumns Half(float* sequence, int direction) => new(sequence + direction * HiddenSize, Directions * HiddenSize, HiddenSize);

    // The memory of tensors is pinned.
    static SequenceColumns Columns(Tensor tensor, int size) => Columns(tensor.Span, size);

    static SequenceColumns Columns(Span<float> pinned, int size) => new((float*)Unsafe.AsPointer(ref pinned[0]), size);

    /// <summary>A pass of both directions, which touch nothing in common but what they read.</summary>
    interface IDirections
    {
        void Forward();

        void Reverse();
    }

    readonly struct DirectionsJob<TPass>(TPass pass) : IParallelJob
        where TPass : struct, IDirections
    {
        public void Execute(int thread, int threads)
        {
            if (thread == 0)
                pass.Forward();
            if (thread == threads - 1)
                pass.Reverse();
        }
    }

    readonly struct ForwardPass(BidirectionalLayer layer, SequenceBatch batch, BidirectionalTape tape, float* x, float* output) : IDirections
    {
        public void Forward()
        {
            layer._forward.Forward(new(x, batch.Elements(layer.InputSize)), batch.Lengths, tape.Forward);
            batch.Copy(Columns(tape.Forward.Outputs(batch.Steps), layer.HiddenSize), layer.Half(output, 0));
        }

        public void Reverse()
        {
            batch.CopyReversed(new SequenceColumns(x, layer.InputSize), Columns(tape.ReversedInput, layer.InputSize));
            layer._reverse.Forward(tape.ReversedInput.Rows(0, batch.Steps), batch.Lengths, tape.Reverse);
            batch.CopyReversed(Columns(tape.Reverse.Outputs(batch.Steps), layer.HiddenSize), layer.Half(output, 1));
        }
    }

    readonly struct BackwardPass(
        BidirectionalLayer layer, SequenceBatch batch, BidirectionalTape tape, float* x, float* dOutput, LayerState dForward, LayerState dReverse, float* dx)
        : IDirections
    {
        public void Forward()
        {
            batch.Copy(layer.Half(dOutput, 0), Columns(tape.DForward, layer.HiddenSize));
            int elements = batch.Elements(layer.InputSize);
            layer._forward.Backward(
                new(x, elements), batch.Lengths, tape.Forward, tape.DForward.Rows(0, batch.Steps), dForward, dx == null ? [] : new(dx, elements));
        }

        public void Reverse()
        {
            batch.CopyReversed(layer.Half(dOutput, 1), Columns(tape.DReverse, layer.HiddenSize));
            layer._reverse.Backward(
                tape.ReversedInput.Rows(0, batch.Steps), batch.Lengths, tape.Reverse, tape.DReverse.Rows(0, batch.Steps), dReverse,
                dx == null ? [] : tape.DReversedInput.Rows(0, batch.Steps));
        }
    }
}
