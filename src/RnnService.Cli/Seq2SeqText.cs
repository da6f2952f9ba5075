using System.Globalization;
using RnnService.Models.Packages;
using RnnService.Models.Seq2Seq;

namespace RnnService.Cli;

/// <summary>What an encoder-decoder writes for a text, in lines.</summary>
static class Seq2SeqText
{
    const int MostOrigins = 3;
    const float LeastWeight = 0.05f;

    /// <summary>The reply of a dialogue.</summary>
    /// <param name="package">the model</param>
    /// <param name="text">the turns so far, one a line</param>
    /// <param name="seed">of the draws, or null for a fresh one</param>
    /// <param name="stop">asks for the end</param>
    public static IEnumerable<string> Reply(Seq2SeqPackage package, string text, long? seed, CancellationToken stop) =>
        [new ChatResponder(package.Model, package.Tokenizer).Reply(text, ChatResponder.DefaultSampling with { Seed = seed }, stop).Text];

    /// <summary>The translation; with alternatives each with its score, best first; with alignment where each token comes from.</summary>
    public static IEnumerable<string> Translate(Seq2SeqPackage package, string text, TranslationOptions options, CancellationToken stop)
    {
        var translation = new Translator(package.Model, package.Tokenizer).Translate(text, options, stop);
        if (options.Alternatives == 0)
            yield return translation.Text;
        else
        {
            foreach (var (written, score) in translation.Alternatives.Prepend(new ScoredText(translation.Text, translation.Score)))
                yield return string.Create(CultureInfo.InvariantCulture, $"{score,8:0.0000}  {written}");
        }
        if (translation.Alignment is not { } alignment)
            yield break;
        yield return "";
        int width = alignment.TargetTokens.Append("").Max(token => token.Length);
        foreach (var (token, weights) in alignment.TargetTokens.Zip(alignment.Weights))
            yield return $"{token.PadRight(width)}  {Origins(alignment.SourceTokens, weights)}".TrimEnd();
    }

    // The source tokens that weigh most.
    static string Origins(IReadOnlyList<string> tokens, float[] weights) => string.Join(", ", tokens.Zip(weights)
        .Where(origin => origin.Second >= LeastWeight).OrderByDescending(origin => origin.Second).Take(MostOrigins)
        .Select(origin => string.Create(CultureInfo.InvariantCulture, $"{origin.First} {origin.Second:0.00}")));
}
