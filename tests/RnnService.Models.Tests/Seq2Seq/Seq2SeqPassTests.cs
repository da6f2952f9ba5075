using RnnService.Engine.Losses;
using RnnService.Engine.Optimizers;
using RnnService.Models.Seq2Seq;
using RnnService.Models.Tests.LanguageModels;

namespace RnnService.Models.Tests.Seq2Seq;

[Collection(ThreadCount.Collection)]
public sealed class Seq2SeqPassTests
{
    [Theory]
    [InlineData(ContextKind.LastState)]
    [InlineData(ContextKind.Summary)]
    [InlineData(ContextKind.Additive)]
    [InlineData(ContextKind.Dot)]
    public void Measure_APaddedBatch_IsTheSumOfItsRowsAlone(ContextKind context)
    {
        var model = SmallSeq2Seq.Create(context);
        var examples = SmallSeq2Seq.SomeExamples();
        var together = Pass(model).Measure(examples);
        var apart = default(LossSum);
        foreach (var example in examples)
            apart += new Seq2SeqPass(model, example.Source.Length + 1, example.Target.Length + 1, batchSize: 1).Measure([example]);
        Assert.Equal(examples.Sum(example => example.Target.Length + 1), together.Tokens);
        Assert.Equal(apart.Tokens, together.Tokens);
        Assert.Equal(apart.Nats, together.Nats, 1e-5);
    }

    [Theory]
    [InlineData(ContextKind.LastState)]
    [InlineData(ContextKind.Summary)]
    [InlineData(ContextKind.Additive)]
    [InlineData(ContextKind.Dot)]
    public void Train_APaddedBatch_AddsUpTheGradientsOfItsRowsAlone(ContextKind context)
    {
        var model = SmallSeq2Seq.Create(context);
        var examples = SmallSeq2Seq.SomeExamples();
        var loss = Pass(model).Train(examples, labelSmoothing: 0.1, dropoutSeed: 1);
        float[][] together = Gradients(model);
        double[][] apart = [.. model.Parameters.Select(parameter => new double[parameter.Value.Length])];
        foreach (var example in examples)
        {
            model.Parameters.ZeroGradients();
            var alone = new Seq2SeqPass(model, example.Source.Length + 1, example.Target.Length + 1, batchSize: 1).Train([example], 0.1, dropoutSeed: 1);
            foreach (var (sum, gradient) in apart.Zip(Gradients(model)))
            {
                for (int i = 0; i < sum.Length; i++)
                    sum[i] += gradient[i] * alone.Tokens / loss.Tokens;
            }
        }
        foreach (var (expected, found) in apart.Zip(together))
        {
            for (int i = 0; i < found.Length; i++)
                Assert.Equal(expected[i], found[i], 1e-6);
        }
    }

    [Fact]
    public void Train_SourcesAllOfOneLength_GiveTheSameAsWithRoomToSpare()
    {
        var model = SmallSeq2Seq.Create(ContextKind.Additive);
        Seq2SeqExample[] examples = [.. SmallSeq2Seq.SomeExamples().Select(example => example with { Source = [4, 5, 6] })];
        new Seq2SeqPass(model, 4, 6, examples.Length).Train(examples, 0, 1);
        float[][] exact = Gradients(model);
        model.Parameters.ZeroGradients();
        var roomy = new Seq2SeqPass(model, 19, 11, examples.Length);
        // A longer batch before leaves nothing behind.
        roomy.Measure([new([4, 5, 6, 7, 8, 9], [4, 4, 4, 4, 4, 4, 4]), .. examples[..^1]]);
        roomy.Train(examples, 0, 1);
        Assert.Equal(exact, Gradients(model));
    }

    [Fact]
    public void Train_WithoutDropoutAndSmoothing_HasTheLossOfMeasure()
    {
        var model = SmallSeq2Seq.Create(ContextKind.Additive, network => network with { Layers = 2 });
        var examples = SmallSeq2Seq.SomeExamples();
        var measured = Pass(model).Measure(examples);
        var trained = Pass(model).Train(examples, 0, 1);
        Assert.Equal(measured.Tokens, trained.Tokens);
        Assert.Equal(measured.Nats, trained.Nats, 1e-5);
        Assert.NotEqual(measured.Nats, Pass(model).Train(examples, 0.3, 1).Nats, 1e-2);
    }

    [Fact]
    public void Train_AnyNumberOfThreads_GivesTheSameBits()
    {
        // Large enough that threads share products, rows of attention and softmax.
        var model = SmallSeq2Seq.Create(
            ContextKind.Additive, network => network with { HiddenSize = 67, EmbeddingSize = 41, Dropout = 0.2 },
            around => around with { AttentionSize = 53, EncoderHiddenSize = 37, MaxLength = 30 });
        Seq2SeqExample[] examples = [.. Enumerable.Range(1, 21).Select(row => new Seq2SeqExample(Tokens(row), Tokens(22 - row)))];
        var runs = new List<float[][]>();
        foreach (int count in (int[])[1, 2, 16])
        {
            using var threads = new ThreadCount(count);
            model.Parameters.ZeroGradients();
            new Seq2SeqPass(model, 23, 23, examples.Length).Train(examples, 0.1, dropoutSeed: 5);
            runs.Add(Gradients(model));
        }
        Assert.Equal(runs[0], runs[1]);
        Assert.Equal(runs[0], runs[2]);

        static int[] Tokens(int count) => [.. Enumerable.Range(0, count).Select(i => 4 + (i * i + count) % 7)];
    }

    [Theory]
    [InlineData(ContextKind.LastState)]
    [InlineData(ContextKind.Summary)]
    [InlineData(ContextKind.Additive)]
    [InlineData(ContextKind.Dot)]
    public void Train_AFewExamplesManyTimes_LearnsThem(ContextKind context)
    {
        var model = SmallSeq2Seq.Create(
            context, network => network with { HiddenSize = 24, EmbeddingSize = 12, InitRange = null }, around => around with { EncoderHiddenSize = 16, AttentionSize = 16 });
        var pass = Pass(model);
        var examples = SmallSeq2Seq.SomeExamples();
        var optimizer = new Adam(model.Parameters);
        double before = pass.Measure(examples).Mean;
        for (int step = 0; step < 120; step++)
        {
            model.Parameters.ZeroGradients();
            pass.Train(examples, 0, (ulong)step);
            optimizer.Step(model.Parameters, 0.02f);
        }
        Assert.InRange(before, 2.2, 2.6);
        Assert.InRange(pass.Measure(examples).Mean, 0, 0.05);
    }

    [Fact]
    public void Train_TooManyRowsOrSteps_SaysWhatFits()
    {
        var model = SmallSeq2Seq.Create(ContextKind.Additive);
        var examples = SmallSeq2Seq.SomeExamples();
        Assert.Contains("found 4 examples, expected 1 to 3", Failure(new Seq2SeqPass(model, 7, 7, 3), examples), StringComparison.Ordinal);
        Assert.Contains("found 0 examples", Failure(new Seq2SeqPass(model, 7, 7, 3), []), StringComparison.Ordinal);
        Assert.Contains("7 steps of a source", Failure(new Seq2SeqPass(model, 6, 7, 4), examples), StringComparison.Ordinal);
        Assert.Contains("6 of a target, the ends included; expected up to 7 and 5", Failure(new Seq2SeqPass(model, 7, 5, 4), examples), StringComparison.Ordinal);

        static string Failure(Seq2SeqPass pass, Seq2SeqExample[] rows) => Assert.Throws<ArgumentException>(() => pass.Measure(rows)).Message;
    }

    static Seq2SeqPass Pass(Seq2SeqModel model) => new(model, SmallSeq2Seq.MostSteps, SmallSeq2Seq.MostSteps, SmallSeq2Seq.Examples);

    static float[][] Gradients(Seq2SeqModel model) => [.. model.Parameters.Select(parameter => parameter.Gradient.Span.ToArray())];
}
