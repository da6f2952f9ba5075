using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using RnnService.Api.Validation;

namespace RnnService.Api.Contracts;

/// <summary>A text whose next word is asked for.</summary>
public sealed record NextWordRequest
{
    /// <summary>What stands before the word; empty asks for the first word of a sentence.</summary>
    [Required(AllowEmptyStrings = true), StringLength(Limits.TextLength)]
    public string Text { get; set; } = null!;

    /// <summary>The letters of the word typed so far: only words that begin with them are given.</summary>
    [StringLength(Limits.PrefixLength)]
    public string? Prefix { get; set; }

    /// <summary>Number of words.</summary>
    [Range(1, 50), DefaultValue(5)]
    public int Top { get; set; } = 5;

    /// <summary>name, name@version or name@alias; the service has a default.</summary>
    [StringLength(Limits.ReferenceLength)]
    public string? Model { get; set; }
}

/// <summary>A word and the model's probability of it among all tokens.</summary>
public sealed record PredictedWord(string Word, double Probability);

/// <summary>The most probable next words, best first.</summary>
public sealed record NextWordResponse(string Model, int Version, IReadOnlyList<PredictedWord> Predictions);

/// <summary>A prompt to continue.</summary>
public sealed record GenerateRequest
{
    /// <summary>The text to continue; empty begins a new one.</summary>
    [Required(AllowEmptyStrings = true), StringLength(Limits.TextLength)]
    public string Prompt { get; set; } = null!;

    /// <summary>At most this many tokens (words and punctuation, or characters where the model reads characters).</summary>
    [Range(1, 2048), DefaultValue(100)]
    public int MaxTokens { get; set; } = 100;

    /// <summary>Below 1 safer, above 1 bolder; 0 always takes the most probable token.</summary>
    [Range(0.0, 5.0), DefaultValue(0.8)]
    public double Temperature { get; set; } = 0.8;

    /// <summary>Only the most probable tokens whose probabilities reach this sum take part; 1 turns the limit off.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true), DefaultValue(0.95)]
    public double TopP { get; set; } = 0.95;

    /// <summary>Only this many most probable tokens take part; 0 turns the limit off.</summary>
    [Range(0, 100_000), DefaultValue(0)]
    public int TopK { get; set; }

    /// <summary>The same seed, request and model version give the same text.</summary>
    public long? Seed { get; set; }

    /// <summary>The text ends before the first of these strings.</summary>
    [Length(0, 8), EachStringLength(1, 100)]
    public IReadOnlyList<string>? Stop { get; set; }

    /// <summary>name, name@version or name@alias; the service has a default.</summary>
    [StringLength(Limits.ReferenceLength)]
    public string? Model { get; set; }
}

/// <summary>The continuation of a prompt, without the prompt.</summary>
/// <param name="Model">the model's name</param>
/// <param name="Version">the version that answered</param>
/// <param name="Text">the continuation</param>
/// <param name="Tokens">number of tokens generated</param>
/// <param name="FinishReason">stop: the model ended the text or a stop string appeared; length: maxTokens were reached</param>
public sealed record GenerateResponse(string Model, int Version, string Text, int Tokens, string FinishReason);

/// <summary>One event of a streamed continuation: the next piece of text. The last event also says how the text ended.</summary>
public sealed record GenerateEvent(string Text, string? Model = null, int? Version = null, int? Tokens = null, string? FinishReason = null);
