namespace RnnService.Models.Decoding;

/// <summary>A text that a model has read.</summary>
/// <param name="Text">as given</param>
/// <param name="TokenIds">as read: <see cref="PromptReader"/></param>
sealed record PromptText(string Text, int[] TokenIds);
