namespace RnnService.Engine.Kernels;

/// <summary>
/// The order of gates in weights, biases and tapes, and what they mean: PyTorch's, so that its checkpoints need no change. Whatever is written
/// otherwise is converted here only.
/// </summary>
/// <remarks>
/// The update gate of a GRU says how much of the state is kept: h = (1-z)*n + z*h[t-1], as Cho et al. 2014, PyTorch, cuDNN, Keras and ONNX have
/// it. Chung et al. 2014 and many texts after them let z say how much is new: h = z*n + (1-z)*h[t-1]. Because 1 - σ(a) = σ(-a), weights of the
/// one become those of the other when the rows of z are negated: <see cref="FlipUpdateGate"/>.
/// </remarks>
public static class GateOrder
{
    /// <summary>G of an LSTM.</summary>
    internal const int LstmGates = 4;

    internal const int LstmInput = 0;
    internal const int LstmForget = 1;
    internal const int LstmCandidate = 2;
    internal const int LstmOutput = 3;

    internal static IReadOnlyList<string> LstmNames { get; } = ["i", "f", "g", "o"];

    /// <summary>G of a GRU.</summary>
    internal const int GruGates = 3;

    internal const int GruReset = 0;
    internal const int GruUpdate = 1;
    internal const int GruNew = 2;

    internal static IReadOnlyList<string> GruNames { get; } = ["r", "z", "n"];

    /// <summary>Converts a weight or bias of a GRU between the two conventions of z, in place; twice gives what was there before.</summary>
    /// <param name="rows">[3H,I], [3H,H] or [3H] in this engine's order</param>
    public static void FlipUpdateGate(Span<float> rows)
    {
        Throw.IfNotWholeRows(rows.Length, GruGates, nameof(rows));
        int gate = rows.Length / GruGates;
        foreach (ref float weight in rows.Slice(GruUpdate * gate, gate))
            weight = -weight;
    }

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
            LstmGates => [LstmInput, LstmOutput, LstmForget, LstmCandidate],
            GruGates => [GruUpdate, GruReset, GruNew],
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
