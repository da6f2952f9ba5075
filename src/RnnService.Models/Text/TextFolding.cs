namespace RnnService.Models.Text;

/// <summary>
/// What is made equal before a token is looked up, unit by unit so that offsets stay those of the text: typographic quotation marks become
/// straight ones, upper case becomes lower where case is folded, half of a surrogate pair becomes U+FFFD.
/// </summary>
static class TextFolding
{
    /// <summary>The straight form of each typographic quotation mark.</summary>
    public static IReadOnlyList<(char Typographic, char Straight)> QuotationMarks { get; } =
        [('\u2019', '\''), ('\u2018', '\''), ('\u201C', '"'), ('\u201D', '"')];

    /// <summary>Writes the folded form of <paramref name="token"/> [n] to <paramref name="destination"/> [n or more].</summary>
    public static void Fold(ReadOnlySpan<char> token, bool lowercase, Span<char> destination)
    {
        if (lowercase)
            token.ToLowerInvariant(destination);
        else
            token.CopyTo(destination);
        for (int i = 0; i < token.Length; i++)
        {
            char unit = destination[i];
            if (unit < 0x80)
                continue;
            if (unit is >= '\u2018' and <= '\u201D')
                destination[i] = Straight(unit);
            else if (char.IsSurrogate(unit) && !IsPaired(destination[..token.Length], i))
                destination[i] = '\uFFFD';
        }
    }

    /// <summary>The folded form as a string.</summary>
    public static string Fold(ReadOnlySpan<char> token, bool lowercase)
    {
        Span<char> folded = token.Length <= 256 ? stackalloc char[token.Length] : new char[token.Length];
        Fold(token, lowercase, folded);
        return new string(folded);
    }

    static char Straight(char unit)
    {
        foreach (var (typographic, straight) in QuotationMarks)
            if (unit == typographic)
                return straight;
        return unit;
    }

    static bool IsPaired(ReadOnlySpan<char> text, int i) => char.IsHighSurrogate(text[i])
        ? i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])
        : i > 0 && char.IsHighSurrogate(text[i - 1]);
}
