namespace RnnService.Serving;

/// <summary>From which language to which.</summary>
/// <param name="Source">code of the text's language, lower case, for example <c>en</c></param>
/// <param name="Target">code of the language wanted</param>
public readonly record struct LanguagePair(string Source, string Target)
{
    /// <summary>The pair of two codes; case does not matter.</summary>
    public static LanguagePair Of(string source, string target) => new(Code(source), Code(target));

    /// <summary><c>en to zh</c></summary>
    public override string ToString() => $"{Source} to {Target}";

    static string Code(string language) => language.Trim().ToLowerInvariant();
}
