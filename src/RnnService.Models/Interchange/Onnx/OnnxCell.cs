using RnnService.Engine.Layers;

namespace RnnService.Models.Interchange.Onnx;

/// <summary>A recurrent cell as an ONNX operator.</summary>
/// <param name="Operation">the operator</param>
/// <param name="States">the names of its states, in its order</param>
/// <param name="Attributes">its settings</param>
sealed record OnnxCell(string Operation, string[] States, OnnxAttribute[] Attributes)
{
    /// <exception cref="NotSupportedException">no operator computes it; the message names the setting</exception>
    public static OnnxCell Of(RecurrentOptions options)
    {
        Refuse(options.Recurrence != Recurrence.Elman, "recurrence", "jordan", "elman");
        Refuse(options.Leak != 0, "leak", options.Leak, 0);
        Refuse(options.TimeSkip != 0, "timeSkip", options.TimeSkip, 0);
        var size = OnnxAttribute.Of("hidden_size", options.HiddenSize);
        return options.Cell switch
        {
            CellKind.Lstm => new("LSTM", ["h", "c"], [size]),
            CellKind.Gru => new("GRU", ["h"], [size, OnnxAttribute.Of("linear_before_reset", options.GruForm == GruForm.ResetAfter ? 1 : 0)]),
            // ONNX has the same names.
            _ => new("RNN", ["h"], [OnnxAttribute.Of("activations", $"{options.Activation}"), size]),
        };
    }

    static void Refuse(bool isSet, string setting, object found, object expected)
    {
        if (isSet)
            throw new NotSupportedException(FormattableString.Invariant($"{setting}: found {found}, which no ONNX operator computes; expected {expected}."));
    }
}
