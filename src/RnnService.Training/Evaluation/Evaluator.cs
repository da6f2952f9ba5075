using RnnService.Engine.Kernels;
using RnnService.Models.LanguageModels;
using RnnService.Models.Text;
using RnnService.Training.Data;

namespace RnnService.Training.Evaluation;

/// <summary>Measures a language model on a text; the same figures after training and from <c>rnn evaluate</c>.</summary>
public static class Evaluator
{
    // Columns start in the middle of the text from the zero state: few enough that it does not show in the loss.
    const int LeastColumnTokens = 1000, MostColumns = 16, TimeSteps = 32;

    /// <summary>Loss over the whole text and, for a word model, next-word accuracy over its lines.</summary>
    /// <param name="model">measured with the weights as it keeps them</param>
    /// <param name="tokenizer">its tokens</param>
    /// <param name="corpus">the text</param>
    /// <param name="compareInt8">whether the loss with weights of 8 bits is measured too</param>
    /// <exception cref="CorpusException">the text has fewer than two tokens</exception>
    public static LanguageModelResult Evaluate(LanguageModel model, ITokenizer tokenizer, Corpus corpus, bool compareInt8 = false)
    {
        var stream = corpus.Encode(tokenizer).Stream;
        int columns = Math.Clamp(stream.Length / LeastColumnTokens, 1, MostColumns);
        var pass = new LanguageModelPass(model, TimeSteps, columns);
        var batches = new BpttBatches(stream, columns, TimeSteps);
        var loss = Perplexity.Measure(pass, batches);
        NextWordAccuracy? accuracy = tokenizer is WordTokenizer ? NextWordEvaluation.Measure(model, tokenizer, corpus.Lines) : null;
        return new LanguageModelResult(loss.Tokens, loss.Mean, accuracy) { Int8Loss = compareInt8 ? MeasureInt8(model, pass, batches) : null };
    }

    static double MeasureInt8(LanguageModel model, LanguageModelPass pass, BpttBatches batches)
    {
        var kept = model.WeightType;
        model.WeightType = WeightType.Int8;
        double loss = Perplexity.Measure(pass, batches).Mean;
        model.WeightType = kept;
        return loss;
    }
}
