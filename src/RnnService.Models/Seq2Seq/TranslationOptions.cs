using RnnService.Models.Decoding;

namespace RnnService.Models.Seq2Seq;

/// <summary>How a translation is searched for and what is told beside it.</summary>
public sealed record TranslationOptions
{
    /// <summary>K, hypotheses kept of each sentence, 1 (greedy) or more; at least one more than the alternatives are kept anyway.</summary>
    public int BeamSize { get; init; } = 4;

    /// <summary>As in <see cref="BeamSearchOptions.LengthPenalty"/>, 0 or more.</summary>
    public double LengthPenalty { get; init; } = 1;

    /// <summary>At most this many other translations, 0 or more.</summary>
    public int Alternatives { get; init; }

    /// <summary>At most this many tokens for a sentence; null for as many as the model writes.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Whether to tell which source tokens each target token comes from.</summary>
    public bool Alignment { get; init; }

    /// <param name="modelMaxLength">the most tokens the model writes</param>
    /// <exception cref="ArgumentOutOfRangeException">a value outside its range; the message names it</exception>
    internal BeamSearchOptions Search(int modelMaxLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BeamSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Alternatives);
        var options = new BeamSearchOptions
        {
            BeamSize = Math.Max(BeamSize, Alternatives + 1),
            Best = Alternatives + 1,
            LengthPenalty = LengthPenalty,
            MaxLength = Math.Min(MaxLength ?? modelMaxLength, modelMaxLength),
            Attention = Alignment,
        };
        options.Validate();
        return options;
    }
}
