using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>One recurrent layer, one direction, over whole sequences, time-major, with initial state in and out and a length for each row.</summary>
/// <remarks>The input projection of all steps is one product; only the recurrent part loops. Equations stand at the cells.</remarks>
public sealed class RecurrentLayer
{
    // Half of a second-level cache.
    const int StretchBytes = 1 << 20;

    readonly RecurrentCell _cell;
    readonly PackedMatrix _hiddenWeightsForGradient = new(0, 0);
    readonly SecondProduct? _second;
    readonly Tensor _biasSum;
    readonly Tensor _dBiasSum;
    PackedWeights _inputWeights = PackedWeights.Create(WeightType.Float32);
    PackedWeights _hiddenWeights = PackedWeights.Create(WeightType.Float32);

    /// <param name="options">cell and size</param>
    /// <param name="inputSize">I</param>
    /// <param name="parameters">receives the parameters of the layer, named as <c>torch.nn.LSTM</c> does</param>
    /// <param name="suffix">what follows the names of parameters, <c>_l0</c> for the first layer</param>
    /// <param name="prefix">what stands before them</param>
    public RecurrentLayer(RecurrentOptions options, int inputSize, ParameterSet parameters, string suffix = "_l0", string prefix = "rnn.")
    {
        Throw.IfNotPositive(inputSize, nameof(inputSize));
        options.Check();
        _cell = RecurrentCell.Create(options);
        InputSize = inputSize;
        HiddenSize = options.HiddenSize;
        int gates = _cell.GateCount * HiddenSize;
        WeightInput = parameters.Add(new Parameter($"{prefix}weight_ih{suffix}", new Tensor(gates, inputSize)));
        WeightHidden = parameters.Add(new Parameter($"{prefix}weight_hh{suffix}", new Tensor(gates, HiddenSize)));
        BiasInput = parameters.Add(new Parameter($"{prefix}bias_ih{suffix}", new Tensor(gates)));
        BiasHidden = parameters.Add(new Parameter($"{prefix}bias_hh{suffix}", new Tensor(gates)));
        Parameters = [WeightInput, WeightHidden, BiasInput, BiasHidden];
        if (_cell.HasOutputWeights)
        {
            WeightOutput = parameters.Add(new Parameter($"{prefix}weight_ho{suffix}", new Tensor(HiddenSize, HiddenSize)));
            BiasOutput = parameters.Add(new Parameter($"{prefix}bias_ho{suffix}", new Tensor(HiddenSize)));
            Parameters = [.. Parameters, WeightOutput, BiasOutput];
        }
        if (_cell.HasSecondProduct)
            _second = WeightOutput is null ? new SecondProduct(WeightHidden, _cell.FirstGates * HiddenSize, bias: null) : new SecondProduct(WeightOutput, 0, BiasOutput);
        _biasSum = new Tensor(gates);
        _dBiasSum = new Tensor(gates);
    }

    /// <summary>I.</summary>
    public int InputSize { get; }

    /// <summary>H.</summary>
    public int HiddenSize { get; }

    /// <summary>[G*H,I]</summary>
    public Parameter WeightInput { get; }

    /// <summary>[G*H,H]</summary>
    public Parameter WeightHidden { get; }

    /// <summary>[G*H]</summary>
    public Parameter BiasInput { get; }

    /// <summary>[G*H]</summary>
    public Parameter BiasHidden { get; }

    /// <summary>[H,H] from hidden units to outputs, where these are fed back (<see cref="Recurrence.Jordan"/>); else null.</summary>
    public Parameter? WeightOutput { get; }

    /// <summary>[H] of these outputs; else null.</summary>
    public Parameter? BiasOutput { get; }

    /// <summary>All of them in the order they were added.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Whether all of them are frozen.</summary>
    public bool IsFrozen
    {
        get
        {
            // No enumerator: this is asked in every pass, which allocates nothing.
            for (int index = 0; index < Parameters.Count; index++)
            {
                if (!Parameters[index].IsFrozen)
                    return false;
            }
            return true;
        }
    }

    /// <summary>Whether the cell has the gate that <see cref="WeightInitializer.ForgetBias"/> is about.</summary>
    internal bool HasForgetGate => _cell is LstmCell;

    /// <summary>Number of weights of a layer, all its parameters together; sizes may be any, nothing is made.</summary>
    public static Int128 WeightCount(RecurrentOptions options, int inputSize)
    {
        Int128 hidden = options.HiddenSize;
        var cell = RecurrentCell.Create(options);
        return cell.GateCount * hidden * (inputSize + hidden + 2) + (cell.HasOutputWeights ? hidden * (hidden + 1) : 0);
    }

    /// <summary>Lays the weights out for the kernels; needed after they changed, before <see cref="Forward"/>.</summary>
    /// <param name="forTraining">whether <see cref="Backward"/> will be called too</param>
    /// <param name="weights">how they are kept; training needs <see cref="WeightType.Float32"/></param>
    /// <param name="mayNarrow">whether 16 bits will do where they hold the weights; not for what is packed anew at every step</param>
    /// <exception cref="ArgumentException">training with rounded weights</exception>
    public void Pack(bool forTraining, WeightType weights = WeightType.Float32, bool mayNarrow = true)
    {
        Throw.IfRounded(weights, forTraining);
        (_inputWeights, _hiddenWeights) = (_inputWeights.As(weights), _hiddenWeights.As(weights));
        int gates = _biasSum.Length;
        _inputWeights.Resize(InputSize, gates);
        _inputWeights.PackTransposed(WeightInput.Value.Span, mayNarrow);
        int first = _cell.FirstGates * HiddenSize;
        _hiddenWeights.Resize(HiddenSize, first, _cell.FirstGates);
        _hiddenWeights.PackTransposed(WeightHidden.Value.Rows(0, first), mayNarrow);
        _second?.Pack(forTraining, weights, mayNarrow);
        if (forTraining)
        {
            _hiddenWeightsForGradient.Resize(first, HiddenSize);
            _hiddenWeightsForGradient.Pack(WeightHidden.Value.Rows(0, first));
        }
        BiasInput.Value.Span.CopyTo(_biasSum.Span);
        int shared = _cell.SharedBiasGates * HiddenSize;
        VectorKernel.Add(BiasHidden.Value.Span[..shared], _biasSum.Span[..shared]);
    }

    /// <summary>Memory for passes over up to <paramref name="timeSteps"/> steps, in the zero state.</summary>
    /// <param name="timeSteps">T</param>
    /// <param name="batchSize">B</param>
    /// <param name="forTraining">whether there will be backward passes; <see cref="RecurrentTape.KeepGates"/> can say so later</param>
    public RecurrentTape CreateTape(int timeSteps, int batchSize, bool forTraining = true) =>
        new(_cell, timeSteps, batchSize, HiddenSize, forTraining ? timeSteps : StretchSteps(batchSize));

    /// <summary>A zero state, or gradient of one.</summary>
    public LayerState CreateState(int batchSize) => new(_cell, batchSize, HiddenSize);

    /// <summary>Computes the states after each step from the initial state of the tape.</summary>
    /// <param name="x">[T,B,I] with T up to the tape's</param>
    /// <param name="lengths">[B] steps of each row, or empty: all of T. After its last step a row carries its state unchanged.</param>
    /// <param name="tape">receives gates and states</param>
    /// <param name="context">what is read at each step beside x; null for nothing</param>
    /// <exception cref="InvalidOperationException"><see cref="Pack"/> was never called</exception>
    public void Forward(ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, RecurrentTape tape, ContextTape? context = null)
    {
        int steps = StepsOf(x, lengths, tape);
        context?.CheckFits(steps, tape.BatchSize);
        Throw.IfNotPacked(_inputWeights);
        int stretch = Math.Min(StretchSteps(tape.BatchSize), tape.GateSteps), stepInputs = tape.BatchSize * InputSize;
        for (int from = 0; from < steps; from += stretch)
        {
            int to = Math.Min(steps, from + stretch);
            _inputWeights.MultiplyWithBias(
                x[(from * stepInputs)..(to * stepInputs)], (to - from) * tape.BatchSize, _biasSum.Span, tape.GatesOf(from, to));
            if (context is null)
                Advance(lengths, from, to, tape);
            for (int t = from; t < to && context is not null; t++)
            {
                context.Forward(t, tape.Previous(t), tape.GatesOf(t, t + 1));
                Advance(lengths, t, t + 1, tape);
            }
        }
    }

    /// <summary>Takes the steps [from, to), whose sums are complete but for the recurrent products.</summary>
    void Advance(ReadOnlySpan<int> lengths, int from, int to, RecurrentTape tape)
    {
        _cell.BeginForward(this, tape, from, to);
        RecurrentLoop.Forward(_hiddenWeights, _second?.Weights, lengths, from, to, tape);
    }

    /// <summary>
    /// Steps whose sums are made by one product and used before they leave the cache, at least so many that the product reads more of them
    /// than of its weights.
    /// </summary>
    int StretchSteps(int batchSize)
    {
        long step = (long)batchSize * _biasSum.Length * sizeof(float), weights = 2L * InputSize * _biasSum.Length * sizeof(float);
        return (int)Math.Max(1, Math.Max(StretchBytes, weights) / step);
    }

    /// <summary>
    /// Gradients of a loss from those of the outputs. Needs the tape of the matching <see cref="Forward"/>, whose gates it turns into
    /// their gradients, and <see cref="Pack"/> for training. Adds to the gradients of the parameters.
    /// </summary>
    /// <param name="x">[T,B,I] as in the forward pass</param>
    /// <param name="lengths">[B] as in the forward pass, or empty</param>
    /// <param name="tape">of the forward pass</param>
    /// <param name="dOutput">[T,B,H] gradient of the outputs</param>
    /// <param name="dState">gradient of the last state; receives that of the initial one</param>
    /// <param name="dx">[T,B,I] receives the gradient of x; empty where nobody wants it</param>
    /// <param name="context">as in the forward pass</param>
    public void Backward(
        ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, RecurrentTape tape, ReadOnlySpan<float> dOutput, LayerState dState, Span<float> dx,
        ContextTape? context = null)
    {
        int steps = StepsOf(x, lengths, tape);
        Throw.IfNotPacked(_hiddenWeightsForGradient);
        Throw.IfGatesAreNotKept(tape);
        int batch = tape.BatchSize, gateCount = _biasSum.Length, rows = steps * batch;
        Throw.IfLengthsDiffer(rows * HiddenSize, dOutput.Length, nameof(dOutput));
        Throw.IfShapesDiffer(new Shape(batch, HiddenSize), dState.Hidden.Shape, nameof(dState));
        Throw.IfOtherCell(_cell, dState.Layout, nameof(dState));
        context?.CheckFits(steps, batch);
        tape.DKept?.Clear();
        if (context is null)
            RecurrentLoop.Backward(_hiddenWeightsForGradient, _second?.WeightsForGradient, lengths, 0, steps, dOutput, tape, dState);
        else
            StepBack(lengths, steps, tape, dOutput, dState, context);

        var dGates = tape.Gates.Rows(0, steps);
        if (IsFrozen)
            _cell.SwapInputSide(tape, 0, steps);
        else
            AddGradients(x, steps, tape);
        context?.AddGradients(steps, dGates, tape.PreviousOutputs(steps));
        if (!dx.IsEmpty)
            Gemm.NN(dGates, WeightInput.Value.Span, rows, InputSize, gateCount, accumulate: false, dx);
    }

    void StepBack(ReadOnlySpan<int> lengths, int steps, RecurrentTape tape, ReadOnlySpan<float> dOutput, LayerState dState, ContextTape context)
    {
        context.BeginBackward();
        for (int t = steps - 1; t >= 0; t--)
        {
            RecurrentLoop.Backward(_hiddenWeightsForGradient, _second?.WeightsForGradient, lengths, t, t + 1, dOutput, tape, dState);
            // The context is on the input's side of the sums.
            _cell.SwapInputSide(tape, t, t + 1);
            context.Backward(t, tape.Gates.Row(t), dState.Hidden.Span);
            _cell.SwapInputSide(tape, t, t + 1);
        }
        context.EndBackward(steps);
    }

    void AddGradients(ReadOnlySpan<float> x, int steps, RecurrentTape tape)
    {
        bool areBiasesAlike = _cell.SharedBiasGates == _cell.GateCount;
        AddGradients(tape, steps, tape.PreviousOutputs(steps), WeightHidden, areBiasesAlike ? null : BiasHidden);
        _second?.AddGradients(tape, steps);
        _cell.SwapInputSide(tape, 0, steps);
        AddGradients(tape, steps, x, WeightInput, BiasInput);
        if (areBiasesAlike)
            VectorKernel.Add(_dBiasSum.Span, BiasHidden.Gradient.Span);
    }

    /// <summary>Leaves in the sum what it adds to the gradient of the bias.</summary>
    void AddGradients(RecurrentTape tape, int steps, ReadOnlySpan<float> multiplied, Parameter weight, Parameter? bias)
    {
        _dBiasSum.Clear();
        bool overwrite = weight.ClaimGradient(out var dWeight);
        Gemm.TN(
            tape.Gates.Rows(0, steps), multiplied, weight.Shape[0], weight.Shape[1], steps * tape.BatchSize, !overwrite, dWeight.Span,
            bias is null ? [] : _dBiasSum.Span);
        if (bias is not null)
            VectorKernel.Add(_dBiasSum.Span, bias.Gradient.Span);
    }

    int StepsOf(ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, RecurrentTape tape)
    {
        Throw.IfShapesDiffer(new Shape(tape.TimeSteps + _cell.Connections.History, tape.BatchSize, HiddenSize), tape.Hidden.Shape, nameof(tape));
        Throw.IfOtherCell(_cell, tape.Layout, nameof(tape));
        if (!lengths.IsEmpty)
            Throw.IfLengthsDiffer(tape.BatchSize, lengths.Length, nameof(lengths));
        return Throw.StepsOf(x, tape.BatchSize * InputSize, tape.TimeSteps);
    }
}
