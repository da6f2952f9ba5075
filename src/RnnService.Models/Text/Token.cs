namespace RnnService.Models.Text;

/// <summary>A token of a text.</summary>
/// <param name="Text">the token as the vocabulary knows it (case folded where the tokenizer folds case)</param>
/// <param name="Id">its id, or the unknown id</param>
/// <param name="Start">offset of its first UTF-16 unit in the text</param>
/// <param name="Length">number of UTF-16 units in the text</param>
public readonly record struct Token(string Text, int Id, int Start, int Length);
