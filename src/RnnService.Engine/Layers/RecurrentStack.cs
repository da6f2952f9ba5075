using System.Diagnostics.CodeAnalysis;
using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>
/// Recurrent layers on top of each other, each reading the outputs of the one below, with dropout between them; as <c>torch.nn.LSTM</c>.
/// D is the number of directions: 2 where bidirectional, else 1.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "Stacked layers are what it is.")]
public sealed class RecurrentStack
{
    readonly RecurrentLayer[] _layers;
    readonly BidirectionalLayer[] _pairs;
    readonly int _directions;
    bool _isPacked, _isPackedForTraining;

    /// <param name="options">cell, layers, size and directions</param>
    /// <param name="inputSize">I</param>
    /// <param name="parameters">receives the parameters of all layers: <c>rnn.weight_ih_l0</c> and so on</param>
    /// <param name="prefix">what stands before their names</param>
    public RecurrentStack(RecurrentOptions options, int inputSize, ParameterSet parameters, string prefix = "rnn.")
    {
        options.Check();
        Options = options;
        _directions = options.Bidirectional ? 2 : 1;
        InputSize = inputSize;
        OutputSize = _directions * options.HiddenSize;
        _layers = new RecurrentLayer[options.Layers * _directions];
        for (int index = 0; index < _layers.Length; index++)
            _layers[index] = new RecurrentLayer(options, InputSizeOf(index / _directions), parameters, SuffixOf(index), prefix);
        _pairs = options.Bidirectional ? [.. _layers.Chunk(2).Select(pair => new BidirectionalLayer(pair[0], pair[1]))] : [];
    }

    /// <summary>What the stack is built of.</summary>
    public RecurrentOptions Options { get; }

    /// <summary>The layers, first layer first; where they have two directions, of each the forward one, then the reverse one.</summary>
    public IReadOnlyList<RecurrentLayer> Layers => _layers;

    /// <summary>I.</summary>
    public int InputSize { get; }

    /// <summary>O = D*H, elements of an output of a layer.</summary>
    public int OutputSize { get; }

    /// <summary>The layers with both their directions; empty where there is one.</summary>
    internal IReadOnlyList<BidirectionalLayer> Pairs => _pairs;

    /// <summary>Lays the weights out for the kernels; needed after they changed, before <see cref="Forward"/>.</summary>
    /// <param name="forTraining">whether <see cref="Backward"/> will be called too</param>
    /// <param name="weights">how they are kept; training needs <see cref="WeightType.Float32"/></param>
    /// <param name="mayNarrow">whether 16 bits will do where they hold the weights; not for what is packed anew at every step</param>
    /// <exception cref="ArgumentException">training with rounded weights</exception>
    public void Pack(bool forTraining, WeightType weights = WeightType.Float32, bool mayNarrow = true)
    {
        foreach (var layer in _layers)
            layer.Pack(forTraining, weights, mayNarrow);
        _isPacked = true;
        _isPackedForTraining |= forTraining;
    }

    /// <summary>Memory for passes over up to <paramref name="timeSteps"/> steps of <paramref name="batchSize"/> rows, in the zero state.</summary>
    /// <param name="timeSteps">T</param>
    /// <param name="batchSize">B</param>
    /// <param name="forTraining">whether there will be backward passes; <see cref="StackTape.KeepGates"/> can say so later</param>
    public StackTape CreateTape(int timeSteps, int batchSize, bool forTraining = true) => new(this, timeSteps, batchSize, forTraining);

    /// <summary>A zero state, or gradient of one, of <paramref name="batchSize"/> rows.</summary>
    public RecurrentState CreateState(int batchSize) => new(Layers.Select(layer => layer.CreateState(batchSize)));

    /// <summary>Computes the outputs of all layers from the initial states of the tape.</summary>
    /// <param name="x">[T,B,I] with T up to the tape's</param>
    /// <param name="lengths">[B] steps of each row, 0 to T, or empty: all of T. Past its last step a row repeats the last output of each
    /// direction and carries its state.</param>
    /// <param name="tape">receives what the backward pass needs; its <see cref="StackTape.Outputs(int)"/> are the result</param>
    /// <param name="dropout"><see cref="StackDropout.None"/> outside training</param>
    /// <param name="context">what the first layer reads at each step beside x; null for nothing, as in a bidirectional stack</param>
    /// <exception cref="InvalidOperationException"><see cref="Pack"/> was never called</exception>
    public void Forward(ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, StackTape tape, StackDropout dropout = default, ContextTape? context = null)
    {
        int steps = Throw.StepsOf(x, tape.BatchSize * InputSize, tape.TimeSteps);
        Throw.IfNotLengths(lengths, tape.BatchSize, steps);
        Throw.IfNotPacked(_isPacked);
        tape.Dropout = dropout;
        if (dropout.IsOn)
            dropout.Apply(0, steps, x, tape.Kept(0, steps));
        for (int layer = 0; layer < Options.Layers; layer++)
        {
            var input = InputOf(layer, steps, x, tape);
            if (Options.Bidirectional)
                _pairs[layer].Forward(input, lengths, steps, tape.Pairs[layer], tape.Kept(layer + 1, steps));
            else
                _layers[layer].Forward(input, lengths, tape.Layers[layer], layer == 0 ? context : null);
            if (dropout.IsOn || AddsInput(layer))
                dropout.Apply(layer + 1, steps, tape.Computed(layer, steps), tape.Kept(layer + 1, steps));
            if (AddsInput(layer))
                VectorKernel.Add(input, tape.Kept(layer + 1, steps));
        }
    }

    /// <summary>
    /// Gradients of a loss from those of the outputs. Needs the tape of the matching <see cref="Forward"/>, which it uses up, and
    /// <see cref="Pack"/> for training. Adds to the gradients of the parameters.
    /// </summary>
    /// <param name="x">[T,B,I] as in the forward pass</param>
    /// <param name="lengths">[B] as in the forward pass, or empty</param>
    /// <param name="tape">of the forward pass</param>
    /// <param name="dOutput">[T,B,O] gradient of the outputs</param>
    /// <param name="dState">gradient of the last states, receives that of the initial ones; null where neither is wanted: truncated backpropagation</param>
    /// <param name="dx">[T,B,I] receives the gradient of x; empty where nobody wants it</param>
    /// <param name="context">as in the forward pass</param>
    public void Backward(
        ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, StackTape tape, ReadOnlySpan<float> dOutput, RecurrentState? dState, Span<float> dx,
        ContextTape? context = null)
    {
        int steps = Throw.StepsOf(x, tape.BatchSize * InputSize, tape.TimeSteps);
        Throw.IfNotLengths(lengths, tape.BatchSize, steps);
        Throw.IfNotPacked(_isPackedForTraining);
        Throw.IfLengthsDiffer(steps * tape.BatchSize * OutputSize, dOutput.Length, nameof(dOutput));
        if (!dx.IsEmpty)
            Throw.IfLengthsDiffer(x.Length, dx.Length, nameof(dx));
        dState ??= tape.NoGradient();
        dState.CheckFits(tape, nameof(dState));
        var dropout = tape.Dropout;
        for (int layer = Options.Layers - 1; layer >= 0; layer--)
        {
            var input = InputOf(layer, steps, x, tape);
            var dInput = layer == 0 ? dx : tape.OutputGradient(layer - 1, steps);
            var dComputed = dOutput;
            if (dropout.IsOn)
            {
                var kept = tape.ComputedGradient(steps);
                dropout.Apply(layer + 1, steps, dOutput, kept);
                dComputed = kept;
            }
            if (Options.Bidirectional)
                _pairs[layer].Backward(
                    input, lengths, steps, tape.Pairs[layer], dComputed, dState.Layers[2 * layer], dState.Layers[2 * layer + 1], dInput);
            else
                _layers[layer].Backward(input, lengths, tape.Layers[layer], dComputed, dState.Layers[layer], dInput, layer == 0 ? context : null);
            if (AddsInput(layer))
                VectorKernel.Add(dOutput, dInput);
            dOutput = dInput;
        }
        if (dropout.IsOn && !dx.IsEmpty)
            dropout.Apply(0, steps, dx, dx);
    }

    /// <summary>Whether a layer's outputs, after dropout, have its inputs added.</summary>
    internal bool AddsInput(int layer) => Options.Residual && layer > 0;

    /// <summary>Elements of an input of a layer.</summary>
    internal int InputSizeOf(int layer) => layer == 0 ? InputSize : OutputSize;

    /// <summary>What follows the names of what belongs to one of <see cref="Layers"/>, as in PyTorch.</summary>
    internal string SuffixOf(int index) => index % _directions == 0 ? $"_l{index / _directions}" : $"_l{index / _directions}_reverse";

    static ReadOnlySpan<float> InputOf(int layer, int steps, ReadOnlySpan<float> x, StackTape tape)
    {
        if (layer > 0)
            return tape.Outputs(layer - 1, steps);
        return tape.Dropout.IsOn ? tape.Kept(0, steps) : x;
    }
}
