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
    /// <exception cref="CorpusException">the text has fewer than two tokens</exception>
    public static LanguageModelResult Evaluate(LanguageModel model, ITokenizer tokenizer, Corpus corpus)
    {
        var stream = corpus.Encode(tokenizer).Stream;
        int columns = Math.Clamp(stream.Length / LeastColumnTokens, 1, MostColumns);
        var loss = Perplexity.Measure(new LanguageModelPass(model, TimeSteps, columns), new BpttBatches(stream, columns, TimeSteps));
        NextWordAccuracy? accuracy = tokenizer is WordTokenizer ? NextWordEvaluation.Measure(model, tokenizer, corpus.Lines) : null;
        return new LanguageModelResult(loss.Tokens, loss.Mean, accuracy);
    }
}
