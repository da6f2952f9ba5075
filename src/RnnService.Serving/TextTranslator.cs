using RnnService.Models.Packages;
using RnnService.Models.Seq2Seq;
using RnnService.Serving.Registry;

namespace RnnService.Serving;

/// <summary>Translates from one language to another. Safe to share between requests.</summary>
/// <param name="package">an encoder-decoder whose languages differ</param>
public sealed class TextTranslator(Seq2SeqPackage package)
{
    readonly Translator _translator = new(package.Model, package.Tokenizer);

    /// <summary>From which language to which.</summary>
    public LanguagePair Languages { get; } = LanguagePair.Of(package.Manifest.Languages![0], package.Manifest.Languages[1]);

    /// <summary>The text in the other language.</summary>
    /// <inheritdoc cref="Translator.Translate"/>
    public Translation Translate(string text, TranslationOptions options, CancellationToken cancellationToken) =>
        _translator.Translate(text, options, cancellationToken);

    /// <summary>The name of a model for these languages: <c>translate-en-zh</c> where that is one, else the first in ordinal order.</summary>
    /// <exception cref="ServingException">there is none; the message lists the pairs there are. Or it is not in memory</exception>
    internal static string NameFor(LanguagePair languages, ModelRegistry registry)
    {
        string usual = $"translate-{languages.Source}-{languages.Target}";
        string[] names =
        [
            .. registry.ModelsOf<TextTranslator>().Where(model => model.As<TextTranslator>().Languages == languages).Select(model => model.Key.Name).Distinct(),
        ];
        if (names.Length > 0)
            return names.Contains(usual) ? usual : names[0];
        try
        {
            // One of the usual name may be there without being in memory, which is another failure.
            registry.Acquire(usual).Dispose();
            return usual;
        }
        catch (ServingException unknown) when (unknown.Failure == ServingFailure.UnknownModel)
        {
            throw new ServingException(ServingFailure.UnknownLanguages,
                $"No model translates from '{languages.Source}' to '{languages.Target}'; there are: {Pairs(registry)}.", unknown);
        }
    }

    /// <exception cref="ServingException">the model has other languages than these</exception>
    internal void Require(LanguagePair languages, string model, ModelRegistry registry)
    {
        if (Languages != languages)
            throw new ServingException(ServingFailure.UnknownLanguages,
                $"The model '{model}' translates {Languages}, not {languages}; models there are: {Pairs(registry)}.");
    }

    static string Pairs(ModelRegistry registry) =>
        string.Join(", ", registry.ModelsOf<TextTranslator>().Select(model => model.As<TextTranslator>().Languages.ToString()).Distinct()) is { Length: > 0 } pairs
            ? pairs : "none";
}
