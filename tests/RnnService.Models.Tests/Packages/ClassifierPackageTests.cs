using System.Text.Json.Nodes;
using RnnService.Engine.Layers;
using RnnService.Models.BagsOfWords;
using RnnService.Models.Checkpoints;
using RnnService.Models.Classification;
using RnnService.Models.Packages;
using RnnService.Models.Tests.BagsOfWords;
using RnnService.Models.Tests.Classification;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Packages;

public sealed class ClassifierPackageTests : IDisposable
{
    static readonly string[] s_labels = ["bad", "fine", "good"];
    readonly TemporaryFolder _folder = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public void Load_TextClassifier_ClassifiesTheSameAndExplainsItself(bool hasBag)
    {
        var bag = hasBag ? new BagMixture(SomeBag.Create(), new BagSettings { Share = 0.4 }) : null;
        var classifier = WriteAndLoad(ModelTask.SequenceClassifier, SmallClassifier.Create(PoolingKind.Attention), bag).CreateTextClassifier();
        foreach (string text in (string[])["a good film", "", "a bad film , a very bad film indeed . not good"])
        {
            var scores = classifier.Classify(text);
            Assert.Equal(1, scores.Scores.Sum(score => score.Value), 1e-6);
            Assert.Equal(scores.Scores.Max(score => score.Value), scores.Score);
            var explanation = classifier.Explain(text, Cancel);
            Assert.Equal(scores.Score, explanation.Scores.Score, 1e-6);
            double difference = scores.Score - explanation.BaselineScore;
            Assert.True(explanation.CompletenessError <= Math.Max(1e-4, 0.01 * Math.Abs(difference)), $"'{text}': {explanation}");
            Assert.Equal(difference, explanation.Tokens.Sum(token => token.Contribution), 1e-4 + 0.01 * Math.Abs(difference));
            Assert.All(explanation.Tokens, token => Assert.Equal(token.Token, text.Substring(token.Start, token.Token.Length)));
        }
        // The network reads five tokens, words count wherever they stand.
        int read = hasBag ? 8 : 5;
        Assert.Equal(read, classifier.Explain("a bad film , a very bad film", Cancel).Tokens.Count);
        classifier.Classify("a bad film , a very bad film", out int tokens);
        Assert.Equal(read, tokens);
    }

    [Fact]
    public void Classify_WithWords_MixesThemWithTheNetwork()
    {
        var model = SmallClassifier.Create(PoolingKind.Attention);
        var network = WriteAndLoad(ModelTask.SequenceClassifier, model).CreateTextClassifier().Classify("a bad film");
        var bag = new BagMixture(SomeBag.Create(), new BagSettings { Share = 0.4 });
        var mixed = WriteAndLoad(ModelTask.SequenceClassifier, model, bag).CreateTextClassifier().Classify("a bad film");
        double[] words = bag.Classifier.Probabilities("a bad film");
        for (int k = 0; k < words.Length; k++)
            Assert.Equal(0.6 * network.Scores[k].Value + 0.4 * words[k], mixed.Scores[k].Value, 1e-6);
    }

    [Fact]
    public void Load_OtherWords_IsAnError()
    {
        Write(ModelTask.SequenceClassifier, SmallClassifier.Create(PoolingKind.Mean), new BagMixture(SomeBag.Create(), new BagSettings()));
        BagFile.Write(SomeBag.Create(sourceCount: 2), _folder.At(ModelFiles.Words));
        var error = Assert.Throws<CheckpointException>(() => ModelPackage.Load(_folder.Path));
        Assert.Contains("the wordsSha256 of model.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Tagger_TagsEveryWordOfATextOfAnyLength()
    {
        var tagger = WriteAndLoad(ModelTask.Tagger, SmallClassifier.Create(null, characters: true)).CreateWordTagger();
        Assert.Empty(tagger.Tag("", Cancel));
        var words = tagger.Tag("A good film isn't bad, unseen!", Cancel);
        Assert.Equal(["A", "good", "film", "is", "n't", "bad", ",", "unseen", "!"], words.Select(word => word.Word));
        Assert.All(words, word => Assert.Contains(word.Tag, s_labels));
    }

    [Fact]
    public void Load_SeriesClassifier_NeedsNoTokenizer()
    {
        var classifier = WriteAndLoad(ModelTask.SeriesClassifier, SmallClassifier.Create(PoolingKind.Last, series: true)).CreateSeriesClassifier();
        Assert.False(File.Exists(_folder.At(ModelFiles.Tokenizer)));
        float[] steps = [.. Enumerable.Range(0, 3 * 7).Select(i => (float)Math.Cos(i))];
        // Steps before the window do not count.
        Assert.Equal(classifier.Classify(steps.AsSpan(6)).Score, classifier.Classify(steps).Score);
        Assert.Throws<ArgumentException>(() => classifier.Classify(steps.AsSpan(1)));
    }

    [Theory]
    [InlineData("labels", "null", "labels: found nothing")]
    [InlineData("labels", "[\"a\", \"a\", \"b\"]", "labels: found 'a', 'a', 'b'")]
    [InlineData("labels", "[\"a\", null, \"b\"]", "labels: found 'a', '', 'b', expected two different names or more")]
    [InlineData("labels", "[\"a\", \"b\"]", "weights: found")]
    [InlineData("classifier", "null", "classifier: found nothing")]
    [InlineData("task", "\"tagger\"", "classifier.pooling: found Mean")]
    [InlineData("task", "\"poetry\"", "task: found 'poetry'")]
    [InlineData("classifier.maxLength", "1", "classifier.maxLength: found 1, expected 2 to 100000")]
    [InlineData("classifier.maxLength", "100001", "classifier.maxLength: found 100001, expected 2 to 100000")]
    [InlineData("classifier.pooling", "\"best\"", "classifier.pooling")]
    [InlineData("classifier.characters", "{\"embeddingSize\": 0, \"hiddenSize\": 3, \"alphabet\": \"a\"}", "classifier.characters: found sizes 0 and 3")]
    [InlineData("classifier.characters", "{\"hiddenSize\": 3}", "classifier")]
    [InlineData("bagOfWords", "{}", "wordsSha256: found nothing")]
    [InlineData("architecture.hiddenSize", "2000000000", "architecture: found")]
    public void Load_ManifestThatDoesNotFit_SaysWhatAndWhere(string field, string value, string expected)
    {
        Write(ModelTask.SequenceClassifier, SmallClassifier.Create(PoolingKind.Mean));
        AssertRefused(field, value, expected);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("10001")]
    public void Load_SeriesOfAWindowThatIsNotAllowed_SaysWhich(string window)
    {
        Write(ModelTask.SeriesClassifier, SmallClassifier.Create(PoolingKind.Last, series: true));
        AssertRefused("classifier.series.window", window, $"classifier.series: found window {window}, smallest deviation 1, expected a window of 1 to 10000");
    }

    void AssertRefused(string field, string value, string expected)
    {
        var root = JsonNode.Parse(File.ReadAllText(_folder.At(ModelFiles.Manifest)))!;
        string[] names = field.Split('.');
        names[..^1].Aggregate(root, (node, name) => node[name]!)[names[^1]] = JsonNode.Parse(value);
        File.WriteAllText(_folder.At(ModelFiles.Manifest), root.ToJsonString());
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => ModelPackage.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    void Write(string task, ClassifierModel model, BagMixture? bag = null)
    {
        var tokenizer = task == ModelTask.SeriesClassifier
            ? null
            : new WordTokenizer(new Vocabulary(["a", "good", "bad", "film", "n't"]), lowercase: true);
        ClassifierPackage.Write(_folder.Path, new ModelManifest { Task = task }, s_labels, tokenizer, model, StorageType.Float32, "# Card\n", bag);
    }

    ClassifierPackage WriteAndLoad(string task, ClassifierModel model, BagMixture? bag = null)
    {
        Write(task, model, bag);
        var loaded = Assert.IsType<ClassifierPackage>(ModelPackage.Load(_folder.Path));
        Assert.Equal(s_labels, loaded.Labels);
        var sequences = SmallClassifier.Sequences(model);
        Assert.Equal(Logits(model), Logits(loaded.Model));
        return loaded;

        float[] Logits(ClassifierModel of)
        {
            var pass = new ClassifierPass(of, SmallClassifier.MostSteps, sequences.Length);
            pass.Forward(sequences);
            return [.. Enumerable.Range(0, sequences.Length).SelectMany(row => pass.Logits(row).ToArray())];
        }
    }
}
