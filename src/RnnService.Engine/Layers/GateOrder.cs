namespace RnnService.Engine.Layers;

/// <summary>The order of gates in weights, biases and tapes: PyTorch's, so that its checkpoints need no reordering. Other orders are converted here only.</summary>
public static class GateOrder
{
    /// <summary>G of an LSTM.</summary>
    internal const int LstmGates = 4;

    internal const int LstmInput = 0;
    internal const int LstmForget = 1;
    internal const int LstmCandidate = 2;
    internal const int LstmOutput = 3;

    internal static IReadOnlyList<string> LstmNames { get; } = ["i", "f", "g", "o"];

    /// <summary>
    /// The rows of a weight matrix [G*H,I] or bias [G*H] in the order of the ONNX operators: LSTM i, o, f, c; GRU z, r, h
    /// (<see href="https://onnx.ai/onnx/operators/onnx__LSTM.html"/>, <see href="https://onnx.ai/onnx/operators/onnx__GRU.html"/>).
    /// </summary>
    /// <param name="rows">in this engine's order</param>
    /// <param name="gateCount">G: 4 of an LSTM, 3 of a GRU, 1 of a vanilla network, which has nothing to reorder</param>
    public static float[] ToOnnx(ReadOnlySpan<float> rows, int gateCount)
    {
        ReadOnlySpan<int> order = gateCount switch
        {
            4 => [LstmInput, LstmOutput, LstmForget, LstmCandidate],
            3 => [1, 0, 2],
            1 => [0],
            _ => throw new ArgumentOutOfRangeException(nameof(gateCount), gateCount, "expected 1, 3 or 4 gates."),
        };
        int gate = rows.Length / gateCount;
        Throw.IfLengthsDiffer(gate * gateCount, rows.Length, nameof(rows));
        float[] reordered = new float[rows.Length];
        for (int place = 0; place < gateCount; place++)
            rows.Slice(order[place] * gate, gate).CopyTo(reordered.AsSpan(place * gate));
        return reordered;
    }
}
