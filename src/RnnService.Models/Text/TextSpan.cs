namespace RnnService.Models.Text;

/// <summary>A part of a text.</summary>
/// <param name="Start">offset of its first UTF-16 unit</param>
/// <param name="Length">number of UTF-16 units</param>
public readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>Offset after its last unit.</summary>
    public int End => Start + Length;

    /// <summary>The part of <paramref name="text"/>.</summary>
    public string Of(string text) => text.Substring(Start, Length);

    /// <summary>What is left of [start, end) without the blanks and line breaks around it.</summary>
    internal static TextSpan Trimmed(string text, int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
            start++;
        while (end > start && char.IsWhiteSpace(text[end - 1]))
            end--;
        return new TextSpan(start, end - start);
    }
}
