using RnnService.Models.LanguageModels;
using RnnService.Models.Text;

namespace RnnService.Training.Evaluation;

/// <summary>Next-word accuracy over sentences: each is read alone, from the zero state after eos, as a service user types it.</summary>
public static class NextWordEvaluation
{
    const int BatchSize = 64;

    /// <summary>Counts over all sentences.</summary>
    /// <param name="model">the model</param>
    /// <param name="tokenizer">its word tokenizer</param>
    /// <param name="sentences">one sentence each; words the vocabulary does not hold are read as unknown and count as wrong</param>
    public static NextWordAccuracy Measure(LanguageModel model, ITokenizer tokenizer, IEnumerable<string> sentences)
    {
        var ranking = new WordRanking(tokenizer.Vocabulary);
        var session = model.CreateSession(BatchSize);
        var total = new NextWordAccuracy();
        // Sentences of a length are read side by side.
        foreach (var batch in sentences.Select(tokenizer.Tokenize).OrderBy(tokens => tokens.Count).Chunk(BatchSize))
            total += MeasureBatch(session, ranking, batch);
        return total;
    }

    static NextWordAccuracy MeasureBatch(StepSession session, WordRanking ranking, IReadOnlyList<Token>[] sentences)
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
                    count += ranking.Score(session.Logits.Slice(row * vocabularySize, vocabularySize), token.Id);
                begun[row] = true;
            }
        }
        return count;
    }
}
