using System.Diagnostics;
using RnnService.Engine.Losses;
using RnnService.Engine.Threading;
using RnnService.Models.Seq2Seq;
using RnnService.Models.Text;
using RnnService.Training.Data;

namespace RnnService.Training.Evaluation;

/// <summary>Measures an encoder-decoder on pairs; the same figures while training and from <c>rnn evaluate</c>.</summary>
static class Seq2SeqEvaluation
{
    const int MostTimed = 100;

    /// <summary>The loss on pairs and, unless they are a dialogue, the quality of translations.</summary>
    /// <param name="pass">a pass over the model, long enough for each encoded pair</param>
    /// <param name="model">its weights as they are</param>
    /// <param name="tokenizer">its tokens</param>
    /// <param name="pairs">one or more</param>
    /// <param name="encoded">those that are not too long</param>
    /// <param name="settings">tells the languages</param>
    public static Seq2SeqResult Measure(
        Seq2SeqPass pass, Seq2SeqModel model, ITokenizer tokenizer, IReadOnlyList<TextPair> pairs, EncodedPairs encoded, PairSettings settings)
    {
        var loss = MeasureLoss(pass, encoded);
        return new Seq2SeqResult(loss.Tokens, loss.Mean, encoded.LeftOut, settings.IsDialogue ? null : Translate(model, tokenizer, pairs, settings));
    }

    /// <summary>The loss of targets whose right tokens the decoder reads.</summary>
    /// <param name="pass">a pass over the model, long enough for each pair</param>
    /// <param name="pairs">one or more</param>
    public static LossSum MeasureLoss(Seq2SeqPass pass, EncodedPairs pairs)
    {
        var loss = new LossSum();
        foreach (int[] batch in pairs.Batches(pass.BatchSize).Sorted())
            loss += pass.Measure([.. batch.Select(index => pairs.Examples[index])]);
        return loss;
    }

    /// <summary>Translates each source as a service does, and compares with the targets.</summary>
    /// <param name="model">its weights as they are</param>
    /// <param name="tokenizer">its tokens</param>
    /// <param name="pairs">one or more</param>
    /// <param name="settings">tells the languages</param>
    static TranslationResult Translate(Seq2SeqModel model, ITokenizer tokenizer, IReadOnlyList<TextPair> pairs, PairSettings settings)
    {
        var translator = new Translator(model, tokenizer);
        var options = new TranslationOptions();
        string[] sources = [.. pairs.Select(pair => pair.Source).Distinct(StringComparer.Ordinal)];
        var translations = sources.Zip(translator.TranslateAll(sources, options)).ToDictionary(pair => pair.First, pair => pair.Second.Text, StringComparer.Ordinal);
        return new TranslationResult(
            TranslationScore.Of(pairs, [.. pairs.Select(pair => translations[pair.Source])], settings),
            options.BeamSize,
            MedianMilliseconds(sources, source => translator.Translate(source, options)),
            ComputeThreads.Count);
    }

    // Of sources all over the data, one at a time, as a service is asked.
    static double MedianMilliseconds(string[] sources, Action<string> translate)
    {
        int every = (sources.Length + MostTimed - 1) / MostTimed;
        double[] times = [.. sources.Where((_, index) => index % every == 0).Select(source =>
        {
            long start = Stopwatch.GetTimestamp();
            translate(source);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }).Order()];
        return times[times.Length / 2];
    }
}
