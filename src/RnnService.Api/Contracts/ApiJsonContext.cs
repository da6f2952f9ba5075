using System.Text.Json;
using System.Text.Json.Serialization;
using RnnService.Api.Problems;

namespace RnnService.Api.Contracts;

/// <summary>How every request is read and every response written; made at compile time, so that the first request need not wait for it.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NextWordRequest))]
[JsonSerializable(typeof(NextWordResponse))]
[JsonSerializable(typeof(GenerateRequest))]
[JsonSerializable(typeof(GenerateResponse))]
[JsonSerializable(typeof(GenerateEvent))]
[JsonSerializable(typeof(ModelListResponse))]
[JsonSerializable(typeof(ModelVersionResponse))]
[JsonSerializable(typeof(AliasRequest))]
[JsonSerializable(typeof(AliasesResponse))]
[JsonSerializable(typeof(VersionStateResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(Problem))]
sealed partial class ApiJsonContext : JsonSerializerContext;
