using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace RnnService.Api.Validation;

/// <summary>Checks the body of every request of a group before its handler sees it.</summary>
sealed class ValidationFilter(IOptions<JsonOptions> json) : IEndpointFilter
{
    readonly JsonSerializerOptions _json = json.Value.SerializerOptions;

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var type = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        object? request = type is null ? null : context.Arguments.FirstOrDefault(type.IsInstanceOfType);
        if (request is not null && FieldRules.Check(request, _json.GetTypeInfo(type!)) is { Count: > 0 } errors)
            throw new InvalidFieldsException(errors);
        return next(context);
    }
}
