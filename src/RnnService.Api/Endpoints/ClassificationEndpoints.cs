using Microsoft.AspNetCore.Http.HttpResults;
using RnnService.Api.Contracts;
using RnnService.Api.Observability;
using RnnService.Api.OpenApi;
using RnnService.Models.Classification;
using RnnService.Serving;
using RnnService.Serving.Registry;

namespace RnnService.Api.Endpoints;

/// <summary>Labels of texts, words and series.</summary>
static class ClassificationEndpoints
{
    internal static void MapClassification(this IEndpointRouteBuilder predictions)
    {
        predictions.MapPost("/sentiment", ClassifyTextAsync).WithName("ClassifySentiment")
            .WithSummary("Whether a text is positive or negative, and which words decided.")
            .WithDescription("Where the request names no model, a text of which at least half is Chinese goes to the Chinese one. With explain, each token's contribution "
                + "is computed by integrated gradients: positive numbers speak for the label, negative ones against it, and together they make up the "
                + "difference between the score and that of a text that says nothing.")
            .WithBodyExample("""{"text": "Amazing! The colour is lovely, it fits and I will definitely buy again.", "explain": true}""");
        predictions.MapPost("/tags", TagAsync).WithName("TagWords")
            .WithSummary("The part of speech, or other tag, of each word.")
            .WithDescription("Words are split as treebanks do: don't becomes do and n't.")
            .WithBodyExample("""{"text": "The students didn't open their books."}""");
        // Aaron Judge's seasons 2016 to 2021.
        predictions.MapPost("/series", ClassifySeriesAsync).WithName("ClassifySeries")
            .WithSummary("The class of a series of numbers, such as a player's seasons.")
            .WithDescription("The example are a baseball player's seasons, oldest first; home-runs answers how many home runs the next one brings. "
                + "Numbers go in as they are measured: the model brings them to one scale.")
            .WithBodyExample("""
                {"steps": [
                  [24, 27, 95, 84, 10, 15, 2, 0, 4, 10, 0, 9, 42, 0.608, 29],
                  [25, 155, 678, 542, 128, 154, 24, 3, 52, 114, 9, 127, 208, 1.049, 340],
                  [26, 112, 498, 413, 77, 115, 22, 0, 27, 67, 6, 76, 152, 0.919, 218],
                  [27, 102, 446, 378, 75, 103, 18, 1, 27, 55, 3, 64, 141, 0.921, 204],
                  [28, 28, 113, 101, 23, 26, 3, 0, 9, 22, 0, 10, 32, 0.891, 56],
                  [29, 148, 633, 550, 89, 158, 24, 0, 39, 98, 6, 75, 158, 0.916, 299]
                ]}
                """);
    }

    static async Task<Ok<SentimentResponse>> ClassifyTextAsync(
        SentimentRequest request, HttpContext context, PredictionService service, CancellationToken cancellationToken)
    {
        if (!request.Explain)
        {
            var answer = await service.ClassifyTextAsync(request.Model, request.Text, cancellationToken);
            RequestSummary.Of(context).Set(answer.Model, answer.Tokens);
            return TypedResults.Ok(Response(answer.Model, answer.Result));
        }
        var explained = await service.ExplainTextAsync(request.Model, request.Text, cancellationToken);
        RequestSummary.Of(context).Set(explained.Model, explained.Tokens);
        return TypedResults.Ok(Response(explained.Model, explained.Result.Scores, explained.Result));
    }

    static async Task<Ok<TagsResponse>> TagAsync(
        TagsRequest request, HttpContext context, PredictionService service, CancellationToken cancellationToken)
    {
        var answer = await service.TagAsync(request.Model, request.Text, cancellationToken);
        RequestSummary.Of(context).Set(answer.Model, answer.Tokens);
        return TypedResults.Ok(new TagsResponse(answer.Model.Name, answer.Model.Version,
            [.. answer.Result.Select(word => new TaggedToken(word.Word, word.Tag, word.Probability))]));
    }

    static async Task<Ok<SeriesResponse>> ClassifySeriesAsync(
        SeriesRequest request, HttpContext context, PredictionService service, CancellationToken cancellationToken)
    {
        var answer = await service.ClassifySeriesAsync(request.Model, request.Steps, cancellationToken);
        RequestSummary.Of(context).Set(answer.Model, answer.Tokens);
        var (label, score, scores) = answer.Result;
        return TypedResults.Ok(new SeriesResponse(answer.Model.Name, answer.Model.Version, label, score, new Dictionary<string, double>(scores)));
    }

    static SentimentResponse Response(ModelKey model, LabelScores scores, Explanation? explanation = null) => new(
        model.Name, model.Version, scores.Label, scores.Score, new Dictionary<string, double>(scores.Scores),
        explanation?.Tokens.Select(token => new ContributingToken(token.Token, token.Contribution)).ToArray(),
        explanation?.BaselineScore, explanation?.CompletenessError);
}
