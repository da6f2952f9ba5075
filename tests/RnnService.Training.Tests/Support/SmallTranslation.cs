using RnnService.Training.Data;
using RnnService.Training.Tasks;

namespace RnnService.Training.Tests.Support;

/// <summary>A training on few pairs that takes milliseconds: the rows to learn are the rows to measure on.</summary>
/// <param name="model">the <c>model</c> section</param>
/// <param name="training">more fields of the <c>training</c> section</param>
/// <param name="epochs">of the training</param>
sealed class SmallTranslation(string model = SmallTranslation.Network, string training = "", int epochs = 60)
    : SmallRun<Seq2SeqTask>(Some.Recipe(RecipeJson(model, training, epochs)), recipe => new Seq2SeqTask(recipe, s_corpus, s_corpus))
{
    public const string Pairs = "en\tde\nthe cat sleeps\tdie Katze schläft\nthe dog sleeps\tder Hund schläft\na cat\teine Katze\nthe old dog runs home\tder alte Hund läuft nach Hause\na dog\tein Hund\nrun home\tlauf nach Hause\n";

    public const string Network = """ "cell": "gru", "layers": 1, "hiddenSize": 24, "embeddingSize": 16, "attentionSize": 12 """;

    static readonly Corpus s_corpus = Some.Corpus(Pairs);

    public Corpus Corpus { get; } = s_corpus;

    public static string RecipeJson(string model = Network, string training = "", int epochs = 60) => $$"""
        { "task": "seq2seq", "data": { "format": "tsv", "source": "en", "target": "de" }, "tokenizer": { "type": "word" },
          "model": { {{model}} },
          "training": { "epochs": {{epochs}}, "batchSize": 3, "patience": 0, "optimizer": { "type": "adam", "learningRate": 0.02 }{{training}} } }
        """;
}
