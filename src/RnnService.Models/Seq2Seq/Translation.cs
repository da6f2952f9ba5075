namespace RnnService.Models.Seq2Seq;

/// <summary>A text in the other language.</summary>
/// <param name="Text">the best translation</param>
/// <param name="Score">log-probability divided by the length penalty, of several sentences the mean; 0 is certain</param>
/// <param name="Alternatives">others, best first; fewer than asked for where there are not as many</param>
/// <param name="Alignment">where the tokens of <paramref name="Text"/> come from; null unless asked for and where the model has no attention</param>
/// <param name="Tokens">number of tokens read and, of the best translation, written</param>
public sealed record Translation(string Text, double Score, IReadOnlyList<ScoredText> Alternatives, Alignment? Alignment, int Tokens);

/// <summary>A text and how probable it is.</summary>
/// <param name="Text">the text</param>
/// <param name="Score">as in <see cref="Translation"/></param>
public readonly record struct ScoredText(string Text, double Score);

/// <summary>Which source tokens the model looked at for each target token.</summary>
/// <param name="SourceTokens">[S] as they are written, without the blanks before them</param>
/// <param name="TargetTokens">[T] likewise</param>
/// <param name="Weights">[T][S], each 0 to 1; a row's sum is 1, less what went to the end of the sentence. Of a token of another sentence 0</param>
public sealed record Alignment(IReadOnlyList<string> SourceTokens, IReadOnlyList<string> TargetTokens, IReadOnlyList<float[]> Weights);
