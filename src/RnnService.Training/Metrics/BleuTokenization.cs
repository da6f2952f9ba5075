namespace RnnService.Training.Metrics;

/// <summary>How texts are split before BLEU counts their n-grams.</summary>
public enum BleuTokenization
{
    /// <summary>Words and punctuation marks of Western text, as <c>mteval-v13a</c> of the WMT tasks splits them.</summary>
    Mteval13a,

    /// <summary>Each Chinese character and each wide or typographic mark by itself, the rest as <see cref="Mteval13a"/>.</summary>
    Chinese,
}
