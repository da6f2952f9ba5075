using System.Diagnostics.CodeAnalysis;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>Recurrent layers on top of each other, each reading the outputs of the one below, with dropout between them; as <c>torch.nn.LSTM</c>.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "Stacked layers are what it is.")]
public sealed class RecurrentStack
{
    readonly RecurrentLayer[] _layers;

    /// <param name="options">cell, layers and size</param>
    /// <param name="inputSize">I</param>
    /// <param name="parameters">receives the parameters of all layers: <c>rnn.weight_ih_l0</c> and so on</param>
    /// <param name="prefix">what stands before their names</param>
    public RecurrentStack(RecurrentOptions options, int inputSize, ParameterSet parameters, string prefix = "rnn.")
    {
        Throw.IfNotPositive(options.Layers, nameof(options.Layers));
        Options = options;
        _layers = [.. Enumerable.Range(0, options.Layers).Select(index =>
            new RecurrentLayer(options, index == 0 ? inputSize : options.HiddenSize, parameters, $"_l{index}", prefix))];
    }

    /// <summary>What the stack is built of.</summary>
    public RecurrentOptions Options { get; }

    /// <summary>The layers, first layer first.</summary>
    public IReadOnlyList<RecurrentLayer> Layers => _layers;

    /// <summary>I.</summary>
    public int InputSize => _layers[0].InputSize;

    /// <summary>O, elements of an output of the top layer.</summary>
    public int OutputSize => _layers[^1].HiddenSize;

    /// <summary>Lays the weights out for the kernels; needed after they changed, before <see cref="Forward"/>.</summary>
    /// <param name="forTraining">whether <see cref="Backward"/> will be called too</param>
    public void Pack(bool forTraining)
    {
        foreach (var layer in _layers)
            layer.Pack(forTraining);
    }

    /// <summary>Memory for passes over up to <paramref name="timeSteps"/> steps of <paramref name="batchSize"/> rows, in the zero state.</summary>
    public StackTape CreateTape(int timeSteps, int batchSize) => new(this, timeSteps, batchSize);

    /// <summary>A zero state, or gradient of one, of <paramref name="batchSize"/> rows.</summary>
    public RecurrentState CreateState(int batchSize) => new(Layers.Select(layer => layer.CreateState(batchSize)));

    /// <summary>Computes the outputs of all layers from the initial states of the tape.</summary>
    /// <param name="x">[T,B,I] with T up to the tape's</param>
    /// <param name="lengths">[B] steps of each row, or empty: all of T. After its last step a row repeats its last output and state.</param>
    /// <param name="tape">receives what the backward pass needs; its <see cref="StackTape.Outputs(int)"/> are the result</param>
    /// <param name="dropout"><see cref="StackDropout.None"/> outside training</param>
    /// <exception cref="InvalidOperationException"><see cref="Pack"/> was never called</exception>
    public void Forward(ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, StackTape tape, StackDropout dropout = default)
    {
        int steps = Throw.StepsOf(x, tape.BatchSize * InputSize, tape.TimeSteps);
        tape.Dropout = dropout;
        if (dropout.IsOn)
            dropout.Apply(0, steps, x, tape.Dropped(0, steps));
        for (int index = 0; index < _layers.Length; index++)
        {
            _layers[index].Forward(InputOf(index, steps, x, tape), lengths, tape.Layers[index]);
            if (dropout.IsOn)
                dropout.Apply(index + 1, steps, tape.Layers[index].Outputs(steps), tape.Dropped(index + 1, steps));
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
    public void Backward(
        ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, StackTape tape, ReadOnlySpan<float> dOutput, RecurrentState? dState, Span<float> dx)
    {
        int steps = Throw.StepsOf(x, tape.BatchSize * InputSize, tape.TimeSteps);
        Throw.IfLengthsDiffer(steps * tape.BatchSize * OutputSize, dOutput.Length, nameof(dOutput));
        var dropout = tape.Dropout;
        dState ??= tape.NoGradient();
        for (int index = _layers.Length - 1; index >= 0; index--)
        {
            if (dropout.IsOn)
            {
                var kept = tape.OutputGradient(index, steps);
                dropout.Apply(index + 1, steps, dOutput, kept);
                dOutput = kept;
            }
            var dInput = index == 0 ? dx : tape.OutputGradient(index - 1, steps);
            _layers[index].Backward(InputOf(index, steps, x, tape), lengths, tape.Layers[index], dOutput, dState.Layers[index], dInput);
            dOutput = dInput;
        }
        if (dropout.IsOn && !dx.IsEmpty)
            dropout.Apply(0, steps, dx, dx);
    }

    static ReadOnlySpan<float> InputOf(int layer, int steps, ReadOnlySpan<float> x, StackTape tape)
    {
        if (layer > 0)
            return tape.Outputs(layer - 1, steps);
        return tape.Dropout.IsOn ? tape.Dropped(0, steps) : x;
    }
}
