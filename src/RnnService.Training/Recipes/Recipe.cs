using System.Text;
using RnnService.Models.BagsOfWords;
using RnnService.Models.LanguageModels;
using RnnService.Models.Ngrams;
using RnnService.Models.Packages;
using RnnService.Models.Text;
using RnnService.Training.Data;

namespace RnnService.Training.Recipes;

/// <summary>Everything but the text that decides a trained model: one JSON document, the same for the command line and the API.</summary>
public sealed record Recipe
{
    /// <summary>The job of the model: one of <see cref="ModelTask"/>.</summary>
    public string Task { get; init; } = ModelTask.LanguageModel;

    /// <summary>Where the files of a task hold what; null for a language model, whose files are text.</summary>
    public DataSettings? Data { get; init; }

    /// <summary>How text becomes tokens; not used for a series, nor where another model is the encoder.</summary>
    public TokenizerSettings Tokenizer { get; init; } = new();

    /// <summary>The network.</summary>
    public required ModelSettings Model { get; init; }

    /// <summary>What a classifier has beside its network, and how that is trained; null for other tasks.</summary>
    public ClassifierRecipe? Classifier { get; init; }

    /// <summary>What an encoder-decoder has beside the network of its decoder, and how that is trained; null for other tasks.</summary>
    public Seq2SeqRecipe? Seq2Seq { get; init; }

    /// <summary>What counted n-grams add to a language model over words; null for none.</summary>
    public NgramSettings? Ngrams { get; init; }

    /// <summary>What words and pairs of words add to a classifier of texts; null for none.</summary>
    public BagSettings? BagOfWords { get; init; }

    /// <summary>How it is trained.</summary>
    public required TrainingSettings Training { get; init; }

    /// <summary>What the model card says beyond what training knows.</summary>
    public CardSettings Card { get; init; } = new();

    /// <summary>Every field by its path, <c>training.epochs</c>, those the document does not give with their defaults.</summary>
    public IReadOnlyDictionary<string, RecipeField> Fields { get; init; } = new Dictionary<string, RecipeField>();

    /// <summary>The document as it was written.</summary>
    public required string Json { get; init; }

    /// <summary>Reads a recipe file.</summary>
    /// <exception cref="RecipeException">no such file, not JSON, or a field that is unknown, contradictory or out of range</exception>
    public static Recipe Read(string path)
    {
        if (Directory.Exists(path))
            throw new RecipeException($"{path}: is a folder, expected a recipe file.");
        if (!File.Exists(path))
            throw new RecipeException($"{path}: no such recipe file.");
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RecipeException($"{path}: cannot be read: {exception.Message}");
        }
    }

    /// <summary>Reads a recipe.</summary>
    /// <param name="utf8">the document</param>
    /// <param name="file">named in errors</param>
    /// <exception cref="RecipeException">not JSON, or a field that is unknown, contradictory or out of range</exception>
    public static Recipe Parse(ReadOnlySpan<byte> utf8, string file)
    {
        var root = new RecipeSection(file, "", JsonValue.Parse(utf8, file));
        return RecipeReader.Read(root) with { Json = Encoding.UTF8.GetString(utf8).TrimStart('\uFEFF'), Fields = root.Fields };
    }
}
