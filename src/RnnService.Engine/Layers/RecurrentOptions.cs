namespace RnnService.Engine.Layers;

/// <summary>What a <see cref="RecurrentStack"/> is built of.</summary>
public sealed record RecurrentOptions
{
    /// <summary>The most of <see cref="TimeSkip"/>: that many states are kept.</summary>
    public const int MaxTimeSkip = 4096;

    /// <summary>The cell of every layer.</summary>
    public CellKind Cell { get; init; } = CellKind.Lstm;

    /// <summary>What a <see cref="CellKind.Rnn"/> applies to its sums; other cells have their own.</summary>
    public CellActivation Activation { get; init; }

    /// <summary>What a <see cref="CellKind.Rnn"/> feeds back.</summary>
    public Recurrence Recurrence { get; init; }

    /// <summary>Where the reset gate of a <see cref="CellKind.Gru"/> acts.</summary>
    public GruForm GruForm { get; init; }

    /// <summary>α of leaky units, h = α h[t-1] + (1-α) h̃: 0 (inclusive, none) to 1 (exclusive).</summary>
    public double Leak { get; init; }

    /// <summary>
    /// d of skip connections in time, which add h[t-d] to h[t]; 0 for none, at most <see cref="MaxTimeSkip"/>. States grow with the steps: for
    /// sequences that end, rather than for a text whose state is carried on and on.
    /// </summary>
    public int TimeSkip { get; init; }

    /// <summary>Stacked layers, 1 or more.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>H, units of each layer.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Whether every layer also reads its sequence from the end; an output is then both directions' side by side, 2H.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>Whether the input of every layer but the first, which is as wide as its output, is added to it (Wu et al. 2016).</summary>
    public bool Residual { get; init; }

    /// <exception cref="ArgumentException">a value that is out of range, or that the cell does not have</exception>
    internal void Check()
    {
        Throw.IfNotPositive(Layers, nameof(Layers));
        Throw.IfNotPositive(HiddenSize, nameof(HiddenSize));
        Throw.IfNotFraction(Leak, nameof(Leak));
        Throw.IfOutside(0, MaxTimeSkip, TimeSkip, nameof(TimeSkip));
        Throw.IfNotOfCell(Activation != default, nameof(Activation), Activation, CellKind.Rnn, Cell);
        Throw.IfNotOfCell(Recurrence != default, nameof(Recurrence), Recurrence, CellKind.Rnn, Cell);
        Throw.IfNotOfCell(GruForm != default, nameof(GruForm), GruForm, CellKind.Gru, Cell);
        if (Bidirectional && Recurrence == Recurrence.Jordan)
            throw new ArgumentException($"{nameof(Bidirectional)}: true, but {nameof(Recurrence)} is {Recurrence}, which feeds the outputs of one direction back; expected false.");
        if (Residual && Layers == 1)
            throw new ArgumentException($"{nameof(Residual)}: true, but {nameof(Layers)} is 1, and residual connections go around the layers above the first; expected false.");
    }
}
