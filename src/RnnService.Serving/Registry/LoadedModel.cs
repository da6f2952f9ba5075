using RnnService.Models.Decoding;
using RnnService.Models.LanguageModels;
using RnnService.Models.Text;

namespace RnnService.Serving.Registry;

/// <summary>A version in memory with everything that answers requests. Shared by all requests.</summary>
public sealed class LoadedModel
{
    readonly NextWordPredictor? _nextWord;

    /// <param name="key">name and version</param>
    /// <param name="model">the weights</param>
    /// <param name="tokenizer">the tokenizer the model was trained with</param>
    public LoadedModel(ModelKey key, LanguageModel model, ITokenizer tokenizer)
    {
        Key = key;
        Generator = new TextGenerator(model, tokenizer);
        if (NextWordPredictor.Reads(tokenizer))
            _nextWord = new NextWordPredictor(model, tokenizer);
    }

    /// <summary>Name and version.</summary>
    public ModelKey Key { get; }

    /// <summary>Continues texts.</summary>
    public TextGenerator Generator { get; }

    /// <summary>Ranks next words.</summary>
    /// <exception cref="ServingException">the model does not read words (<see cref="ServingFailure.WrongTask"/>)</exception>
    public NextWordPredictor NextWord => _nextWord ?? throw new ServingException(ServingFailure.WrongTask,
        $"The model '{Key}' does not read words and predicts none; it answers generation requests.");
}
