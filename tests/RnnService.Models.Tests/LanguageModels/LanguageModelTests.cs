using RnnService.Engine.Optimizers;
using RnnService.Models.LanguageModels;

namespace RnnService.Models.Tests.LanguageModels;

public sealed class LanguageModelTests
{
    static readonly ModelSettings s_small = new() { Layers = 1, HiddenSize = 6, EmbeddingSize = 4 };

    [Fact]
    public void Parameters_Untied_AreTorchsNamesAndShapes() => Assert.Equal(
        [
            "embedding.weight [9,4]", "rnn.weight_ih_l0 [24,4]", "rnn.weight_hh_l0 [24,6]", "rnn.bias_ih_l0 [24]", "rnn.bias_hh_l0 [24]",
            "rnn.weight_ih_l1 [24,6]", "rnn.weight_hh_l1 [24,6]", "rnn.bias_ih_l1 [24]", "rnn.bias_hh_l1 [24]", "output.weight [9,6]", "output.bias [9]",
        ],
        Describe(s_small with { Layers = 2 }));

    [Fact]
    public void Parameters_TiedWithAnotherHiddenSize_HaveAProjection() => Assert.Equal(
        [
            "embedding.weight [9,4]", "rnn.weight_ih_l0 [24,4]", "rnn.weight_hh_l0 [24,6]", "rnn.bias_ih_l0 [24]", "rnn.bias_hh_l0 [24]",
            "projection.weight [4,6]", "projection.bias [4]", "output.bias [9]",
        ],
        Describe(s_small with { TieEmbeddings = true }));

    [Fact]
    public void Parameters_TiedWithTheSameSize_NeedNoProjection() => Assert.Equal(
        ["embedding.weight [9,6]", "rnn.weight_ih_l0 [24,6]", "rnn.weight_hh_l0 [24,6]", "rnn.bias_ih_l0 [24]", "rnn.bias_hh_l0 [24]", "output.bias [9]"],
        Describe(s_small with { EmbeddingSize = 6, TieEmbeddings = true }));

    [Fact]
    public void Constructor_WhatTheEngineDoesNotCompute_IsRefused()
    {
        Assert.StartsWith("bidirectional:", Assert.Throws<NotSupportedException>(() => new LanguageModel(s_small with { Bidirectional = true }, 9)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LanguageModel(s_small with { Layers = 0 }, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LanguageModel(s_small with { HiddenSize = 0 }, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LanguageModel(s_small, 0));
    }

    [Fact]
    public void Initialize_SameSeed_GivesTheSameWeights()
    {
        Assert.Equal(Weights(5), Weights(5));
        Assert.NotEqual(Weights(5), Weights(6));

        static float[] Weights(int seed)
        {
            var model = new LanguageModel(s_small, 9);
            model.Initialize(seed);
            return [.. model.Parameters.SelectMany(parameter => parameter.Value.Span.ToArray())];
        }
    }

    [Fact]
    public void Initialize_NoRange_OpensForgetGatesAndZeroesOtherBiases()
    {
        var model = new LanguageModel(s_small, 500);
        model.Initialize(1);
        float[] bias = model.Parameters["rnn.bias_ih_l0"].Value.Span.ToArray();
        Assert.All(bias[6..12], value => Assert.Equal(1f, value));
        Assert.All([.. bias[..6], .. bias[12..], .. model.Parameters["rnn.bias_hh_l0"].Value.Span, .. model.Parameters["output.bias"].Value.Span], value => Assert.Equal(0f, value));
        AssertSpread(model.Parameters["embedding.weight"].Value.Span, 0.1f);
        AssertSpread(model.Parameters["rnn.weight_hh_l0"].Value.Span, 1 / MathF.Sqrt(6));
    }

    [Fact]
    public void Initialize_WithARange_DrawsEverythingFromIt()
    {
        var model = new LanguageModel(s_small with { InitRange = 0.04 }, 500);
        model.Initialize(1);
        foreach (var parameter in model.Parameters)
            AssertSpread(parameter.Value.Span, 0.04f);
    }

    [Fact]
    public void Training_TenSentences_LearnsThemByHeart()
    {
        const int Eos = 0;
        string[] sentences =
        [
            "anna plays the piano every day", "ben cooks rice with beans", "clara reads a long book", "daniel drives the old car home",
            "emma likes green tea", "frank sings in the choir every day", "grace plays a long game", "henry reads the old book with emma",
            "iris cooks green beans", "jack drives home with grace",
        ];
        string[] words = ["<eos>", .. sentences.SelectMany(sentence => sentence.Split(' ')).Distinct()];
        int[][] texts = [.. sentences.Select(sentence => (int[])[.. sentence.Split(' ').Select(word => Array.IndexOf(words, word)), Eos])];

        // One sentence a row; what is missing to the longest does not count.
        int batchSize = texts.Length, timeSteps = texts.Max(text => text.Length) - 1;
        int[] inputs = new int[timeSteps * batchSize], targets = new int[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            var (t, text) = (i / batchSize, texts[i % batchSize]);
            (inputs[i], targets[i]) = t + 1 < text.Length ? (text[t], text[t + 1]) : (Eos, -1);
        }
        var model = new LanguageModel(new ModelSettings { Layers = 1, HiddenSize = 32, EmbeddingSize = 16, TieEmbeddings = true }, words.Length);
        model.Initialize(1);
        var pass = new LanguageModelPass(model, timeSteps, batchSize);
        var optimizer = new Adam(model.Parameters);
        double first = 0, last = 0;
        for (int step = 0; step < 150; step++)
        {
            model.Parameters.ZeroGradients();
            pass.ResetState();
            last = pass.Train(inputs, targets, timeSteps, 0).Mean;
            if (step == 0)
                first = last;
            GradientClipping.ClipGlobalNorm(model.Parameters, 1);
            optimizer.Step(model.Parameters, 0.02f);
        }
        Assert.InRange(first, 0.9 * Math.Log(words.Length), 1.1 * Math.Log(words.Length));
        Assert.True(last < 0.05, $"{first} nats fell to {last} only");

        foreach (int[] text in texts)
        {
            var session = model.CreateSession();
            List<int> read = [text[0]];
            while (read[^1] != Eos && read.Count < 20)
            {
                session.Feed(read[^1]);
                read.Add(IndexOfMax(session.Logits));
            }
            Assert.Equal(text, read);
        }
    }

    static int IndexOfMax(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
            best = logits[i] > logits[best] ? i : best;
        return best;
    }

    static IEnumerable<string> Describe(ModelSettings settings) => new LanguageModel(settings, 9).Parameters.Select(parameter => parameter.ToString());

    /// <summary>Inside ±range, nearly to its ends on both sides.</summary>
    static void AssertSpread(ReadOnlySpan<float> weights, float range)
    {
        float[] sorted = [.. weights.ToArray().Order()];
        Assert.InRange(sorted[0], -range, -0.7f * range);
        Assert.InRange(sorted[^1], 0.7f * range, range);
    }
}
