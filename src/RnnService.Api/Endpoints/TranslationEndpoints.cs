using Microsoft.AspNetCore.Http.HttpResults;
using RnnService.Api.Contracts;
using RnnService.Api.Observability;
using RnnService.Api.OpenApi;
using RnnService.Models.Seq2Seq;
using RnnService.Serving;

namespace RnnService.Api.Endpoints;

/// <summary>Texts from texts: translations and replies.</summary>
static class TranslationEndpoints
{
    const int WeightDigits = 4;

    internal static void MapTranslation(this IEndpointRouteBuilder predictions)
    {
        predictions.MapPost("/translation", TranslateAsync).WithName("Translate")
            .WithSummary("The text in another language.")
            .WithDescription("Long texts are translated sentence by sentence. Languages that no model has are answered with 422, which lists those there are.")
            .WithBodyExample("""{"text": "Elle aime la Chine.", "source": "fr", "target": "en", "alternatives": 2, "alignment": true}""");
        predictions.MapPost("/chat", ChatAsync).WithName("Chat")
            .WithSummary("The next turn of a conversation.")
            .WithDescription("The caller holds the conversation and sends its turns, one a line; the last ones count.")
            .WithBodyExample("""{"text": "Hi! How are you?", "seed": 1}""");
    }

    static async Task<Ok<TranslationResponse>> TranslateAsync(
        TranslationRequest request, HttpContext context, PredictionService service, CancellationToken cancellationToken)
    {
        var options = new TranslationOptions { BeamSize = request.BeamSize, Alternatives = request.Alternatives, Alignment = request.Alignment };
        var answer = await service.TranslateAsync(
            request.Model, request.Text, LanguagePair.Of(request.Source, request.Target), options, cancellationToken);
        RequestSummary.Of(context).Set(answer.Model, answer.Tokens);
        var translation = answer.Result;
        var alternatives = request.Alternatives == 0 ? null : translation.Alternatives.Select(text => new AlternativeTranslation(text.Text, text.Score)).ToArray();
        return TypedResults.Ok(new TranslationResponse(answer.Model.Name, answer.Model.Version, translation.Text, alternatives, Contract(translation.Alignment)));
    }

    static async Task<Ok<ChatResponse>> ChatAsync(
        ChatRequest request, HttpContext context, PredictionService service, CancellationToken cancellationToken)
    {
        var sampling = ChatResponder.DefaultSampling with { Temperature = request.Temperature, Seed = request.Seed };
        var answer = await service.ChatAsync(request.Model, request.Text, sampling, cancellationToken);
        RequestSummary.Of(context).Set(answer.Model, answer.Tokens);
        return TypedResults.Ok(new ChatResponse(answer.Model.Name, answer.Model.Version, answer.Result));
    }

    static TokenAlignment? Contract(Alignment? alignment) => alignment is null ? null : new TokenAlignment(
        alignment.SourceTokens, alignment.TargetTokens,
        [.. alignment.Weights.Select(row => row.Select(weight => Math.Round(weight, WeightDigits)).ToArray())]);
}
