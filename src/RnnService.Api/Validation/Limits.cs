namespace RnnService.Api.Validation;

/// <summary>Sizes that requests may have.</summary>
static class Limits
{
    /// <summary>UTF-16 units of a text or prompt.</summary>
    internal const int TextLength = 20_000;

    /// <summary>UTF-16 units of a word's prefix.</summary>
    internal const int PrefixLength = 100;

    /// <summary>UTF-16 units of a model reference.</summary>
    internal const int ReferenceLength = 200;

    /// <summary>Bytes of a request body: a text of full length, each unit escaped.</summary>
    internal const long BodyBytes = 256 * 1024;
}
