using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using RnnService.Api.Validation;

namespace RnnService.Api.OpenApi;

/// <summary>Brings the schemas of the OpenAPI document in line with what is read and written.</summary>
static class SchemaDescriptions
{
    /// <summary>A field that may be null is left out where it is; a required one is neither null nor empty; items have lengths as well.</summary>
    internal static Task DescribeType(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is null && context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            foreach (var property in context.JsonTypeInfo.Properties)
            {
                if (property.IsGetNullable && !Has<RequiredAttribute>(property))
                    schema.Required?.Remove(property.Name);
            }
        }
        else if (context.JsonPropertyInfo is { } property)
        {
            if (Has<RequiredAttribute>(property))
            {
                schema.Type &= ~JsonSchemaType.Null;
                if (property.PropertyType == typeof(string))
                    schema.MinLength = Math.Max(1, schema.MinLength ?? 0);
            }
            if (property.AttributeProvider?.GetCustomAttributes(typeof(EachStringLengthAttribute), inherit: true) is [EachStringLengthAttribute each]
                && schema.Items is OpenApiSchema items)
                (items.MinLength, items.MaxLength) = (each.Minimum, each.Maximum);
        }
        return Task.CompletedTask;
    }

    static bool Has<TAttribute>(JsonPropertyInfo property)
        where TAttribute : Attribute => property.AttributeProvider?.IsDefined(typeof(TAttribute), inherit: true) ?? false;
}
