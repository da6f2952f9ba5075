using RnnService.Engine.Kernels;
using RnnService.Models.LanguageModels;
using RnnService.Tests;

namespace RnnService.Models.Tests.LanguageModels;

[Collection(ThreadCount.Collection)]
public sealed class StepSessionTests
{
    const int V = 301, Length = 71;

    static readonly int[] s_tokens = [.. Enumerable.Range(0, Length).Select(i => (i * 37 + i * i * 5) % V)];

    public static TheoryData<bool, int> Architectures => new() { { true, 21 }, { true, 13 }, { false, 21 } };

    [Theory, MemberData(nameof(Architectures))]
    public void Feed_TokenByToken_GivesTheBitsOfTheWholeText(bool tied, int hiddenSize)
    {
        var model = Model(tied, hiddenSize);
        // Longer than two chunks and a rest, a chunk exactly, a part of one.
        foreach (int length in new[] { Length, 64, 32, 5, 1 })
        {
            StepSession whole = model.CreateSession(), single = model.CreateSession();
            whole.Feed(s_tokens.AsSpan(0, length));
            foreach (int token in s_tokens[..length])
                single.Feed(token);
            Assert.Equal(single.Logits, whole.Logits);
        }
    }

    [Theory, MemberData(nameof(Architectures))]
    public void Feed_TextsSideBySide_GiveTheBitsOfEachAlone(bool tied, int hiddenSize)
    {
        const int Texts = 9, Steps = 7;
        var model = Model(tied, hiddenSize);
        var batch = model.CreateSession(Texts);
        for (int t = 0; t < Steps; t++)
            batch.Feed(s_tokens.AsSpan(t * Texts, Texts));
        for (int text = 0; text < Texts; text++)
        {
            var alone = model.CreateSession();
            for (int t = 0; t < Steps; t++)
                alone.Feed(s_tokens[t * Texts + text]);
            Assert.Equal(alone.Logits, batch.Logits.Slice(text * V, V));
        }
    }

    [Theory, MemberData(nameof(Architectures))]
    public void Feed_AnyPosition_AgreesWithThePass(bool tied, int hiddenSize)
    {
        var model = Model(tied, hiddenSize);
        const int Steps = 40;
        var pass = new LanguageModelPass(model, Steps, 1);
        var session = model.CreateSession();
        for (int t = 0; t < Steps; t++)
        {
            session.Feed(s_tokens[t]);
            int[] targets = new int[Steps];
            Array.Fill(targets, -1);
            targets[t] = s_tokens[t + 1];
            pass.ResetState();
            double expected = pass.Evaluate(s_tokens.AsSpan(0, Steps), targets, Steps).Nats;
            Assert.Equal(expected, SoftmaxKernel.CrossEntropy(session.Logits, targets[t]));
        }
    }

    [Fact]
    public void Feed_Int8Weights_AgreesWithThePassAndNearlyWithFloat32()
    {
        var model = Model(tied: true, hiddenSize: 21);
        double exact = Loss();
        model.WeightType = WeightType.Int8;
        double rounded = Loss();
        Assert.NotEqual(exact, rounded);
        Assert.Equal(1, rounded / exact, 0.02);
        model.WeightType = WeightType.Float32;
        Assert.Equal(exact, Loss());

        double Loss()
        {
            double sum = 0;
            var session = model.CreateSession();
            for (int t = 0; t + 1 < Length; t++)
            {
                session.Feed(s_tokens[t]);
                sum += SoftmaxKernel.CrossEntropy(session.Logits, s_tokens[t + 1]);
            }
            var whole = new LanguageModelPass(model, Length - 1, 1).Evaluate(s_tokens.AsSpan(0, Length - 1), s_tokens.AsSpan(1), Length - 1);
            Assert.Equal(whole.Nats, sum, 1e-3);
            return sum;
        }
    }

    [Fact]
    public void Train_ModelOfInt8Weights_LearnsWithFloat32()
    {
        LanguageModel plain = Model(tied: true, hiddenSize: 21), rounded = Model(tied: true, hiddenSize: 21);
        rounded.WeightType = WeightType.Int8;
        rounded.CreateSession();
        Assert.Equal(Gradient(plain), Gradient(rounded));
        var session = rounded.CreateSession();
        session.Feed(s_tokens);
        var fresh = Model(tied: true, hiddenSize: 21);
        fresh.WeightType = WeightType.Int8;
        var expected = fresh.CreateSession();
        expected.Feed(s_tokens);
        Assert.Equal(expected.Logits, session.Logits);

        static float[] Gradient(LanguageModel model)
        {
            model.Parameters.ZeroGradients();
            new LanguageModelPass(model, 8, 1).Train(s_tokens.AsSpan(0, 8), s_tokens.AsSpan(1, 8), 8, dropoutSeed: 1);
            return [.. model.Parameters.SelectMany(parameter => parameter.Gradient.Span.ToArray())];
        }
    }

    [Fact]
    public void CreateSession_Many_NeedLittleMemoryEach()
    {
        var model = new LanguageModel(new ModelSettings { Layers = 2, HiddenSize = 256, EmbeddingSize = 64 }, V);
        model.Initialize(seed: 1);
        model.CreateSession().Feed(s_tokens);
        const int Sessions = 20;
        var sessions = new StepSession[Sessions];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int index = 0; index < Sessions; index++)
        {
            sessions[index] = model.CreateSession();
            sessions[index].Feed(s_tokens);
        }
        // Gates, states before and after a step, logits; not the memory of a chunk of tokens.
        Assert.True((GC.GetAllocatedBytesForCurrentThread() - before) / Sessions < 40_000);
    }

    [Fact]
    public void Reset_AfterAText_BeginsAnew()
    {
        var model = Model(tied: true, hiddenSize: 21);
        StepSession used = model.CreateSession(), fresh = model.CreateSession();
        used.Feed(s_tokens);
        used.Reset();
        used.Feed([5, 6]);
        fresh.Feed([5, 6]);
        Assert.Equal(fresh.Logits, used.Logits);
        used.Feed([5, 6]);
        Assert.NotEqual(fresh.Logits.ToArray(), used.Logits.ToArray());
    }

    [Fact]
    public void Feed_AfterWarmUp_AllocatesNothing()
    {
        using var threads = new ThreadCount(1);
        var session = Model(tied: true, hiddenSize: 21).CreateSession();
        session.Feed(s_tokens);
        session.Feed(1);
        Assert.Equal(0, Allocations.Least(() =>
        {
            session.Feed(s_tokens);
            session.Feed(1);
        }));
    }

    [Fact]
    public void CreateSession_AfterAnyWeightChanged_ReadsTheNewOne()
    {
        var changed = Model(tied: true, hiddenSize: 21);
        foreach (var parameter in changed.Parameters)
        {
            float[] before = Read(changed);
            foreach (ref float weight in parameter.Value.Span)
                weight *= 1.5f;
            changed.WeightsChanged();
            var fresh = Model(tied: true, hiddenSize: 21);
            foreach (var copy in fresh.Parameters)
                changed.Parameters[copy.Name].Value.Span.CopyTo(copy.Value.Span);
            fresh.WeightsChanged();
            Assert.NotEqual(before, Read(changed));
            Assert.Equal(Read(fresh), Read(changed));
        }

        static float[] Read(LanguageModel model)
        {
            var session = model.CreateSession();
            session.Feed([1, 2]);
            return session.Logits.ToArray();
        }
    }

    [Fact]
    public void Feed_WrongTokens_IsRefused()
    {
        var model = Model(tied: true, hiddenSize: 21);
        StepSession single = model.CreateSession(), pair = model.CreateSession(2);
        Assert.Contains("expected 1 or more tokens, found 0", Assert.Throws<ArgumentException>(() => single.Feed([])).Message, StringComparison.Ordinal);
        Assert.Contains("expected 2 tokens, found 3", Assert.Throws<ArgumentException>(() => pair.Feed([1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => single.Feed(V));
        Assert.Throws<ArgumentOutOfRangeException>(() => single.Feed(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.CreateSession(0));
    }

    static LanguageModel Model(bool tied, int hiddenSize)
    {
        var model = new LanguageModel(
            new ModelSettings { Layers = 2, HiddenSize = hiddenSize, EmbeddingSize = 13, TieEmbeddings = tied, InitRange = 0.5 }, V);
        model.Initialize(seed: 11);
        return model;
    }
}
