using RnnService.Engine.Layers;
using RnnService.Engine.Optimizers;
using RnnService.Models.LanguageModels;
using RnnService.Tests;

namespace RnnService.Models.Tests.LanguageModels;

[Collection(ThreadCount.Collection)]
public sealed class LanguageModelPassTests
{
    const int V = 23, B = 3;

    static readonly ModelSettings s_settings = new() { Layers = 2, HiddenSize = 19, EmbeddingSize = 11, TieEmbeddings = true, InitRange = 0.4 };

    [Fact]
    public void Evaluate_TwoWindows_EqualOneOfTwiceTheLength()
    {
        PassCase whole = new(s_settings, V, 10, B), parts = new(s_settings, V, 5, B);
        var window = Window.Of(10, B, V);
        var expected = whole.Evaluate(window);
        var actual = parts.Evaluate(window.Steps(0, 5)) + parts.Evaluate(window.Steps(5, 10));
        Assert.Equal(window.Counted, actual.Tokens);
        Assert.Equal(expected.Tokens, actual.Tokens);
        Assert.Equal(expected.Nats, actual.Nats, 1e-10);
        Assert.Equal(whole.State(), parts.State());
    }

    [Fact]
    public void Train_TwoWindows_CarryTheState()
    {
        PassCase whole = new(s_settings, V, 6, B), parts = new(s_settings, V, 4, B);
        var window = Window.Of(6, B, V);
        var expected = whole.Train(window);
        var actual = parts.Train(window.Steps(0, 4)) + parts.Train(window.Steps(4, 6));
        Assert.Equal(expected.Nats, actual.Nats, 1e-10);
        Assert.Equal(whole.State(), parts.State());
        Assert.NotEqual(whole.Gradients(), parts.Gradients());
    }

    [Fact]
    public void Train_WindowAsLongAsTheText_EqualsFullBackpropagation()
    {
        PassCase exact = new(s_settings, V, 6, B), longer = new(s_settings, V, 35, B);
        var window = Window.Of(6, B, V);
        Assert.Equal(exact.Train(window), longer.Train(window));
        Assert.Equal(exact.Gradients(), longer.Gradients());
    }

    [Fact]
    public void ResetState_AfterAWindow_BeginsAnew()
    {
        var network = new PassCase(s_settings, V, 6, B);
        var window = Window.Of(6, B, V);
        var first = network.Evaluate(window);
        Assert.NotEqual(first, network.Evaluate(window));
        network.Pass.ResetState();
        Assert.Equal(first, network.Evaluate(window));
    }

    [Fact]
    public void State_RestoredInAnotherPass_ContinuesTheSame()
    {
        PassCase network = new(s_settings, V, 6, B), other = new(s_settings, V, 4, B);
        network.Evaluate(Window.Of(6, B, V));
        Assert.Equal(["state.h_l0", "state.c_l0", "state.h_l1", "state.c_l1"], network.Pass.State.Select(state => state.Name));
        foreach (var (from, to) in network.Pass.State.Zip(other.Pass.State))
            from.Value.Row(0).CopyTo(to.Value.Row(0));
        var next = Window.Of(4, B, V, seed: 2);
        Assert.Equal(network.Evaluate(next), other.Evaluate(next));
    }

    [Fact]
    public void Train_WithoutDropout_HasTheLossOfEvaluation()
    {
        var network = new PassCase(s_settings, V, 6, B);
        var window = Window.Of(6, B, V);
        var evaluated = network.Evaluate(window);
        network.Pass.ResetState();
        var trained = network.Train(window);
        Assert.Equal(evaluated.Tokens, trained.Tokens);
        Assert.Equal(evaluated.Nats, trained.Nats, 1e-4);
    }

    [Fact]
    public void Train_WithDropout_DependsOnTheSeedAloneAndEvaluationOnNone()
    {
        PassCase dropped = new(s_settings with { Dropout = 0.5, EmbeddingDropout = 0.2 }, V, 6, B), plain = new(s_settings, V, 6, B);
        var window = Window.Of(6, B, V);
        double Nats(ulong seed)
        {
            dropped.Pass.ResetState();
            return dropped.Train(window, seed).Nats;
        }
        double first = Nats(1);
        Assert.NotEqual(first, Nats(2));
        Assert.Equal(first, Nats(1));
        dropped.Pass.ResetState();
        Assert.Equal(plain.Evaluate(window), dropped.Evaluate(window));
    }

    [Fact]
    public void DropoutKinds_AgreeAtTheFirstStepAndDifferAfter()
    {
        PassCase standard = new(s_settings with { Dropout = 0.5 }, V, 2, B);
        PassCase locked = new(s_settings with { Dropout = 0.5, DropoutKind = DropoutKind.Locked }, V, 2, B);
        var window = Window.Of(2, B, V);
        Assert.Equal(standard.Train(window.Steps(0, 1), 9), locked.Train(window.Steps(0, 1), 9));
        Assert.Equal(standard.State(), locked.State());
        standard.Pass.ResetState();
        locked.Pass.ResetState();
        Assert.NotEqual(standard.Train(window, 9), locked.Train(window, 9));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.4)]
    public void TrainAndEvaluate_AfterWarmUp_AllocateNothing(double dropout)
    {
        // The caller does all the work: what it allocates is all there is.
        using var threads = new ThreadCount(1);
        var network = new PassCase(s_settings with { Dropout = dropout, EmbeddingDropout = dropout }, V, 6, B);
        var optimizer = new Adam(network.Model.Parameters);
        var window = Window.Of(6, B, V);
        void Step()
        {
            network.Model.Parameters.ZeroGradients();
            network.Train(window, 3);
            GradientClipping.ClipGlobalNorm(network.Model.Parameters, 1);
            optimizer.Step(network.Model.Parameters, 0.001f);
            network.Model.WeightsChanged();
            network.Evaluate(window);
        }
        Step();
        Step();
        Assert.Equal(0, Allocations.Least(Step));
    }

    [Theory]
    [InlineData("sgd", 2)]
    [InlineData("sgd", 16)]
    [InlineData("adam", 2)]
    [InlineData("adam", 16)]
    public void Training_AnyThreadCount_GivesTheSameBits(string optimizer, int threads)
    {
        var expected = Run(1);
        var actual = Run(threads);
        Assert.Equal(expected.Nats, actual.Nats);
        Assert.Equal(expected.Weights, actual.Weights);

        (double[] Nats, float[] Weights) Run(int count)
        {
            using var use = new ThreadCount(count);
            // Large enough that products and steps are shared out, also on the widest vectors.
            var settings = new ModelSettings { Layers = 2, HiddenSize = 168, EmbeddingSize = 40, TieEmbeddings = true, Dropout = 0.2, EmbeddingDropout = 0.1 };
            var network = new PassCase(settings, 300, 5, 4);
            var parameters = network.Model.Parameters;
            IOptimizer steps = optimizer == "sgd" ? new Sgd(parameters, momentum: 0.9f) : new Adam(parameters, weightDecay: 0.01f);
            double[] nats = new double[3];
            for (int step = 0; step < nats.Length; step++)
            {
                parameters.ZeroGradients();
                nats[step] = network.Train(Window.Of(5, 4, 300, step), (ulong)step).Nats;
                GradientClipping.ClipGlobalNorm(parameters, 0.25);
                steps.Step(parameters, optimizer == "sgd" ? 1f : 0.01f);
            }
            return (nats, network.Weights());
        }
    }

    [Fact]
    public void Windows_OfWrongSize_AreRefused()
    {
        var network = new PassCase(s_settings, V, 6, B);
        Assert.Contains("expected 1 to 6 steps", Assert.Throws<ArgumentOutOfRangeException>(() => network.Evaluate(Window.Of(7, B, V))).Message, StringComparison.Ordinal);
        Assert.Contains("expected 1 to 6 steps", Assert.Throws<ArgumentOutOfRangeException>(() => network.Train(Window.Of(6, B, V) with { TimeSteps = 0 })).Message, StringComparison.Ordinal);
        var error = Assert.Throws<ArgumentException>(() => network.Train(Window.Of(6, B, V) with { Targets = [1, 2] }));
        Assert.Equal($"expected 6 x {B} inputs and targets, found {6 * B} and 2.", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LanguageModelPass(network.Model, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LanguageModelPass(network.Model, 1, 0));
    }

    [Fact]
    public void Windows_WithIdsOutsideTheVocabulary_AreRefused()
    {
        var network = new PassCase(s_settings, V, 1, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Train(new Window([V], [0], 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Train(new Window([0], [V], 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Evaluate(new Window([0], [V], 1)));
    }
}
