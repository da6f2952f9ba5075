using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using RnnService.Api.Validation;

namespace RnnService.Api.Contracts;

/// <summary>A text to be read.</summary>
public abstract record DocumentRequest
{
    /// <summary>The text; of a long one a model may read begin and end only.</summary>
    [Required, StringLength(Limits.DocumentLength, MinimumLength = 1)]
    public string Text { get; set; } = null!;

    /// <summary>name, name@version or name@alias; the service has a default.</summary>
    [StringLength(Limits.ReferenceLength)]
    public string? Model { get; set; }
}

/// <summary>A text whose sentiment is asked for.</summary>
public sealed record SentimentRequest : DocumentRequest
{
    /// <summary>Whether the answer says what each token contributes.</summary>
    [DefaultValue(false)]
    public bool Explain { get; set; }
}

/// <summary>A token and what it contributes to the score: positive in favour of the label, negative against it.</summary>
public sealed record ContributingToken(string Token, double Contribution);

/// <summary>The sentiment of a text.</summary>
/// <param name="Model">the model's name</param>
/// <param name="Version">the version that answered</param>
/// <param name="Label">the most probable label</param>
/// <param name="Score">its probability</param>
/// <param name="Scores">the probability of every label</param>
/// <param name="Tokens">the tokens that were read, in order, with explain</param>
/// <param name="BaselineScore">the probability of the label for a text that says nothing: contributions add up to score - baselineScore; with explain</param>
/// <param name="CompletenessError">how far the sum of the contributions is from that; with explain</param>
public sealed record SentimentResponse(
    string Model, int Version, string Label, double Score, IReadOnlyDictionary<string, double> Scores,
    IReadOnlyList<ContributingToken>? Tokens = null, double? BaselineScore = null, double? CompletenessError = null);

/// <summary>A text whose words are to be tagged.</summary>
public sealed record TagsRequest : DocumentRequest;

/// <summary>A word of the text, its most probable tag and the probability of that.</summary>
public sealed record TaggedToken(string Token, string Tag, double Probability);

/// <summary>The words of a text and their tags.</summary>
public sealed record TagsResponse(string Model, int Version, IReadOnlyList<TaggedToken> Tokens);

/// <summary>A series of numbers whose class is asked for.</summary>
public sealed record SeriesRequest
{
    /// <summary>
    /// The steps, oldest first: 1 up to the window of the model, each with the numbers that GET /api/v1/models/{name} gives as series.features.
    /// home-runs reads 1 to 10 seasons of Age, G, PA, AB, R, H, 2B, 3B, HR, RBI, SB, BB, SO, OPS, TB, as they stand in the records; PA = AB+BB+HBP+SF+SH.
    /// </summary>
    [Required]
    public IReadOnlyList<IReadOnlyList<double>> Steps { get; set; } = null!;

    /// <summary>name, name@version or name@alias; the service has a default.</summary>
    [StringLength(Limits.ReferenceLength)]
    public string? Model { get; set; }
}

/// <summary>The class of a series.</summary>
/// <param name="Model">the model's name</param>
/// <param name="Version">the version that answered</param>
/// <param name="Label">the most probable label</param>
/// <param name="Score">its probability</param>
/// <param name="Scores">the probability of every label</param>
public sealed record SeriesResponse(string Model, int Version, string Label, double Score, IReadOnlyDictionary<string, double> Scores);
