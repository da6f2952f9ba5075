using System.Text.Json;
using System.Text.Json.Serialization;
using RnnService.Api.Problems;

namespace RnnService.Api.Contracts;

/// <summary>The types of requests and responses, described at compile time, so that the first request need not wait for it.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(NextWordRequest))]
[JsonSerializable(typeof(NextWordResponse))]
[JsonSerializable(typeof(GenerateRequest))]
[JsonSerializable(typeof(GenerateResponse))]
[JsonSerializable(typeof(GenerateEvent))]
[JsonSerializable(typeof(SentimentRequest))]
[JsonSerializable(typeof(SentimentResponse))]
[JsonSerializable(typeof(TagsRequest))]
[JsonSerializable(typeof(TagsResponse))]
[JsonSerializable(typeof(SeriesRequest))]
[JsonSerializable(typeof(SeriesResponse))]
[JsonSerializable(typeof(TranslationRequest))]
[JsonSerializable(typeof(TranslationResponse))]
[JsonSerializable(typeof(ChatRequest))]
[JsonSerializable(typeof(ChatResponse))]
[JsonSerializable(typeof(ModelListResponse))]
[JsonSerializable(typeof(ModelVersionResponse))]
[JsonSerializable(typeof(AliasRequest))]
[JsonSerializable(typeof(AliasesResponse))]
[JsonSerializable(typeof(VersionStateResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(Problem))]
sealed partial class ApiJsonContext : JsonSerializerContext;
