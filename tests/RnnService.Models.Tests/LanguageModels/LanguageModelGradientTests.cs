using RnnService.Engine.Layers;
using RnnService.Models.LanguageModels;

namespace RnnService.Models.Tests.LanguageModels;

/// <summary>Every gradient of the whole model against differences of its training loss.</summary>
public sealed class LanguageModelGradientTests
{
    const int TimeSteps = 4, BatchSize = 2, VocabularySize = 7;
    const ulong DropoutSeed = 5;

    [Theory]
    [InlineData(true, 5, 1, 0, DropoutKind.Standard, 0)]
    [InlineData(true, 3, 2, 0, DropoutKind.Standard, 0)]
    [InlineData(false, 5, 3, 0, DropoutKind.Standard, 0)]
    [InlineData(true, 5, 2, 0.3, DropoutKind.Standard, 0.3)]
    [InlineData(false, 4, 2, 0.3, DropoutKind.Locked, 0)]
    public void Train_EveryWeight_HasTheSlopeOfTheMeanLoss(
        bool tied, int hiddenSize, int layers, double dropout, DropoutKind dropoutKind, double embeddingDropout)
    {
        var settings = new ModelSettings
        {
            Layers = layers,
            HiddenSize = hiddenSize,
            EmbeddingSize = 3,
            TieEmbeddings = tied,
            Dropout = dropout,
            DropoutKind = dropoutKind,
            EmbeddingDropout = embeddingDropout,
            InitRange = 1.2,
        };
        var network = new PassCase(settings, VocabularySize, TimeSteps, BatchSize);
        var window = Window.Of(TimeSteps, BatchSize, VocabularySize);
        // A state that is not zero and does not move with the weights: no gradient flows into the window before.
        network.Evaluate(Window.Of(TimeSteps, BatchSize, VocabularySize, seed: 2));
        float[][] start = [.. network.Pass.State.Select(state => state.Value.Row(0).ToArray())];
        double Loss()
        {
            for (int i = 0; i < start.Length; i++)
                start[i].CopyTo(network.Pass.State[i].Value.Row(0));
            return network.Train(window, DropoutSeed).Mean;
        }

        Loss();
        float[][] gradients = [.. network.Model.Parameters.Select(parameter => parameter.Gradient.Span.ToArray())];
        foreach (var (parameter, gradient) in network.Model.Parameters.Zip(gradients))
            Slopes.AssertMatch(parameter, gradient, Loss);
    }

    [Fact]
    public void Train_Twice_AddsToTheGradients()
    {
        var settings = new ModelSettings { Layers = 2, HiddenSize = 5, EmbeddingSize = 3, TieEmbeddings = true, InitRange = 0.8 };
        var network = new PassCase(settings, VocabularySize, TimeSteps, BatchSize);
        var window = Window.Of(TimeSteps, BatchSize, VocabularySize);
        network.Train(window);
        float[] once = network.Gradients();
        network.Pass.ResetState();
        network.Train(window);
        float[] twice = network.Gradients();
        for (int i = 0; i < once.Length; i++)
            Assert.Equal(2 * once[i], twice[i], 1e-6f);
        network.Model.Parameters.ZeroGradients();
        network.Pass.ResetState();
        network.Train(window);
        Assert.Equal(once, network.Gradients());
    }
}
