using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Models.Seq2Seq;
using RnnService.Models.Tests.LanguageModels;
using RnnService.Models.Text;
using RnnService.Tests;

namespace RnnService.Models.Tests.Seq2Seq;

[Collection(ThreadCount.Collection)]
public sealed class DecoderSessionTests
{
    public static TheoryData<ContextKind, CellKind, int> Networks { get; } = new()
    {
        { ContextKind.LastState, CellKind.Lstm, 2 }, { ContextKind.Summary, CellKind.Gru, 1 }, { ContextKind.Additive, CellKind.Gru, 1 },
        { ContextKind.Additive, CellKind.Lstm, 2 }, { ContextKind.Dot, CellKind.Rnn, 1 },
    };

    [Theory, MemberData(nameof(Networks))]
    public void Step_TheTokensOfATarget_GivesWhatThePassMeasures(ContextKind context, CellKind cell, int layers)
    {
        var model = Create(context, cell, layers);
        var session = model.CreateSession(rows: 3);
        foreach (var example in SmallSeq2Seq.SomeExamples())
        {
            double nats = 0;
            session.Begin([example.Source]);
            int last = Vocabulary.BosId;
            foreach (int target in (int[])[.. example.Target, Vocabulary.EosId])
            {
                session.Step([last], [0]);
                nats += SoftmaxKernel.CrossEntropy(session.Logits(0), target);
                last = target;
            }
            Assert.Equal(new Seq2SeqPass(model, 7, 7, 1).Measure([example]).Nats, nats, 1e-5);
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public void Step_HypothesesThatBranchSwapAndLeave_EachGoOnAsAlone(ContextKind context, CellKind cell, int layers)
    {
        var model = Create(context, cell, layers);
        int[][] sources = [[4, 5, 6, 7], [8], []];
        var session = model.CreateSession(rows: 5);
        session.Begin(sources);
        // Each step: the tokens, and which hypothesis of the step before each continues.
        (int[] Tokens, int[] Origins)[] steps =
        [
            ([2, 2, 2], [2, 0, 1]),
            ([4, 5, 6, 7, 8], [1, 1, 0, 2, 1]),
            ([9, 8, 7, 6], [4, 2, 3, 0]),
            ([5], [2]),
            ([6, 4, 10], [0, 0, 0]),
        ];
        (int Source, int[] Written)[] hypotheses = [.. sources.Select((_, source) => (source, Array.Empty<int>()))];
        foreach (var (tokens, origins) in steps)
        {
            session.Step(tokens, origins);
            hypotheses = [.. tokens.Zip(origins, (token, origin) => (hypotheses[origin].Source, (int[])[.. hypotheses[origin].Written, token]))];
            for (int hypothesis = 0; hypothesis < tokens.Length; hypothesis++)
            {
                var alone = model.CreateSession(rows: 1);
                alone.Begin([sources[hypotheses[hypothesis].Source]]);
                foreach (int token in hypotheses[hypothesis].Written)
                    alone.Step([token], [0]);
                AssertClose(alone.Logits(0), session.Logits(hypothesis));
                AssertClose(alone.Attention(0), session.Attention(hypothesis));
            }
        }
    }

    [Fact]
    public void Attention_OfEachKind_IsOverTheStepsOfTheSource()
    {
        foreach (var context in Enum.GetValues<ContextKind>())
        {
            var session = SmallSeq2Seq.Create(context).CreateSession(rows: 2);
            session.Begin([[4, 5, 6], []]);
            session.Step([2, 2], [0, 1]);
            bool attends = context is ContextKind.Additive or ContextKind.Dot;
            Assert.Equal(attends ? 4 : 0, session.Attention(0).Length);
            Assert.Equal(attends ? [1f] : [], session.Attention(1).ToArray());
            Assert.Equal(attends ? 1 : 0, session.Attention(0).ToArray().Sum(), 1e-6);
            Assert.Equal(attends ? 4 : 0, session.Attention(0).ToArray().Distinct().Count());
        }
    }

    [Fact]
    public void Step_AfterWarmUp_AllocatesNothing()
    {
        using var threads = new ThreadCount(1);
        var session = SmallSeq2Seq.Create(ContextKind.Additive).CreateSession(rows: 4);
        session.Begin([[4, 5, 6]]);
        Run();
        session.Begin([[7, 4]]);
        Assert.Equal(0, Allocations.Least(Run));

        void Run()
        {
            session.Step([2], [0]);
            session.Step([4, 5, 6, 7], [0, 0, 0, 0]);
            session.Step([4, 5, 6], [3, 3, 0]);
            session.Logits(1);
            session.Attention(2);
        }
    }

    [Fact]
    public void Begin_TheSameSourceAgain_ForgetsWhatWasWritten()
    {
        var session = SmallSeq2Seq.Create(ContextKind.Dot, network => network with { Cell = CellKind.Lstm }).CreateSession(rows: 2);
        var logits = new List<float[]>();
        for (int run = 0; run < 2; run++)
        {
            session.Begin([[4, 5]]);
            session.Step([2], [0]);
            logits.Add(session.Logits(0).ToArray());
            session.Step([6, 7], [0, 0]);
            session.Begin([[9, 8, 7, 6, 5]]);
            session.Step([2, 2], [0, 0]);
        }
        Assert.Equal(logits[0], logits[1]);
    }

    [Fact]
    public void WeightType_Int8_GivesNearlyTheSameAndComesBack()
    {
        var model = SmallSeq2Seq.Create(
            ContextKind.Additive, network => network with { HiddenSize = 64, EmbeddingSize = 32, InitRange = 0.1 },
            around => around with { AttentionSize = 32, EncoderHiddenSize = 32 });
        float[] exact = First(), rounded;
        model.WeightType = WeightType.Int8;
        rounded = First();
        Assert.NotEqual(exact, rounded);
        Assert.All(exact.Zip(rounded), pair => Assert.Equal(pair.First, pair.Second, 0.02f));
        model.WeightType = WeightType.Float32;
        Assert.Equal(exact, First());

        float[] First()
        {
            var session = model.CreateSession(rows: 1);
            session.Begin([[4, 5, 6, 7, 8]]);
            session.Step([2], [0]);
            session.Step([5], [0]);
            return session.Logits(0).ToArray();
        }
    }

    [Fact]
    public void Calls_OutOfOrderOrRange_SayWhatIsExpected()
    {
        var session = SmallSeq2Seq.Create(ContextKind.Additive).CreateSession(rows: 2);
        Assert.Contains("Begin", Assert.Throws<InvalidOperationException>(() => session.Step([2], [0])).Message, StringComparison.Ordinal);
        Assert.Contains("found 3 sources, expected 1 to 2", Assert.Throws<ArgumentException>(() => session.Begin([[4], [4], [4]])).Message, StringComparison.Ordinal);
        Assert.Contains("7 tokens, expected up to 6", Assert.Throws<ArgumentException>(() => session.Begin([new int[7]])).Message, StringComparison.Ordinal);
        Assert.Contains("token id 11", Assert.Throws<ArgumentOutOfRangeException>(() => session.Begin([[11]])).Message, StringComparison.Ordinal);
        session.Begin([[4]]);
        Assert.Contains("origin 1: expected 0 to 0", Assert.Throws<ArgumentOutOfRangeException>(() => session.Step([2], [1])).Message, StringComparison.Ordinal);
        Assert.Contains("found 2 hypotheses with 1 origins", Assert.Throws<ArgumentException>(() => session.Step([2, 2], [0])).Message, StringComparison.Ordinal);
        Assert.Contains("found 0 hypotheses", Assert.Throws<ArgumentException>(() => session.Step([], [])).Message, StringComparison.Ordinal);
        Assert.Contains("the last step had 0", Assert.Throws<ArgumentOutOfRangeException>(() => session.Logits(0).Length).Message, StringComparison.Ordinal);
    }

    static Seq2SeqModel Create(ContextKind context, CellKind cell, int layers) =>
        SmallSeq2Seq.Create(context, network => network with { Cell = cell, Layers = layers });

    static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 1e-5f);
    }
}
