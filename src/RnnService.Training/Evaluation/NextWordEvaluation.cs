using RnnService.Engine.Kernels;
using RnnService.Models.LanguageModels;
using RnnService.Models.Ngrams;
using RnnService.Models.Text;
using RnnService.Training.Metrics;

namespace RnnService.Training.Evaluation;

/// <summary>Next-word accuracy over sentences: each is read alone, from the zero state after eos, as a service user types it.</summary>
public static class NextWordEvaluation
{
    const int BatchSize = 64;

    /// <summary>Counts over all sentences.</summary>
    /// <param name="model">the model</param>
    /// <param name="tokenizer">its word tokenizer</param>
    /// <param name="sentences">one sentence each; words the vocabulary does not hold are read as unknown and count as wrong</param>
    /// <param name="ngrams">added to the model's predictions, or null</param>
    public static NextWordAccuracy Measure(LanguageModel model, ITokenizer tokenizer, IEnumerable<string> sentences, NgramMixture? ngrams = null)
    {
        var ranking = new WordRanking(tokenizer.Vocabulary);
        var session = model.CreateSession(BatchSize);
        var total = new NextWordAccuracy();
        // Sentences of a length are read side by side.
        foreach (var batch in sentences.Select(tokenizer.Tokenize).OrderBy(tokens => tokens.Count).Chunk(BatchSize))
            total += MeasureBatch(session, ranking, batch, ngrams);
        return total;
    }

    static NextWordAccuracy MeasureBatch(StepSession session, WordRanking ranking, IReadOnlyList<Token>[] sentences, NgramMixture? ngrams)
    {
        var count = new NextWordAccuracy();
        int vocabularySize = session.Model.VocabularySize;
        bool[] begun = new bool[sentences.Length];   // the sentence's first word was read
        int[] inputs = new int[BatchSize];
        Array.Fill(inputs, Vocabulary.EosId);
        session.Reset();
        for (int place = 0; place < sentences[^1].Count; place++)
        {
            session.Feed(inputs);
            for (int row = 0; row < sentences.Length; row++)
            {
                if (place >= sentences[row].Count)
                    continue;
                var token = sentences[row][place];
                inputs[row] = token.Id;
                if (!WordRanking.IsWord(token.Text))
                    continue;
                if (begun[row])
                    count += ranking.Score(Scores(session.Logits.Slice(row * vocabularySize, vocabularySize), sentences[row], place, ngrams), token.Id);
                begun[row] = true;
            }
        }
        return count;
    }

    // Higher for more probable tokens: logits, or where n-grams are added probabilities.
    static ReadOnlySpan<float> Scores(ReadOnlySpan<float> logits, IReadOnlyList<Token> sentence, int place, NgramMixture? ngrams)
    {
        if (ngrams is null)
            return logits;
        float[] probabilities = logits.ToArray();
        SoftmaxKernel.Softmax(probabilities);
        ngrams.Mix([Vocabulary.EosId, .. sentence.Take(place).Select(token => token.Id)], probabilities);
        return probabilities;
    }
}
