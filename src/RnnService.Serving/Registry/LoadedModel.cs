using RnnService.Models.Decoding;
using RnnService.Models.LanguageModels;

namespace RnnService.Serving.Registry;

/// <summary>A version in memory with everything that answers requests. Shared by all requests.</summary>
public sealed class LoadedModel
{
    readonly NextWordPredictor? _nextWord;

    /// <param name="key">name and version</param>
    /// <param name="package">weights, tokenizer and manifest</param>
    public LoadedModel(ModelKey key, LanguageModelPackage package)
    {
        Key = key;
        Package = package;
        Generator = new TextGenerator(package.Model, package.Tokenizer);
        if (package.Tokenizer is not Models.Text.CharTokenizer)
            _nextWord = new NextWordPredictor(package.Model, package.Tokenizer);
    }

    /// <summary>Name and version.</summary>
    public ModelKey Key { get; }

    /// <summary>Weights, tokenizer and manifest.</summary>
    public LanguageModelPackage Package { get; }

    /// <summary>Continues texts.</summary>
    public TextGenerator Generator { get; }

    /// <summary>Ranks next words.</summary>
    /// <exception cref="ServingException">the model reads characters (<see cref="ServingFailure.WrongTask"/>)</exception>
    public NextWordPredictor NextWord => _nextWord ?? throw new ServingException(ServingFailure.WrongTask,
        $"The model '{Key}' reads characters and predicts no words; it answers generation requests.");
}
