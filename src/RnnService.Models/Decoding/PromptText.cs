namespace RnnService.Models.Decoding;

/// <summary>A text that a model has read, but for its end where the next token may reach over it.</summary>
/// <param name="Text">as given, without <paramref name="Reopened"/></param>
/// <param name="TokenIds">as read: <see cref="PromptReader"/></param>
/// <param name="Reopened">the end of the text that was not read</param>
sealed record PromptText(string Text, int[] TokenIds, string Reopened = "")
{
    /// <summary>
    /// The text without its last token, where that is a piece of a script without blanks: in training such a piece was joined with what
    /// follows, 了 and 我 to 了我, so that after 了 alone the model expects anything but 我.
    /// </summary>
    /// <param name="pieces">what the model's tokens do</param>
    internal PromptText Reopen(WordPieces pieces)
    {
        string last = TokenIds.Length < 2 ? "" : pieces.TextOf([], TokenIds[^1]);
        return last.Length > 0 && WordPieces.IsUnspaced(last[0]) && Text.EndsWith(last, StringComparison.Ordinal)
            ? new PromptText(Text[..^last.Length], TokenIds[..^1], last)
            : this;
    }
}
