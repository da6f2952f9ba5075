using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using RnnService.Api.Validation;

namespace RnnService.Api.Contracts;

/// <summary>A text to translate.</summary>
public sealed record TranslationRequest
{
    /// <summary>The text; line breaks are kept.</summary>
    [Required, StringLength(Limits.TextLength)]
    public string Text { get; set; } = null!;

    /// <summary>Code of the text's language, for example en.</summary>
    [Required, StringLength(Limits.LanguageLength)]
    public string Source { get; set; } = null!;

    /// <summary>Code of the language wanted.</summary>
    [Required, StringLength(Limits.LanguageLength)]
    public string Target { get; set; } = null!;

    /// <summary>Hypotheses kept of each sentence, at least one more than alternatives; 1 always takes the most probable token.</summary>
    [Range(1, 16), DefaultValue(4)]
    public int BeamSize { get; set; } = 4;

    /// <summary>At most this many other translations.</summary>
    [Range(0, 10), DefaultValue(0)]
    public int Alternatives { get; set; }

    /// <summary>Whether the answer says which source tokens each target token comes from; for texts of up to 2000 characters.</summary>
    [DefaultValue(false)]
    public bool Alignment { get; set; }

    /// <summary>name, name@version or name@alias; the service has one for each pair of languages.</summary>
    [StringLength(Limits.ReferenceLength)]
    public string? Model { get; set; }
}

/// <summary>Another translation.</summary>
/// <param name="Text">the text</param>
/// <param name="Score">log-probability divided by the length penalty ((5 + tokens) / 6), of several sentences the mean; 0 is certain</param>
public sealed record AlternativeTranslation(string Text, double Score);

/// <summary>Which source tokens the model looked at for each target token.</summary>
/// <param name="SourceTokens">tokens of the text as the model reads it: some add a full stop that is missing</param>
/// <param name="TargetTokens">tokens of the translation</param>
/// <param name="Weights">for each target token a weight of each source token; together 1, less what went to the end of the sentence</param>
public sealed record TokenAlignment(IReadOnlyList<string> SourceTokens, IReadOnlyList<string> TargetTokens, IReadOnlyList<IReadOnlyList<double>> Weights);

/// <summary>A text in the other language.</summary>
/// <param name="Model">the model's name</param>
/// <param name="Version">the version that answered</param>
/// <param name="Translation">the best translation</param>
/// <param name="Alternatives">others, best first, where the request asks for them</param>
/// <param name="Alignment">where its tokens come from, where the request asks for it and the model has attention</param>
public sealed record TranslationResponse(
    string Model, int Version, string Translation, IReadOnlyList<AlternativeTranslation>? Alternatives, TokenAlignment? Alignment);

/// <summary>A conversation to go on with; the service keeps none.</summary>
public sealed record ChatRequest
{
    /// <summary>The turns so far, one a line, the caller's last one at the end; of a long conversation the end is read.</summary>
    [Required, StringLength(Limits.TextLength)]
    public string Text { get; set; } = null!;

    /// <summary>Below 1 safer, above 1 bolder; 0 always takes the most probable token.</summary>
    [Range(0.0, 5.0), DefaultValue(0.7)]
    public double Temperature { get; set; } = 0.7;

    /// <summary>The same seed, request and model version give the same reply.</summary>
    public long? Seed { get; set; }

    /// <summary>name, name@version or name@alias; the service has a default.</summary>
    [StringLength(Limits.ReferenceLength)]
    public string? Model { get; set; }
}

/// <summary>The next turn of a conversation.</summary>
public sealed record ChatResponse(string Model, int Version, string Reply);
