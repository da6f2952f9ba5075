namespace RnnService.Models.Decoding;

/// <summary>Why a generated text ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended it, or a stop string appeared.</summary>
    Stop,

    /// <summary>It reached its number of tokens.</summary>
    Length,
}

/// <summary>A piece of a generated text, usually one token.</summary>
/// <param name="Text">the text to append; empty only in the last piece</param>
/// <param name="Tokens">number of tokens generated so far</param>
/// <param name="FinishReason">why the text ended; set in the last piece only</param>
public readonly record struct GeneratedPiece(string Text, int Tokens, FinishReason? FinishReason);
