using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>One LSTM layer over whole sequences, time-major, with initial state in and out and a length for each row.</summary>
/// <remarks>
/// i = σ(W_ii x + b_ii + W_hi h + b_hi), f and o likewise, g = tanh(…), c = f*c + i*g, h = o*tanh(c): the equations of
/// <c>torch.nn.LSTM</c>. The input projection of all steps is one product; only the recurrent part loops.
/// </remarks>
public sealed class LstmLayer
{
    readonly PackedMatrix _inputWeights;
    readonly PackedMatrix _hiddenWeights;
    readonly PackedMatrix _hiddenWeightsForGradient;
    readonly Tensor _biasSum;
    readonly Tensor _dBiasSum;

    /// <param name="inputSize">I</param>
    /// <param name="hiddenSize">H</param>
    /// <param name="parameters">receives the four parameters of the layer</param>
    /// <param name="suffix">what follows the names of parameters, <c>_l0</c> for the first layer</param>
    /// <param name="prefix">what stands before them</param>
    public LstmLayer(int inputSize, int hiddenSize, ParameterSet parameters, string suffix = "_l0", string prefix = "rnn.")
    {
        Throw.IfNotPositive(inputSize, nameof(inputSize));
        Throw.IfNotPositive(hiddenSize, nameof(hiddenSize));
        InputSize = inputSize;
        HiddenSize = hiddenSize;
        int gates = GateOrder.LstmGates * hiddenSize;
        WeightInput = parameters.Add(new Parameter($"{prefix}weight_ih{suffix}", new Tensor(gates, inputSize)));
        WeightHidden = parameters.Add(new Parameter($"{prefix}weight_hh{suffix}", new Tensor(gates, hiddenSize)));
        BiasInput = parameters.Add(new Parameter($"{prefix}bias_ih{suffix}", new Tensor(gates)));
        BiasHidden = parameters.Add(new Parameter($"{prefix}bias_hh{suffix}", new Tensor(gates)));
        _inputWeights = new PackedMatrix(inputSize, gates);
        _hiddenWeights = new PackedMatrix(hiddenSize, gates, GateOrder.LstmGates);
        _hiddenWeightsForGradient = new PackedMatrix(gates, hiddenSize);
        _biasSum = new Tensor(gates);
        _dBiasSum = new Tensor(gates);
    }

    /// <summary>I.</summary>
    public int InputSize { get; }

    /// <summary>H.</summary>
    public int HiddenSize { get; }

    /// <summary>[4H,I]</summary>
    public Parameter WeightInput { get; }

    /// <summary>[4H,H]</summary>
    public Parameter WeightHidden { get; }

    /// <summary>[4H]</summary>
    public Parameter BiasInput { get; }

    /// <summary>[4H]</summary>
    public Parameter BiasHidden { get; }

    /// <summary>Lays the weights out for the kernels; needed after they changed, before <see cref="Forward"/>.</summary>
    /// <param name="forTraining">whether <see cref="Backward"/> will be called too</param>
    public void Pack(bool forTraining)
    {
        int gates = GateOrder.LstmGates * HiddenSize;
        _inputWeights.Resize(InputSize, gates);
        _inputWeights.PackTransposed(WeightInput.Value.Span);
        _hiddenWeights.Resize(HiddenSize, gates, GateOrder.LstmGates);
        _hiddenWeights.PackTransposed(WeightHidden.Value.Span);
        if (forTraining)
        {
            _hiddenWeightsForGradient.Resize(gates, HiddenSize);
            _hiddenWeightsForGradient.Pack(WeightHidden.Value.Span);
        }
        BiasInput.Value.Span.CopyTo(_biasSum.Span);
        VectorKernel.Add(BiasHidden.Value.Span, _biasSum.Span);
    }

    /// <summary>Computes the states after each step from the initial state in slot 0 of the tape.</summary>
    /// <param name="x">[T,B,I] with T up to the tape's</param>
    /// <param name="lengths">[B] steps of each row, or empty: all of T. After its last step a row carries its state unchanged.</param>
    /// <param name="tape">receives gates and states</param>
    public void Forward(ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, LstmTape tape)
    {
        int steps = StepsOf(x, lengths, tape);
        var gates = tape.Gates.Rows(0, steps);
        _inputWeights.MultiplyWithBias(x, steps * tape.BatchSize, _biasSum.Span, gates);
        LstmRecurrence.Forward(_hiddenWeights, lengths, steps, tape);
    }

    /// <summary>
    /// Gradients of a loss from those of the outputs. Needs the tape of the matching <see cref="Forward"/>, whose gates it turns into
    /// their gradients, and <see cref="Pack"/> for training. Adds to the gradients of the parameters.
    /// </summary>
    /// <param name="x">[T,B,I] as in the forward pass</param>
    /// <param name="lengths">[B] as in the forward pass, or empty</param>
    /// <param name="tape">of the forward pass</param>
    /// <param name="dOutput">[T,B,H] gradient of the outputs</param>
    /// <param name="dHidden">[B,H] gradient of the last hidden state; receives that of the initial one</param>
    /// <param name="dCell">[B,H] gradient of the last cell state; receives that of the initial one</param>
    /// <param name="dx">[T,B,I] receives the gradient of x; empty where nobody wants it</param>
    public void Backward(
        ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, LstmTape tape, ReadOnlySpan<float> dOutput, Span<float> dHidden, Span<float> dCell, Span<float> dx)
    {
        int steps = StepsOf(x, lengths, tape);
        int batch = tape.BatchSize, gateCount = _biasSum.Length, rows = steps * batch;
        Throw.IfLengthsDiffer(rows * HiddenSize, dOutput.Length, nameof(dOutput));
        Throw.IfLengthsDiffer(batch * HiddenSize, dHidden.Length, nameof(dHidden));
        Throw.IfLengthsDiffer(batch * HiddenSize, dCell.Length, nameof(dCell));
        LstmRecurrence.Backward(_hiddenWeightsForGradient, lengths, steps, dOutput, tape, dHidden, dCell);

        var dGates = tape.Gates.Rows(0, steps);
        bool overwrite = WeightInput.ClaimGradient(out var dWeightInput);
        Gemm.TN(dGates, x, gateCount, InputSize, rows, !overwrite, dWeightInput.Span);
        overwrite = WeightHidden.ClaimGradient(out var dWeightHidden);
        Gemm.TN(dGates, tape.Hidden.Rows(0, steps), gateCount, HiddenSize, rows, !overwrite, dWeightHidden.Span);
        // Both biases enter the same sum: their gradients are one.
        _dBiasSum.Clear();
        VectorKernel.AddRows(dGates, _dBiasSum.Span);
        VectorKernel.Add(_dBiasSum.Span, BiasInput.Gradient.Span);
        VectorKernel.Add(_dBiasSum.Span, BiasHidden.Gradient.Span);
        if (!dx.IsEmpty)
            Gemm.NN(dGates, WeightInput.Value.Span, rows, InputSize, gateCount, accumulate: false, dx);
    }

    int StepsOf(ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, LstmTape tape)
    {
        int stepLength = tape.BatchSize * InputSize;
        int steps = x.Length / stepLength;
        Throw.IfLengthsDiffer(steps * stepLength, x.Length, nameof(x));
        if (steps < 1 || steps > tape.TimeSteps)
            throw new ArgumentException($"{nameof(x)}: expected 1 to {tape.TimeSteps} steps of {stepLength} elements, found {steps}.");
        if (!lengths.IsEmpty)
            Throw.IfLengthsDiffer(tape.BatchSize, lengths.Length, nameof(lengths));
        return steps;
    }
}
