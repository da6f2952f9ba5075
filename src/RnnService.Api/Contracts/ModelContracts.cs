using System.ComponentModel.DataAnnotations;

namespace RnnService.Api.Contracts;

/// <summary>A model with its versions.</summary>
/// <param name="Name">the model's name</param>
/// <param name="Task">what it does: language-model, sequence-classifier, tagger, series-classifier or seq2seq</param>
/// <param name="Languages">BCP 47 tags of the languages it was trained on; empty where its maker named none</param>
/// <param name="Labels">the labels it chooses from, where it does</param>
/// <param name="Series">the series it reads, where it does</param>
/// <param name="Version">the version that the bare name means</param>
/// <param name="Versions">all versions, ascending</param>
/// <param name="Aliases">alias → version</param>
/// <param name="State">of that version: unloaded, loading, ready, unloading or failed</param>
/// <param name="WeightType">how its weights are kept in memory: float32 or int8</param>
/// <param name="Error">why it failed, in state failed</param>
/// <param name="Bytes">size of its files</param>
/// <param name="Metrics">its measured quality, by name</param>
/// <param name="Card">its model card, Markdown</param>
public sealed record ModelResponse(
    string Name, string Task, IReadOnlyList<string> Languages, IReadOnlyList<string>? Labels, SeriesInputResponse? Series,
    int Version, IReadOnlyList<int> Versions, IReadOnlyDictionary<string, int> Aliases, string State, string WeightType, string? Error, long Bytes,
    IReadOnlyDictionary<string, double> Metrics, string? Card);

/// <summary>All models.</summary>
public sealed record ModelListResponse(IReadOnlyList<ModelResponse> Models);

/// <summary>One version of a model.</summary>
/// <param name="Name">the model's name</param>
/// <param name="Version">1 or more</param>
/// <param name="Task">what it does: language-model, sequence-classifier, tagger, series-classifier or seq2seq</param>
/// <param name="Languages">BCP 47 tags of the languages it was trained on; empty where its maker named none</param>
/// <param name="Labels">the labels it chooses from, where it does</param>
/// <param name="Series">the series it reads, where it does</param>
/// <param name="Aliases">the aliases that point to it</param>
/// <param name="State">unloaded, loading, ready, unloading or failed</param>
/// <param name="WeightType">how its weights are kept in memory: float32 or int8</param>
/// <param name="Error">why it failed, in state failed</param>
/// <param name="Bytes">size of its files</param>
/// <param name="Metrics">its measured quality, by name</param>
/// <param name="Architecture">cell, layers and sizes</param>
/// <param name="Card">its model card, Markdown</param>
public sealed record ModelVersionResponse(
    string Name, int Version, string Task, IReadOnlyList<string> Languages, IReadOnlyList<string>? Labels, SeriesInputResponse? Series,
    IReadOnlyList<string> Aliases, string State, string WeightType, string? Error,
    long Bytes, IReadOnlyDictionary<string, double> Metrics, ArchitectureResponse? Architecture, string? Card);

/// <summary>The series that a model reads.</summary>
/// <param name="Features">the names of the numbers of a step, in their order</param>
/// <param name="Window">the most steps</param>
public sealed record SeriesInputResponse(IReadOnlyList<string> Features, int Window);

/// <summary>The network of a model.</summary>
/// <param name="Cell">rnn, lstm or gru</param>
/// <param name="Layers">stacked recurrent layers</param>
/// <param name="HiddenSize">units of each layer</param>
/// <param name="EmbeddingSize">units of an embedding vector</param>
/// <param name="TieEmbeddings">whether the output layer shares the embedding matrix</param>
public sealed record ArchitectureResponse(string Cell, int Layers, int HiddenSize, int EmbeddingSize, bool TieEmbeddings);

/// <summary>Where an alias shall point.</summary>
public sealed record AliasRequest
{
    /// <summary>A version of the model.</summary>
    [Required, Range(1, int.MaxValue)]
    public int? Version { get; set; }
}

/// <summary>The aliases of a model after a change.</summary>
public sealed record AliasesResponse(string Name, IReadOnlyDictionary<string, int> Aliases);

/// <summary>The state of a version after a change.</summary>
public sealed record VersionStateResponse(string Name, int Version, string State);
