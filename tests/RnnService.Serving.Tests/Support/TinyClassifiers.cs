using RnnService.Engine.Layers;
using RnnService.Engine.Losses;
using RnnService.Engine.Optimizers;
using RnnService.Models.Checkpoints;
using RnnService.Models.Classification;
using RnnService.Models.LanguageModels;
using RnnService.Models.Packages;
using RnnService.Models.Text;

namespace RnnService.Serving.Tests.Support;

/// <summary>Classifiers of a few hundred weights, trained within milliseconds on a few examples, which they know by heart.</summary>
static class TinyClassifiers
{
    const string Positive = "positive", Negative = "negative";

    /// <summary>The most tokens of a text that they read.</summary>
    internal const int MaxLength = 20;

    static readonly string[] s_seasonNumbers = ["Age", "G", "PA", "AB", "R", "H", "2B", "3B", "HR", "RBI", "SB", "BB", "SO", "OPS", "TB"];

    /// <summary>Knows that love is positive and hate negative.</summary>
    internal static ClassifierPackage English { get; } = TrainSentiment(
        "en",
        new WordTokenizer(new Vocabulary(["i", "love", "hate", "this", "film", "it", ".", "don't", "like", "you"]), lowercase: true),
        ("I love this film.", Positive), ("I hate this film.", Negative), ("love it", Positive), ("hate it", Negative),
        ("I like you.", Positive), ("I don't like it.", Negative));

    /// <summary>The same in Chinese, traditional characters.</summary>
    internal static ClassifierPackage Chinese { get; } = TrainSentiment(
        "zh",
        new CharTokenizer(new Vocabulary("我你不喜歡愛死了,。".Select(character => character.ToString())), lowercase: false),
        ("我愛你。", Positive), ("我喜歡你。", Positive), ("我不喜歡你。", Negative), ("不愛了", Negative), ("愛死你了", Positive));

    /// <summary>Knows articles, nouns, verbs and the full stop.</summary>
    internal static ClassifierPackage Tagger { get; } = TrainTagger(
        (["the", "dog", "barks", "."], ["DET", "NOUN", "VERB", "PUNCT"]),
        (["a", "cat", "sleeps", "."], ["DET", "NOUN", "VERB", "PUNCT"]),
        (["cat", "barks"], ["NOUN", "VERB"]));

    /// <summary>Says that next season brings as many home runs as the last one; reads up to 10 seasons of 15 numbers.</summary>
    internal static ClassifierPackage HomeRuns { get; } = TrainHomeRuns();

    /// <summary>Adds one of them to a repository.</summary>
    internal static ModelVersion Publish(ModelRepository repository, string name, ClassifierPackage package) =>
        repository.Publish(name, folder => ClassifierPackage.Write(
            folder, package.Manifest, package.Labels, package.Tokenizer, package.Model, StorageType.Float32, "# A model for tests\n"));

    /// <summary>A season with this many home runs.</summary>
    internal static double[] Season(double homeRuns) => [25, 150, 600, 540, 80, 150, 30, 3, homeRuns, 80, 10, 55, 120, 0.8, 250];

    static ClassifierPackage TrainSentiment(string language, ITokenizer tokenizer, params (string Text, string Label)[] examples)
    {
        string[] labels = [Negative, Positive];
        var frame = new TextFrame(MaxLength);
        var settings = new ClassifierSettings { Pooling = PoolingKind.Max, MaxLength = MaxLength };
        return Train(ModelTask.SequenceClassifier, language, labels, tokenizer, settings, inputSize: 4, [.. examples.Select(example =>
            new ClassifierExample(frame.Frame(tokenizer.Encode(example.Text)), [Array.IndexOf(labels, example.Label)]))]);
    }

    static ClassifierPackage TrainTagger(params (string[] Words, string[] Tags)[] examples)
    {
        string[] labels = [.. examples.SelectMany(example => example.Tags).Distinct()];
        var tokenizer = new WordTokenizer(new Vocabulary(examples.SelectMany(example => example.Words).Distinct()), lowercase: true);
        return Train(ModelTask.Tagger, "en", labels, tokenizer, new ClassifierSettings { MaxLength = MaxLength }, inputSize: 4, [.. examples.Select(example =>
            new ClassifierExample(WordTagger.SequenceOf(example.Words, tokenizer), [.. example.Tags.Select(tag => Array.IndexOf(labels, tag))]))]);
    }

    static ClassifierPackage TrainHomeRuns()
    {
        string[] labels = ["0-9", "10-19", "20-29", "30-39", "40+"];
        double[][][] players = [.. Enumerable.Range(0, labels.Length).SelectMany(label => new[] { 5, 6, 10 }.Select(seasons =>
            Enumerable.Range(0, seasons).Select(season => Season(label * 10 + (season + seasons) % 10)).ToArray()))];
        var features = SeriesFeatures.Learn(s_seasonNumbers, window: 10, Join(players.SelectMany(player => player)));
        return Train(ModelTask.SeriesClassifier, null, labels, null, new ClassifierSettings { Pooling = PoolingKind.Last, Series = features },
            s_seasonNumbers.Length, [.. players.Select((player, index) => new ClassifierExample(features.Read(Join(player)), [index / 3]))]);
    }

    static float[] Join(IEnumerable<double[]> seasons) => [.. seasons.SelectMany(season => season).Select(number => (float)number)];

    static ClassifierPackage Train(
        string task, string? language, string[] labels, ITokenizer? tokenizer, ClassifierSettings classifier, int inputSize, ClassifierExample[] examples)
    {
        var settings = new ModelSettings { Layers = 1, HiddenSize = 5, EmbeddingSize = inputSize, Bidirectional = task != ModelTask.SeriesClassifier };
        var model = new ClassifierModel(settings, classifier, tokenizer?.Vocabulary.Count ?? 0, labels.Length);
        model.Initialize(seed: 3);
        var pass = new ClassifierPass(model, examples.Max(example => example.Sequence.Length), examples.Length);
        var loss = new ClassificationLoss(labels.Length);
        var optimizer = new Adam(model.Parameters);
        for (int step = 0; step < 300; step++)
        {
            model.Parameters.ZeroGradients();
            pass.Train(examples, loss, dropoutSeed: 0);
            optimizer.Step(model.Parameters, learningRate: 0.03f);
        }
        model.WeightsChanged();
        var manifest = new ModelManifest { Task = task, Languages = language is null ? null : [language] };
        return new ClassifierPackage(manifest, labels, tokenizer, model);
    }
}
