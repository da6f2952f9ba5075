using RnnService.Models.BagsOfWords;
using RnnService.Models.Checkpoints;
using RnnService.Models.Classification;
using RnnService.Models.Text;

namespace RnnService.Models.Packages;

/// <summary>A classifier of texts, words or series with all that is needed to use it.</summary>
/// <param name="Manifest">what it is and where it comes from</param>
/// <param name="Labels">[K] the names of its labels, in the order of its outputs</param>
/// <param name="Tokenizer">its tokens; null for a series</param>
/// <param name="Model">its weights</param>
public sealed record ClassifierPackage(ModelManifest Manifest, IReadOnlyList<string> Labels, ITokenizer? Tokenizer, ClassifierModel Model)
    : ModelPackage(Manifest)
{
    /// <summary>The most steps of a series that a model may read.</summary>
    public const int LongestWindow = 10_000;

    /// <summary>The most tokens of a text that a model may read.</summary>
    public const int LongestText = 100_000;

    /// <summary>What words and pairs of words add to the classes of texts; null for a model without.</summary>
    public BagMixture? Bag { get; init; }

    /// <summary>What says which class a text is of.</summary>
    /// <exception cref="InvalidOperationException">the model does something else</exception>
    public TextClassifier CreateTextClassifier() => Of(ModelTask.SequenceClassifier, () => new TextClassifier(Model, Labels, Tokenizer!, Bag));

    /// <summary>What gives each word of a text its tag.</summary>
    /// <exception cref="InvalidOperationException">the model does something else</exception>
    public WordTagger CreateWordTagger() => Of(ModelTask.Tagger, () => new WordTagger(Model, Labels, Tokenizer!));

    /// <summary>What says which class a series of numbers is of.</summary>
    /// <exception cref="InvalidOperationException">the model does something else</exception>
    public SeriesClassifier CreateSeriesClassifier() => Of(ModelTask.SeriesClassifier, () => new SeriesClassifier(Model, Labels));

    T Of<T>(string task, Func<T> create) =>
        Manifest.Task == task ? create() : throw new InvalidOperationException($"task: found '{Manifest.Task}', expected '{task}'.");

    /// <summary>Writes the files of a version into <paramref name="folder"/>.</summary>
    /// <param name="folder">an existing folder</param>
    /// <param name="manifest">task, metrics, recipe and origin; what describes the other files is filled in</param>
    /// <param name="labels">[K] the names of the outputs</param>
    /// <param name="tokenizer">the tokens; null for a series</param>
    /// <param name="model">the weights</param>
    /// <param name="storage">how the weights are stored</param>
    /// <param name="card">the model card, Markdown</param>
    /// <param name="bag">weights of words, if it has any</param>
    public static void Write(
        string folder, ModelManifest manifest, IReadOnlyList<string> labels, ITokenizer? tokenizer, ClassifierModel model, StorageType storage, string card,
        BagMixture? bag = null)
    {
        var described = manifest with { Architecture = model.Settings, Classifier = model.Classifier, Labels = labels, BagOfWords = bag?.Settings };
        if (bag is not null)
        {
            string path = Path.Combine(folder, ModelFiles.Words);
            BagFile.Write(bag.Classifier, path);
            described = described with { WordsSha256 = ModelFiles.Sha256(path) };
        }
        VersionFiles.Write(folder, described, tokenizer, model.Parameters, storage, card);
    }

    internal static ClassifierPackage Read(string folder, ModelManifest manifest)
    {
        string path = Path.Combine(folder, ModelFiles.Manifest);
        if (manifest.Labels is not { Count: >= 2 } labels || labels.Contains(null!) || labels.Distinct(StringComparer.Ordinal).Count() != labels.Count)
            throw new CheckpointException(path, "labels", manifest.Labels is null ? "nothing" : $"'{string.Join("', '", manifest.Labels)}'", "two different names or more");
        var classifier = manifest.Classifier ?? throw new CheckpointException(path, "classifier", "nothing", "what is around the network");
        Check(path, manifest, classifier);
        var tokenizer = classifier.Series is null ? VersionFiles.ReadTokenizer(folder, manifest) : null;
        var model = VersionFiles.ReadModel(
            folder, manifest,
            () => ClassifierModel.WeightCount(manifest.Architecture, classifier, manifest.VocabularySize, labels.Count),
            () => new ClassifierModel(manifest.Architecture, classifier, manifest.VocabularySize, labels.Count),
            model => model.Parameters);
        return new ClassifierPackage(manifest, labels, tokenizer, model) { Bag = ReadBag(folder, manifest, labels.Count) };
    }

    static BagMixture? ReadBag(string folder, ModelManifest manifest, int labelCount)
    {
        if (manifest.BagOfWords is null)
            return null;
        string path = Path.Combine(folder, ModelFiles.Words);
        if (manifest.Task != ModelTask.SequenceClassifier)
            throw new CheckpointException(Path.Combine(folder, ModelFiles.Manifest), "bagOfWords", "settings", $"nothing, as task is '{manifest.Task}'");
        var classifier = BagFile.Read(path, labelCount);
        ModelFiles.CheckSha256(path, manifest.WordsSha256, "wordsSha256");
        return new BagMixture(classifier, manifest.BagOfWords);
    }

    static void Check(string path, ModelManifest manifest, ClassifierSettings classifier)
    {
        bool isTagger = manifest.Task == ModelTask.Tagger, isSeries = manifest.Task == ModelTask.SeriesClassifier;
        if (classifier.Pooling is null != isTagger)
            throw Wrong("pooling", classifier.Pooling?.ToString() ?? "nothing", isTagger ? "nothing, as each word has its label" : "a pooling");
        if (classifier.Series is null == isSeries)
            throw Wrong("series", isSeries ? "nothing" : "numbers", isSeries ? "names, window, means and deviations" : "nothing, as the model reads text");
        if (classifier.MaxLength is < 2 or > LongestText)
            throw Wrong("maxLength", $"{classifier.MaxLength}", $"2 to {LongestText}");
        if (classifier.Characters is { } characters && (characters.EmbeddingSize < 1 || characters.HiddenSize < 1 || !isTagger))
            throw Wrong("characters", $"sizes {characters.EmbeddingSize} and {characters.HiddenSize}", "positive sizes, and a model that tags words");
        if (classifier.Characters is { } known && known.Alphabet.Distinct().Count() != known.Alphabet.Length)
            throw Wrong("characters.alphabet", "a character twice", "each character once");
        if (classifier.Series is { } series)
        {
            int[] counts = [series.Names.Count, series.Means.Count, series.Deviations.Count];
            if (counts.Any(count => count != manifest.Architecture.EmbeddingSize))
                throw Wrong("series", $"{counts[0]} names, {counts[1]} means, {counts[2]} deviations", $"{manifest.Architecture.EmbeddingSize} of each, the embeddingSize");
            if (series.Window is < 1 or > LongestWindow || series.Deviations.Any(deviation => !(deviation > 0)))
                throw Wrong("series", $"window {series.Window}, smallest deviation {series.Deviations.Min()}", $"a window of 1 to {LongestWindow} and positive deviations");
        }

        CheckpointException Wrong(string field, string found, string expected) => new(path, $"classifier.{field}", found, expected);
    }
}
