using System.Net.Mime;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using RnnService.Api.Contracts;
using RnnService.Api.Observability;
using RnnService.Api.OpenApi;
using RnnService.Models.Decoding;
using RnnService.Serving;

namespace RnnService.Api.Endpoints;

/// <summary>What the models answer.</summary>
static class PredictionEndpoints
{
    const string EventStream = "text/event-stream";

    internal static void MapPredictions(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Predictions")
            .WithProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict,
                StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity,
                StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/next-word", PredictNextWordAsync).WithName("PredictNextWord")
            .WithSummary("The most probable next words of a text, best first.")
            .WithDescription("Where the request names no model, a text of which at least half is Chinese goes to the Chinese one, whose words may have several characters.")
            .WithBodyExample("""{"text": "the students opened their", "top": 5}""");
        group.MapPost("/generate", GenerateAsync).WithName("Generate")
            .WithSummary("Continues a prompt.")
            .WithDescription("With Accept: text/event-stream each token comes as an event, data: {\"text\": …}; the last event has the finishReason.")
            .Produces<GenerateResponse>().WithStream<RouteHandlerBuilder, GenerateEvent>(EventStream)
            .WithBodyExample("""{"prompt": "the students opened their", "maxTokens": 30, "temperature": 0.7, "seed": 1}""");
        group.MapClassification();
        group.MapTranslation();
    }

    static async Task<Ok<NextWordResponse>> PredictNextWordAsync(
        NextWordRequest request, HttpContext context, PredictionService service, CancellationToken cancellationToken)
    {
        var answer = await service.NextWordAsync(request.Model, request.Text, request.Prefix, request.Top, cancellationToken);
        RequestSummary.Of(context).Set(answer.Model, answer.Tokens);
        return TypedResults.Ok(new NextWordResponse(answer.Model.Name, answer.Model.Version,
            [.. answer.Result.Select(prediction => new PredictedWord(prediction.Word, prediction.Probability))]));
    }

    static async Task<IResult> GenerateAsync(
        GenerateRequest request, HttpContext context, PredictionService service, CancellationToken cancellationToken)
    {
        var options = new GenerationOptions
        {
            MaxTokens = request.MaxTokens,
            Sampling = new() { Temperature = request.Temperature, TopK = request.TopK, TopP = request.TopP, Seed = request.Seed },
            Stop = request.Stop ?? [],
        };
        var answer = await service.GenerateAsync(request.Model, request.Prompt, options, cancellationToken);
        return AcceptsEventStream(context.Request)
            ? TypedResults.ServerSentEvents(Events(answer, context, cancellationToken))
            : await CompleteAsync(answer, context);
    }

    static async Task<Ok<GenerateResponse>> CompleteAsync(GenerationAnswer answer, HttpContext context)
    {
        var text = new StringBuilder();
        GeneratedPiece last = default;
        await foreach (var piece in answer.Pieces)
        {
            text.Append(piece.Text);
            last = piece;
        }
        RequestSummary.Of(context).Set(answer.Model, last.Tokens);
        return TypedResults.Ok(new GenerateResponse(answer.Model.Name, answer.Model.Version, text.ToString(), last.Tokens, NameOf(last.FinishReason!.Value)));
    }

    static async IAsyncEnumerable<GenerateEvent> Events(
        GenerationAnswer answer, HttpContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var piece in answer.Pieces.WithCancellation(cancellationToken))
        {
            RequestSummary.Of(context).Set(answer.Model, piece.Tokens);
            yield return piece.FinishReason is { } reason
                ? new GenerateEvent(piece.Text, answer.Model.Name, answer.Model.Version, piece.Tokens, NameOf(reason))
                : new GenerateEvent(piece.Text);
        }
    }

    /// <summary>Whether the caller names event streams, and likes them as well as JSON.</summary>
    static bool AcceptsEventStream(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var types)
        && Quality(types, EventStream) is var stream && stream > 0 && stream >= Quality(types, MediaTypeNames.Application.Json);

    static double Quality(IList<MediaTypeHeaderValue> types, string mediaType) =>
        types.Where(type => type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)).Max(type => (double?)(type.Quality ?? 1)) ?? 0;

    static string NameOf(FinishReason reason) => JsonNamingPolicy.CamelCase.ConvertName(reason.ToString());
}
