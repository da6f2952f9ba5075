using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Tests.Support;

/// <summary>A stack of layers, its inputs, and a loss: outputs and last states weighted by fixed numbers.</summary>
sealed class StackRun
{
    readonly int _timeSteps;
    readonly int[] _lengths;
    readonly float[] _outputWeights;
    readonly RecurrentState _stateWeights;

    /// <param name="options">of the stack</param>
    /// <param name="timeSteps">T</param>
    /// <param name="batchSize">B</param>
    /// <param name="inputSize">I</param>
    /// <param name="lengths">[B] or empty</param>
    /// <param name="room">how many more steps than T the tape has memory for</param>
    internal StackRun(RecurrentOptions options, int timeSteps, int batchSize, int inputSize, int[] lengths, int room = 0)
    {
        _timeSteps = timeSteps;
        _lengths = lengths;
        Stack = new RecurrentStack(options, inputSize, Parameters);
        Tape = Stack.CreateTape(timeSteps + room, batchSize);
        X = Tensor.From(Some.Floats(timeSteps * batchSize * inputSize, seed: 31), new Shape(timeSteps, batchSize, inputSize));
        Dx = new Tensor(X.Shape);
        State = Filled(seed: 32, scale: 1f);
        _stateWeights = Filled(seed: 62, scale: 2f);
        DState = Stack.CreateState(batchSize);
        _outputWeights = Some.Floats(timeSteps * batchSize * Stack.OutputSize, seed: 92, scale: 2f);
        int seed = 0;
        foreach (var parameter in Parameters)
            Some.Fill(parameter.Value.Span, ++seed, 2f / MathF.Sqrt(options.HiddenSize));
        if (options.Activation == CellActivation.Relu)
            KeepFromTheKink();
    }

    internal ParameterSet Parameters { get; } = new();
    internal RecurrentStack Stack { get; }
    internal StackTape Tape { get; }
    internal Tensor X { get; }
    internal Tensor Dx { get; }

    /// <summary>The initial one.</summary>
    internal RecurrentState State { get; }
    internal RecurrentState DState { get; }

    /// <summary>Of the next forward pass.</summary>
    internal StackDropout Dropout { get; set; }
    internal ReadOnlySpan<float> Output => Tape.Outputs(_timeSteps);

    internal void Forward()
    {
        Tape.SetState(State);
        Stack.Pack(forTraining: true);
        Stack.Forward(X.Span, _lengths, Tape, Dropout);
    }

    internal void Backward()
    {
        foreach (var (weights, gradient) in Tensors(_stateWeights).Zip(Tensors(DState)))
            weights.Span.CopyTo(gradient.Span);
        Stack.Backward(X.Span, _lengths, Tape, _outputWeights, DState, Dx.Span);
    }

    /// <summary>Both passes once more, on the memory of the first.</summary>
    internal void RepeatPasses()
    {
        Stack.Forward(X.Span, _lengths, Tape, Dropout);
        Stack.Backward(X.Span, _lengths, Tape, _outputWeights, DState, Dx.Span);
    }

    /// <summary>Of a forward pass at the present values.</summary>
    internal double Loss()
    {
        Forward();
        return Dot(_outputWeights, Output) + Tensors(_stateWeights).Zip(Tensors(LastState()), (x, y) => Dot(x.Span, y.Span)).Sum();
    }

    internal RecurrentState LastState()
    {
        var last = Stack.CreateState(Tape.BatchSize);
        Tape.CopyState(_timeSteps, last);
        return last;
    }

    /// <summary>Checks every gradient of the loss.</summary>
    internal void CheckGradients(double tolerance)
    {
        Forward();
        Backward();
        GradientCheck.Run("x", X, Dx, Loss, tolerance);
        foreach (var (index, (value, gradient)) in Tensors(State).Zip(Tensors(DState)).Index())
            GradientCheck.Run($"initial state {index}", value, gradient, Loss, tolerance);
        foreach (var parameter in Parameters)
            GradientCheck.Run(parameter.Name, parameter.Value, parameter.Gradient, Loss, tolerance);
    }

    /// <summary>Hidden and cell states of all layers.</summary>
    internal static IEnumerable<Tensor> Tensors(RecurrentState state) =>
        state.Layers.SelectMany(Tensors);

    internal static IEnumerable<Tensor> Tensors(LayerState layer) => layer.Cell is { } cell ? [layer.Hidden, cell] : [layer.Hidden];

    /// <summary>Small weights and a large bias: every unit is off or on at all steps, where differences have a meaning.</summary>
    void KeepFromTheKink()
    {
        foreach (var parameter in Parameters)
            VectorKernel.Scale(parameter.Value.Span, 0.2f, parameter.Value.Span);
        foreach (var bias in Stack.Layers.SelectMany(layer => (Parameter?[])[layer.BiasInput, layer.BiasOutput]))
        {
            for (int unit = 0; unit < bias?.Value.Length; unit++)
                bias.Value.Span[unit] = unit % 3 == 0 ? -3f : 2f;
        }
    }

    RecurrentState Filled(int seed, float scale)
    {
        var state = Stack.CreateState(Tape.BatchSize);
        foreach (var tensor in Tensors(state))
            Some.Fill(tensor.Span, seed++, scale);
        return state;
    }

    static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum += (double)x[i] * y[i];
        return sum;
    }
}
