using System.Text;
using Microsoft.Net.Http.Headers;

namespace RnnService.Api.Validation;

/// <summary>Refuses bodies that are compressed or in an encoding nobody here reads, before the JSON reader fails on them.</summary>
sealed class BodyEncoding(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.ContentEncoding.ToString() is { Length: > 0 } compression && !compression.Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw new UnsupportedBodyException($"The body must not be compressed; found Content-Encoding {compression}.");
        if (MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) && type.Charset.HasValue)
        {
            if (HeaderUtilities.RemoveQuotes(type.Charset) is var charset && !IsKnown(charset.ToString()))
                throw new UnsupportedBodyException($"The body must be in UTF-8; found charset {type.Charset}.");
            // The JSON reader knows names without quotes only.
            type.Charset = charset;
            context.Request.ContentType = type.ToString();
        }
        return next(context);
    }

    static bool IsKnown(string charset)
    {
        try
        {
            return Encoding.GetEncoding(charset) is not null;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
