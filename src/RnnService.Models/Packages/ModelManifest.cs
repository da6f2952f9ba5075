using System.Text.Json;
using System.Text.Json.Serialization;
using RnnService.Engine.Layers;
using RnnService.Models.BagsOfWords;
using RnnService.Models.Checkpoints;
using RnnService.Models.Classification;
using RnnService.Models.LanguageModels;
using RnnService.Models.Ngrams;
using RnnService.Models.Seq2Seq;

namespace RnnService.Models.Packages;

/// <summary>
/// <c>model.json</c>: what a version of a model is and where it comes from. Fields of later formats that this program does not know are
/// passed over when reading.
/// </summary>
public sealed record ModelManifest
{
    /// <summary>The format this program writes; it reads this and earlier ones.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The format of the version's files.</summary>
    public int FormatVersion { get; init; } = CurrentFormat;

    /// <summary>What the model is for: one of <see cref="ModelTask"/>.</summary>
    public string Task { get; init; } = ModelTask.LanguageModel;

    /// <summary>The network.</summary>
    public ModelSettings Architecture { get; init; } = new();

    /// <summary>What a classifier has around the network.</summary>
    public ClassifierSettings? Classifier { get; init; }

    /// <summary>What an encoder-decoder has around the network of its decoder.</summary>
    [JsonPropertyName("seq2seq")]
    public Seq2SeqSettings? Seq2Seq { get; init; }

    /// <summary>What <c>tokenizer.json</c> cannot hold; null for a model that reads no text.</summary>
    public TokenizerManifest? Tokenizer { get; init; }

    /// <summary>V; 0 for a model that reads no text.</summary>
    public int VocabularySize { get; init; }

    /// <summary>The classes of a classifier, in the order of its outputs.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The languages of the model's text, for example <c>en</c>.</summary>
    public IReadOnlyList<string>? Languages { get; init; }

    /// <summary>Measured quality by name, for example <c>validationPerplexity</c>.</summary>
    public IReadOnlyDictionary<string, double>? Metrics { get; init; }

    /// <summary>The recipe that trained the model, as it was read.</summary>
    public JsonElement? Recipe { get; init; }

    /// <summary>SHA-256 of the training text.</summary>
    public string? DataHash { get; init; }

    /// <summary>SHA-256 of the weights' file.</summary>
    public string WeightsSha256 { get; init; } = "";

    /// <summary>What counted n-grams add to a language model; null for one without.</summary>
    public NgramSettings? Ngrams { get; init; }

    /// <summary>SHA-256 of their file.</summary>
    public string? NgramsSha256 { get; init; }

    /// <summary>What words and pairs of words add to a classifier of texts; null for one without.</summary>
    public BagSettings? BagOfWords { get; init; }

    /// <summary>SHA-256 of their file.</summary>
    public string? WordsSha256 { get; init; }

    /// <summary>Program and version that wrote the files, for example <c>rnn 0.1.0</c>.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>When they were written.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Reads <c>model.json</c>.</summary>
    /// <exception cref="CheckpointException">it is missing or broken, or a field is missing or of another kind</exception>
    public static ModelManifest Read(string path)
    {
        var root = JsonField.Open(path);
        var format = root.Required("formatVersion");
        if (format.AsInteger(least: 1) > CurrentFormat)
            throw format.Unexpected($"at most {CurrentFormat}; the model was written by a later version of this program");
        bool readsText = root.Required("task").AsString() != ModelTask.SeriesClassifier;
        root.Required("vocabularySize").AsInteger(least: readsText ? 1 : 0);
        var architecture = root.Required("architecture");
        foreach (string size in new[] { "layers", "hiddenSize", "embeddingSize" })
            architecture.Required(size).AsInteger(least: 1);
        var cell = architecture.Required("cell");
        if (!Enum.GetNames<CellKind>().Contains(cell.AsString(), StringComparer.OrdinalIgnoreCase))
            throw cell.Unexpected("rnn, lstm or gru");
        if (readsText)
            CheckTokenizer(root.Required("tokenizer"));
        CheckHash(root.Required("weightsSha256"));
        if (root.Optional("ngrams") is { IsNull: false } ngrams)
        {
            CheckHash(root.Required("ngramsSha256"));
            CheckNgrams(ngrams);
        }
        if (root.Optional("bagOfWords") is { IsNull: false } bag)
        {
            CheckHash(root.Required("wordsSha256"));
            bag.Required("minTexts").AsInteger(least: 1);
            bag.Required("share").AsFraction();
        }
        try
        {
            return root.Element.Deserialize(ModelJson.Default.ModelManifest) ?? throw root.Unexpected("an object");
        }
        catch (JsonException wrong)
        {
            throw new CheckpointException(path, wrong.Path ?? "the document", "a value of another kind", "that of the field", wrong);
        }
    }

    static void CheckHash(JsonField hash)
    {
        if (hash.AsString() is not { Length: 64 } digits || !digits.All(char.IsAsciiHexDigitLower))
            throw hash.Unexpected("64 lower-case hexadecimal digits");
    }

    static void CheckNgrams(JsonField ngrams)
    {
        ngrams.Required("order").AsInteger(least: 2);
        ngrams.Required("minCount").AsInteger(least: 1);
        ngrams.Required("discount").AsFraction();
        ngrams.Required("share").AsFraction();
    }

    static void CheckTokenizer(JsonField tokenizer)
    {
        tokenizer.Required("type").AsString();
        var surfaceForms = tokenizer.Optional("surfaceForms");
        if (surfaceForms.IsNull)
            return;
        foreach (var (_, form) in surfaceForms.Fields())
            if (form.AsString().Length == 0)
                throw form.Unexpected("at least one character");
    }

    /// <summary>Writes <c>model.json</c>.</summary>
    public void Write(string path)
    {
        using var stream = File.Create(path);
        JsonSerializer.Serialize(stream, this, ModelJson.Readable.ModelManifest);
        stream.WriteByte((byte)'\n');
    }
}
