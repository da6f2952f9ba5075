using System.Text.Json;
using System.Xml.Linq;
using RnnService.Engine.Layers;
using RnnService.Models.Inspection;
using RnnService.Models.LanguageModels;
using RnnService.Models.Tests.Decoding;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Inspection;

public sealed class LanguageModelInspectorTests
{
    const int HiddenSize = 6;

    static readonly WordTokenizer s_words = TinyModels.Words("the", "cat", "sat", "on", "mat");

    [Theory]
    [InlineData(CellKind.Lstm, "i,f,g,o", "h,c")]
    [InlineData(CellKind.Gru, "r,z,n", "h")]
    [InlineData(CellKind.Rnn, "", "h")]
    public void Inspect_EachCell_GivesItsGatesAndStatesOfEveryTokenAndLayer(CellKind cell, string gates, string states)
    {
        var inspection = Inspect("the cat sat", cell);
        Assert.Equal(["<eos>", "the", "cat", "sat"], inspection.Tokens);
        Assert.Equal((cell, HiddenSize), (inspection.Cell, inspection.HiddenSize));
        Assert.Equal([1, 2], inspection.Layers.Select(layer => layer.Layer));
        foreach (var layer in inspection.Layers)
        {
            Assert.Equal(gates, string.Join(',', layer.Gates.Keys));
            Assert.Equal(states, string.Join(',', layer.States.Keys));
            foreach (var values in layer.Gates.Values.Concat(layer.States.Values))
            {
                Assert.Equal(4, values.Length);
                Assert.All(values, step => Assert.Equal(HiddenSize, step.Length));
            }
        }
    }

    [Fact]
    public void Inspect_GatesOfAnLstm_AreThoseOfTheForwardPassNotTheirGradients()
    {
        foreach (var layer in Inspect("the cat sat", CellKind.Lstm).Layers)
        {
            for (int t = 1; t < 4; t++)
            {
                for (int unit = 0; unit < HiddenSize; unit++)
                {
                    double cell = layer.Gates["f"][t][unit] * layer.States["c"][t - 1][unit] + layer.Gates["i"][t][unit] * layer.Gates["g"][t][unit];
                    Assert.Equal(cell, layer.States["c"][t][unit], 1e-6);
                    Assert.Equal(layer.Gates["o"][t][unit] * Math.Tanh(cell), layer.States["h"][t][unit], 1e-6);
                }
            }
        }
    }

    [Theory]
    [InlineData(InspectedTokens.Last)]
    [InlineData(InspectedTokens.All)]
    public void Inspect_Loss_IsThatOfReadingTheText(InspectedTokens lossOf)
    {
        var model = Model(CellKind.Gru);
        int[] ids = [Vocabulary.EosId, .. s_words.Encode("the cat sat on")];
        var session = model.CreateSession();
        List<double> losses = [];
        for (int t = 0; t + 1 < ids.Length; t++)
        {
            session.Feed(ids[t]);
            losses.Add(-Math.Log(Probabilities(session.Logits)[ids[t + 1]]));
        }
        var inspection = new LanguageModelInspector(model, s_words).Inspect("the cat sat on", lossOf);
        Assert.Equal(lossOf == InspectedTokens.Last ? losses[^1] : losses.Average(), inspection.Loss.Nats, 1e-5);
    }

    [Fact]
    public void Inspect_LastGradientNorm_IsThatOfTheOutputLayer()
    {
        var model = Model(CellKind.Lstm);
        var session = model.CreateSession();
        session.Feed([Vocabulary.EosId, .. s_words.Encode("the cat")]);
        double[] dLogits = Probabilities(session.Logits);
        dLogits[s_words.Vocabulary.IdOf("sat")] -= 1;
        // dL/dh = Wᵀ (p - y).
        var weight = model.Parameters["output.weight"].Value;
        double[] dHidden = [.. Enumerable.Range(0, HiddenSize).Select(unit => dLogits.Index().Sum(logit => logit.Item * weight.Row(logit.Index)[unit]))];
        double expected = Math.Sqrt(dHidden.Sum(value => value * value));

        var norms = new LanguageModelInspector(model, s_words).Inspect("the cat sat").Layers[1].GradientNorms;
        Assert.Equal(expected, norms[2]!.Value, 1e-5);
        Assert.Null(norms[3]);
        Assert.All(norms.Take(3), norm => Assert.True(norm > 0));
    }

    [Fact]
    public void Inspect_LossOfAllTokens_MovesTheLastCountedGradientLittleAndEarlierOnesMore()
    {
        var last = Inspect("the cat sat on", CellKind.Rnn);
        var all = Inspect("the cat sat on", CellKind.Rnn, InspectedTokens.All);
        // The last counted step predicts one token of four either way.
        Assert.Equal(last.Layers[1].GradientNorms[3]!.Value / 4, all.Layers[1].GradientNorms[3]!.Value, 1e-6);
        Assert.NotEqual(last.Layers[1].GradientNorms[0]!.Value / 4, all.Layers[1].GradientNorms[0]!.Value, 1e-4);
    }

    [Fact]
    public void Inspect_SkipConnectionsInTime_GivesTheStateAfterEachToken()
    {
        var model = new LanguageModel(new ModelSettings { Cell = CellKind.Rnn, TimeSkip = 3, Layers = 1, HiddenSize = 4, EmbeddingSize = 4 }, s_words.Vocabulary.Count);
        model.Initialize(seed: 3);
        var pass = new LanguageModelPass(model, timeSteps: 4, batchSize: 1);
        pass.Evaluate([Vocabulary.EosId, .. s_words.Encode("the cat sat")], [-1, -1, -1, 5], timeSteps: 4);
        var hidden = new LanguageModelInspector(model, s_words).Inspect("the cat sat").Layers[0].States["h"];
        // The pass carries the last states: the newest of the three initial ones is that after the last token.
        Assert.Equal(pass.State[0].Value.Row(2).ToArray(), hidden[3]);
        Assert.Equal(pass.State[0].Value.Row(1).ToArray(), hidden[2]);
    }

    [Fact]
    public void Inspect_Twice_GivesTheSameAndLeavesTheModelAsItWas()
    {
        var model = Model(CellKind.Lstm);
        float[][] before = [.. model.Parameters.Select(parameter => parameter.Value.Span.ToArray())];
        var inspector = new LanguageModelInspector(model, s_words);
        string first = Json(inspector.Inspect("the cat sat")), second = Json(inspector.Inspect("the cat sat"));
        Assert.Equal(first, second);
        Assert.Equal(before, model.Parameters.Select(parameter => parameter.Value.Span.ToArray()));
    }

    [Fact]
    public void Inspect_OfCharacters_ShowsBlanksAndBreaks()
    {
        var tokenizer = TinyModels.Characters("ab \n");
        var inspection = new LanguageModelInspector(TinyModels.Random(tokenizer), tokenizer).Inspect("a b\n");
        Assert.Equal(["a", "␣", "b", "⏎"], inspection.Tokens);
    }

    [Fact]
    public void Inspect_TooFewOrTooManyTokens_SaysHowMany()
    {
        var none = Assert.Throws<ArgumentException>(() => Inspect("", CellKind.Lstm));
        Assert.Equal("the text has 1 tokens, expected 2 to 256.", none.Message);
        Assert.Throws<ArgumentException>(() => Inspect(string.Join(' ', Enumerable.Repeat("cat", 256)), CellKind.Lstm));
    }

    [Fact]
    public void Json_HasTheDocumentedShape()
    {
        using var json = JsonDocument.Parse(Json(Inspect("the cat sat", CellKind.Lstm)));
        var root = json.RootElement;
        Assert.Equal(["cell", "hiddenSize", "tokens", "loss", "layers"], root.EnumerateObject().Select(field => field.Name));
        Assert.Equal("lstm", root.GetProperty("cell").GetString());
        Assert.Equal("last", root.GetProperty("loss").GetProperty("of").GetString());
        Assert.True(root.GetProperty("loss").GetProperty("nats").GetDouble() > 0);
        var layer = root.GetProperty("layers")[1];
        Assert.Equal(["layer", "gates", "states", "gradientNorms"], layer.EnumerateObject().Select(field => field.Name));
        Assert.Equal(HiddenSize, layer.GetProperty("gates").GetProperty("f")[3].GetArrayLength());
        Assert.Equal(HiddenSize, layer.GetProperty("states").GetProperty("c")[0].GetArrayLength());
        Assert.Equal(JsonValueKind.Null, layer.GetProperty("gradientNorms")[3].ValueKind);
        Assert.Equal(JsonValueKind.Number, layer.GetProperty("gradientNorms")[0].ValueKind);
    }

    [Theory]
    [InlineData(CellKind.Lstm, "forget gate f", 6)]
    [InlineData(CellKind.Gru, "update gate z", 4)]
    [InlineData(CellKind.Rnn, "hidden state h", 1)]
    public void Plots_AreWellFormedAndNameWhatTheyShow(CellKind cell, string panel, int panels)
    {
        XNamespace svg = "http://www.w3.org/2000/svg";
        var inspection = Inspect("the cat sat", cell);
        var gates = XDocument.Parse(InspectionPlots.Gates(inspection, inspection.Layers[1]));
        string[] texts = [.. gates.Descendants(svg + "text").Select(text => text.Value)];
        Assert.Contains(panel, texts);
        Assert.Contains($"{cell.ToString().ToUpperInvariant()}, layer 2: gates and states after each token", texts);
        Assert.Equal(panels, texts.Count(text => text == "cat"));
        var gradients = XDocument.Parse(InspectionPlots.Gradients(inspection));
        Assert.Equal(2, gradients.Descendants(svg + "polyline").Count());
        // A mark for each step but the last, which the loss does not depend on.
        Assert.Equal(2 * 3, gradients.Descendants(svg + "circle").Count());
    }

    static TextInspection Inspect(string text, CellKind cell, InspectedTokens lossOf = InspectedTokens.Last) =>
        new LanguageModelInspector(Model(cell), s_words).Inspect(text, lossOf);

    static LanguageModel Model(CellKind cell)
    {
        var settings = new ModelSettings { Cell = cell, Layers = 2, HiddenSize = HiddenSize, EmbeddingSize = 5, InitRange = 0.8 };
        var model = new LanguageModel(settings, s_words.Vocabulary.Count);
        model.Initialize(seed: 3);
        return model;
    }

    static double[] Probabilities(ReadOnlySpan<float> logits)
    {
        double[] exponentials = [.. logits.ToArray().Select(logit => Math.Exp(logit))];
        double sum = exponentials.Sum();
        return [.. exponentials.Select(value => value / sum)];
    }

    static string Json(TextInspection inspection)
    {
        using var stream = new MemoryStream();
        InspectionJson.Write(inspection, stream);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
