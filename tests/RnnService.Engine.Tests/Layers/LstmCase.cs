using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

/// <summary>
/// An LSTM layer with everything a forward and a backward pass need, filled with numbers. Its loss is the sum of outputs [T,B,H], last hidden
/// and last cell state [B,H], each element times a number of its own, which is therefore the gradient the backward pass starts from.
/// </summary>
sealed class LstmCase
{
    readonly int _timeSteps, _batchSize;
    readonly float[] _lastDHidden, _lastDCell;

    internal LstmCase(int timeSteps, int batchSize, int inputSize, int hiddenSize, int[]? lengths = null)
    {
        (_timeSteps, _batchSize, Lengths) = (timeSteps, batchSize, lengths ?? []);
        Layer = new LstmLayer(inputSize, hiddenSize, Parameters);
        float scale = Math.Min(0.6f, 2f / MathF.Sqrt(hiddenSize));
        for (int i = 0; i < Parameters.Count; i++)
            Some.Fill(Parameters[i].Value.Span, i + 1, scale);
        Tape = new LstmTape(timeSteps, batchSize, hiddenSize);
        X = Some.Floats(timeSteps * batchSize * inputSize, 11);
        InitialHidden = Some.Floats(batchSize * hiddenSize, 12);
        InitialCell = Some.Floats(batchSize * hiddenSize, 13);
        DOutput = Some.Floats(timeSteps * batchSize * hiddenSize, 14);
        _lastDHidden = Some.Floats(batchSize * hiddenSize, 15);
        _lastDCell = Some.Floats(batchSize * hiddenSize, 16);
        (DX, DHidden, DCell) = (new float[X.Length], new float[InitialHidden.Length], new float[InitialCell.Length]);
    }

    internal ParameterSet Parameters { get; } = new();

    internal LstmLayer Layer { get; }

    internal LstmTape Tape { get; }

    internal int[] Lengths { get; }

    internal float[] X { get; }

    internal float[] InitialHidden { get; }

    internal float[] InitialCell { get; }

    internal float[] DOutput { get; }

    /// <summary>What the backward pass found for the input and the initial state.</summary>
    internal float[] DX { get; }

    internal float[] DHidden { get; }

    internal float[] DCell { get; }

    internal void Forward()
    {
        Layer.Pack(forTraining: true);
        InitialHidden.CopyTo(Tape.Hidden.Row(0));
        InitialCell.CopyTo(Tape.Cell.Row(0));
        Layer.Forward(X, Lengths, Tape);
    }

    internal void Backward()
    {
        _lastDHidden.CopyTo(DHidden, 0);
        _lastDCell.CopyTo(DCell, 0);
        Layer.Backward(X, Lengths, Tape, DOutput, DHidden, DCell, DX);
    }

    /// <summary>The same layer in double: outputs [T,B,H], last hidden and cell state [B,H].</summary>
    internal (double[] Output, double[] Hidden, double[] Cell) Reference()
    {
        double[] hidden = [.. InitialHidden.Select(value => (double)value)], cell = [.. InitialCell.Select(value => (double)value)];
        double[] output = new double[DOutput.Length];
        float[] bias = new float[Layer.BiasInput.Value.Length];
        for (int i = 0; i < bias.Length; i++)
            bias[i] = Layer.BiasInput.Value.Span[i] + Layer.BiasHidden.Value.Span[i];
        ReferenceLstm.Forward(
            X, Layer.WeightInput.Value.Span, Layer.WeightHidden.Value.Span, bias, Lengths, _timeSteps, _batchSize, Layer.InputSize, hidden, cell, output);
        return (output, hidden, cell);
    }

    internal double ReferenceLoss()
    {
        var (output, hidden, cell) = Reference();
        return Dot(output, DOutput) + Dot(hidden, _lastDHidden) + Dot(cell, _lastDCell);
    }

    static double Dot(double[] x, float[] y) => x.Zip(y, (left, right) => left * right).Sum();
}
