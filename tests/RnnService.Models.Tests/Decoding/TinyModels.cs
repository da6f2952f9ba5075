using RnnService.Models.LanguageModels;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Decoding;

/// <summary>Small models made for tests: random ones, and ones whose distribution is the same after any text.</summary>
static class TinyModels
{
    static readonly ModelSettings _settings = new() { Layers = 1, HiddenSize = 8, EmbeddingSize = 6 };

    /// <summary>A tokenizer over these lower-case words, case folded; ids from 4 on in this order.</summary>
    internal static WordTokenizer Words(params string[] words) =>
        new(new Vocabulary(words), lowercase: true, surfaceForms: new Dictionary<string, string> { ["boston"] = "Boston" });

    internal static CharTokenizer Characters(string characters) => new(new Vocabulary(characters.Select(c => c.ToString())), lowercase: false);

    /// <summary>Random weights: what comes next depends on what was read.</summary>
    internal static LanguageModel Random(ITokenizer tokenizer, int seed = 7)
    {
        var model = new LanguageModel(_settings, tokenizer.Vocabulary.Count);
        model.Initialize(seed);
        foreach (var parameter in model.Parameters)
        {
            // Larger than a start of training, so that the distribution is far from uniform.
            foreach (ref float weight in parameter.Value.Span)
                weight *= 5;
        }
        model.WeightsChanged();
        return model;
    }

    /// <summary>Zero weights but the output bias: these logits after any text, and <paramref name="others"/> for all other tokens.</summary>
    internal static LanguageModel Fixed(ITokenizer tokenizer, IReadOnlyDictionary<string, float> logits, float others = -10)
    {
        var model = new LanguageModel(_settings, tokenizer.Vocabulary.Count);
        var bias = model.Parameters["output.bias"].Value.Span;
        bias.Fill(others);
        foreach (var (token, logit) in logits)
            bias[tokenizer.Vocabulary.IdOf(token)] = logit;
        model.WeightsChanged();
        return model;
    }
}
