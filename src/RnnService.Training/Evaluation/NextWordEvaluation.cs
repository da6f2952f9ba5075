using RnnService.Models.LanguageModels;
using RnnService.Models.Text;

namespace RnnService.Training.Evaluation;

/// <summary>Next-word accuracy over sentences: each is read alone, from the zero state after eos, as a service user types it.</summary>
public static class NextWordEvaluation
{
    /// <summary>Counts over all sentences.</summary>
    /// <param name="model">the model</param>
    /// <param name="tokenizer">its word tokenizer</param>
    /// <param name="sentences">one sentence each; words the vocabulary does not hold are read as unknown and count as wrong</param>
    public static NextWordAccuracy Measure(LanguageModel model, ITokenizer tokenizer, IEnumerable<string> sentences)
    {
        var ranking = new WordRanking(tokenizer.Vocabulary);
        var session = model.CreateSession();
        var total = new NextWordAccuracy();
        foreach (string sentence in sentences)
            total += MeasureSentence(session, ranking, tokenizer.Tokenize(sentence));
        return total;
    }

    static NextWordAccuracy MeasureSentence(StepSession session, WordRanking ranking, IReadOnlyList<Token> tokens)
    {
        var count = new NextWordAccuracy();
        bool firstWord = true;
        session.Reset();
        session.Feed(Vocabulary.EosId);
        foreach (var token in tokens)
        {
            if (WordRanking.IsWord(token.Text))
            {
                if (!firstWord)
                    count += ranking.Score(session.Logits, token.Id);
                firstWord = false;
            }
            session.Feed(token.Id);
        }
        return count;
    }
}
