using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RnnService.Engine.Layers;
using RnnService.Models.Seq2Seq;
using RnnService.Models.Text;

namespace RnnService.Models.Packages;

/// <summary>The JSON form of a model's own files, made at compile time so that a service starts without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    WriteIndented = true,
    NewLine = "\n",
    Converters = [
        typeof(RecipeEnum<CellKind>), typeof(RecipeEnum<CellActivation>), typeof(RecipeEnum<Recurrence>), typeof(RecipeEnum<GruForm>),
        typeof(RecipeEnum<RecurrentInitialization>), typeof(RecipeEnum<DropoutKind>), typeof(RecipeEnum<TokenizerKind>), typeof(RecipeEnum<PoolingKind>),
        typeof(RecipeEnum<ContextKind>),
    ])]
[JsonSerializable(typeof(ModelManifest))]
[JsonSerializable(typeof(SortedDictionary<string, int>))]
sealed partial class ModelJson : JsonSerializerContext
{
    /// <summary>Writes text as it is, apostrophes and letters of every script unescaped: these files are read by people, not by browsers.</summary>
    public static ModelJson Readable => field ??=
        new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>Writes an enum as recipes do: <c>lstm</c>, <c>reset-after</c>.</summary>
sealed class RecipeEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
