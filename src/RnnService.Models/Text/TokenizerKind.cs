using System.Diagnostics.CodeAnalysis;

namespace RnnService.Models.Text;

/// <summary>What a token is.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The names are those of recipes.")]
public enum TokenizerKind
{
    /// <summary>A word, a number or a punctuation mark.</summary>
    Word,

    /// <summary>A Unicode character.</summary>
    Char,

    /// <summary>A piece of a word found by byte-pair encoding.</summary>
    Bpe,
}
