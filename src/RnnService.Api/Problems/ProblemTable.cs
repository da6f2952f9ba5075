using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using RnnService.Api.Validation;
using RnnService.Serving;

namespace RnnService.Api.Problems;

/// <summary>The one table from failures to HTTP statuses and titles.</summary>
static class ProblemTable
{
    /// <summary>Seconds after which a refused request is worth another try; null where trying again is no use.</summary>
    internal static int? RetryAfter(int status) => status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable ? 1 : null;

    /// <summary>The problem of an exception.</summary>
    internal static Problem For(Exception exception, HttpContext context, JsonSerializerOptions json) => exception switch
    {
        ServingException { Field: { } field } => InvalidFields(new Dictionary<string, string[]> { [field.Name] = [field.Wrong] }),
        ServingException serving => Create(StatusOf(serving.Failure), serving.Message),
        InvalidFieldsException invalid => InvalidFields(invalid.Errors),
        UnsupportedBodyException unsupported => Create(StatusCodes.Status415UnsupportedMediaType, unsupported.Message),
        BadHttpRequestException { InnerException: JsonException malformed } => ForJson(malformed, context, json),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } => Create(StatusCodes.Status400BadRequest,
            "The request needs a JSON object as its body."),
        BadHttpRequestException bad => ForStatus(bad.StatusCode, context),
        _ => Create(StatusCodes.Status500InternalServerError, "The service failed; its log has the details."),
    };

    /// <summary>The problem of a status that some part of the pipeline set without a body.</summary>
    internal static Problem ForStatus(int status, HttpContext context) => Create(status, status switch
    {
        StatusCodes.Status404NotFound => $"There is no route {context.Request.Method} {context.Request.Path}; /swagger shows the routes there are.",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Path} takes {context.Response.Headers.Allow}; found {context.Request.Method}.",
        StatusCodes.Status413PayloadTooLarge => $"A request body has at most {Limits.BodyBytes} bytes.",
        StatusCodes.Status415UnsupportedMediaType =>
            $"The body must be application/json; found {(context.Request.ContentType is { Length: > 0 } type ? type : "no Content-Type")}.",
        _ => null,
    });

    static int StatusOf(ServingFailure failure) => failure switch
    {
        ServingFailure.Invalid => StatusCodes.Status400BadRequest,
        ServingFailure.UnknownModel => StatusCodes.Status404NotFound,
        ServingFailure.NotLoaded or ServingFailure.Conflict => StatusCodes.Status409Conflict,
        ServingFailure.WrongTask or ServingFailure.UnknownLanguages => StatusCodes.Status422UnprocessableEntity,
        ServingFailure.Overloaded => StatusCodes.Status429TooManyRequests,
        ServingFailure.Loading or ServingFailure.LoadFailed => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    static string TitleOf(int status) => status switch
    {
        400 => "The request is malformed or a field is invalid",
        404 => "Not found",
        405 => "Method not allowed",
        409 => "Conflict with the current state",
        413 => "The request is too large",
        415 => "Unsupported media type",
        422 => "The model cannot do this",
        429 => "The service is busy",
        500 => "Internal error",
        503 => "Not ready",
        _ => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
    };

    static Problem ForJson(JsonException malformed, HttpContext context, JsonSerializerOptions json)
    {
        string place = $"line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}";
        string field = malformed.Path?.TrimStart('$', '.') ?? "";
        var type = context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        string? expected = type is null ? null : FieldRules.ExpectedJson(json.GetTypeInfo(type), field);
        string found = FoundJson.KindOf(malformed) is { } kind ? $"; found {kind}" : "";
        // A path to a field also comes with syntax errors after it; only a conversion speaks of the field itself.
        return expected is not null && malformed.Message.Contains("could not be converted", StringComparison.Ordinal)
            ? InvalidFields(new Dictionary<string, string[]> { [field] = [$"must be {expected}{found} ({place})"] })
            : Create(StatusCodes.Status400BadRequest, $"The body is not a valid JSON object ({place}).");
    }

    static Problem InvalidFields(IReadOnlyDictionary<string, string[]> errors)
    {
        string detail = string.Join("; ", errors.Select(error => $"{error.Key} {string.Join(", ", error.Value)}")) + ".";
        return Create(StatusCodes.Status400BadRequest, detail, errors);
    }

    static Problem Create(int status, string? detail, IReadOnlyDictionary<string, string[]>? errors = null) =>
        new("about:blank", TitleOf(status), status, detail, errors);
}
