using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RnnService.Engine.Layers;
using RnnService.Models.Packages;

namespace RnnService.Models.Inspection;

/// <summary>
/// The JSON form of an <see cref="TextInspection"/>: <c>{"cell":"lstm","hiddenSize":H,"tokens":[T],"loss":{"of":"last","nats":x},
/// "layers":[{"layer":1,"gates":{"i":[T][H],…},"states":{"h":[T][H],"c":[T][H]},"gradientNorms":[T]}]}</c>.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    Converters = [typeof(RecipeEnum<CellKind>), typeof(RecipeEnum<InspectedTokens>)])]
[JsonSerializable(typeof(TextInspection))]
public sealed partial class InspectionJson : JsonSerializerContext
{
    static InspectionJson Readable => field ??=
        new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes an inspection as UTF-8.</summary>
    public static void Write(TextInspection inspection, Stream destination) =>
        JsonSerializer.Serialize(destination, inspection, Readable.TextInspection);
}
