namespace RnnService.Engine.Layers;

/// <summary>What a <see cref="RecurrentStack"/> is built of.</summary>
public sealed record RecurrentOptions
{
    /// <summary>The cell of every layer.</summary>
    public CellKind Cell { get; init; } = CellKind.Lstm;

    /// <summary>What a <see cref="CellKind.Rnn"/> applies to its sums; other cells have their own.</summary>
    public CellActivation Activation { get; init; }

    /// <summary>Stacked layers, 1 or more.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>H, units of each layer.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Whether every layer also reads its sequence from the end; an output is then both directions' side by side, 2H.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>Whether the input of every layer but the first, which is as wide as its output, is added to it (Wu et al. 2016).</summary>
    public bool Residual { get; init; }
}
