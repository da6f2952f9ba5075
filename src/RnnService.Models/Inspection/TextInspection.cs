using RnnService.Engine.Layers;

namespace RnnService.Models.Inspection;

/// <summary>What went on inside a recurrent network while it read one text of T tokens, and how its loss depends on each step.</summary>
public sealed record TextInspection
{
    /// <summary>The cell of all layers.</summary>
    public required CellKind Cell { get; init; }

    /// <summary>H, units of each layer.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>[T] what was read at each step, as it is shown; a blank is <c>␣</c>, a line break <c>⏎</c>.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>L, whose gradients <see cref="LayerInspection.GradientNorms"/> are.</summary>
    public required InspectedLoss Loss { get; init; }

    /// <summary>The layers, first layer first.</summary>
    public required IReadOnlyList<LayerInspection> Layers { get; init; }
}

/// <summary>The loss of an <see cref="TextInspection"/>.</summary>
/// <param name="Of">which tokens count</param>
/// <param name="Nats">mean over the tokens that count, -log P(token | those before)</param>
public sealed record InspectedLoss(InspectedTokens Of, double Nats);

/// <summary>The tokens whose prediction an <see cref="InspectedLoss"/> measures.</summary>
public enum InspectedTokens
{
    /// <summary>The last token of the text: how far back does it still see?</summary>
    Last,

    /// <summary>All tokens but the first, which nothing precedes.</summary>
    All,
}

/// <summary>One layer of an <see cref="TextInspection"/>.</summary>
public sealed record LayerInspection
{
    /// <summary>From 1.</summary>
    public required int Layer { get; init; }

    /// <summary>[T][H] of each gate by its letter: i, f, g, o of an LSTM, r, z, n of a GRU, none of a simple recurrent network.</summary>
    public required IReadOnlyDictionary<string, float[][]> Gates { get; init; }

    /// <summary>[T][H] of each state after the step: h, and c of an LSTM.</summary>
    public required IReadOnlyDictionary<string, float[][]> States { get; init; }

    /// <summary>[T] Euclidean norm of dL/dh[t] along all ways, nats; null after the last step that L depends on.</summary>
    public required IReadOnlyList<double?> GradientNorms { get; init; }
}
