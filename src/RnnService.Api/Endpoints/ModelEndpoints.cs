using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using RnnService.Api.Contracts;
using RnnService.Api.OpenApi;
using RnnService.Models.LanguageModels;
using RnnService.Models.Packages;
using RnnService.Serving;
using RnnService.Serving.Registry;

namespace RnnService.Api.Endpoints;

/// <summary>Which models there are, and what is served.</summary>
static class ModelEndpoints
{
    const string ExampleName = "next-word-en";

    internal static void MapModels(this IEndpointRouteBuilder api)
    {
        var models = api.MapGroup("/models").WithTags("Models");
        models.MapGet("", List).WithName("ListModels").WithSummary("All models.");

        var model = models.MapGroup("/{name}")
            .WithProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict,
                StatusCodes.Status503ServiceUnavailable)
            .WithPathExample("name", ExampleName);
        model.MapGet("", Get).WithName("GetModel").WithSummary("One model.");

        var alias = model.MapGroup("/aliases/{alias}").WithPathExample("alias", "production");
        alias.MapPut("", SetAliasAsync).WithName("SetAlias")
            .WithSummary("Points an alias to a version.")
            .WithDescription("The version is loaded first, so that the alias never points to a model that does not answer. The alias production decides what the bare name means.")
            .WithVersionExample(ExampleName);
        alias.MapDelete("", RemoveAliasAsync).WithName("RemoveAlias").WithSummary("Removes an alias; does nothing where there is none.");

        var version = model.MapGroup("/versions/{version:int:min(1)}");
        version.MapGet("", GetVersion).WithName("GetModelVersion").WithSummary("One version of a model.").WithVersionExample(ExampleName);
        version.MapPost("/unload", UnloadAsync).WithName("UnloadModelVersion")
            .WithSummary("Takes a version out of memory after its last user, until it is loaded again.").WithVersionExample(ExampleName);
        version.MapPost("/load", LoadAsync).WithName("LoadModelVersion")
            .WithSummary("Loads a version and keeps it in memory.").WithVersionExample(ExampleName);
        version.MapDelete("", DeleteAsync).WithName("DeleteModelVersion")
            .WithSummary("Deletes a version; does nothing where it is gone already. Versions that ship with the product stay.")
            .WithPathExample("version", 1000);
    }

    static Ok<ModelListResponse> List(ModelAdministration administration) =>
        TypedResults.Ok(new ModelListResponse([.. administration.List().Select(Response)]));

    static Ok<ModelResponse> Get(string name, ModelAdministration administration) => TypedResults.Ok(Response(administration.Describe(name)));

    static Ok<ModelVersionResponse> GetVersion(string name, int version, ModelAdministration administration) =>
        TypedResults.Ok(Response(administration.Describe(new ModelKey(name, version))));

    static async Task<Ok<AliasesResponse>> SetAliasAsync(string name, string alias, AliasRequest request, ModelAdministration administration) =>
        TypedResults.Ok(new AliasesResponse(name, await administration.SetAliasAsync(new ModelKey(name, request.Version!.Value), alias)));

    static async Task<Ok<AliasesResponse>> RemoveAliasAsync(string name, string alias, ModelAdministration administration) =>
        TypedResults.Ok(new AliasesResponse(name, await administration.RemoveAliasAsync(name, alias)));

    static async Task<Ok<VersionStateResponse>> LoadAsync(string name, int version, ModelAdministration administration) =>
        TypedResults.Ok(new VersionStateResponse(name, version, NameOf(await administration.LoadAsync(new ModelKey(name, version)))));

    static async Task<Ok<VersionStateResponse>> UnloadAsync(string name, int version, ModelAdministration administration) =>
        TypedResults.Ok(new VersionStateResponse(name, version, NameOf(await administration.UnloadAsync(new ModelKey(name, version)))));

    static async Task<Ok<VersionStateResponse>> DeleteAsync(string name, int version, ModelAdministration administration)
    {
        await administration.DeleteAsync(new ModelKey(name, version));
        return TypedResults.Ok(new VersionStateResponse(name, version, "deleted"));
    }

    static ModelResponse Response(ModelDescription model)
    {
        var (key, _, manifest, state, weightType, error, bytes, card) = model.Preferred;
        return new ModelResponse(key.Name, TaskOf(manifest), manifest?.Languages ?? [], manifest?.Labels, InputOf(manifest),
            key.Version, model.Versions, model.Aliases, NameOf(state), NameOf(weightType), error, bytes, manifest?.Metrics ?? new Dictionary<string, double>(), card);
    }

    static ModelVersionResponse Response(VersionDescription version)
    {
        var (key, aliases, manifest, state, weightType, error, bytes, card) = version;
        return new ModelVersionResponse(key.Name, key.Version, TaskOf(manifest), manifest?.Languages ?? [], manifest?.Labels, InputOf(manifest),
            aliases, NameOf(state), NameOf(weightType), error, bytes, manifest?.Metrics ?? new Dictionary<string, double>(), ArchitectureOf(manifest?.Architecture), card);
    }

    // A broken model.json says nothing about the task; the error beside it says what is wrong.
    static string TaskOf(ModelManifest? manifest) => manifest?.Task ?? "unknown";

    static SeriesInputResponse? InputOf(ModelManifest? manifest) =>
        manifest?.Classifier?.Series is { } series ? new SeriesInputResponse(series.Names, series.Window) : null;

    static ArchitectureResponse? ArchitectureOf(ModelSettings? settings) => settings is null ? null : new ArchitectureResponse(
        NameOf(settings.Cell), settings.Layers, settings.HiddenSize, settings.EmbeddingSize, settings.TieEmbeddings);

    static string NameOf<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
