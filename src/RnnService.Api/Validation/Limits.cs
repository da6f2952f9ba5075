namespace RnnService.Api.Validation;

/// <summary>Sizes that requests may have.</summary>
static class Limits
{
    /// <summary>UTF-16 units of a text or prompt to go on from.</summary>
    internal const int TextLength = 20_000;

    /// <summary>UTF-16 units of a text that is classified or tagged: 10,000 words and more.</summary>
    internal const int DocumentLength = 100_000;

    /// <summary>UTF-16 units of a word's prefix.</summary>
    internal const int PrefixLength = 100;

    /// <summary>UTF-16 units of a language's code.</summary>
    internal const int LanguageLength = 20;

    /// <summary>UTF-16 units of a model reference.</summary>
    internal const int ReferenceLength = 200;

    /// <summary>Bytes of a request body: the longest text, each unit escaped.</summary>
    internal const long BodyBytes = 640 * 1024;
}
