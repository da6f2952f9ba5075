using RnnService.Models.LanguageModels;

namespace RnnService.Models.Tests.LanguageModels;

/// <summary>What language models of every cell have in common.</summary>
public sealed class CellModelTests
{
    const int V = 23, B = 3;

    public static TheoryData<string> Names => CellModels.Names;

    [Theory, MemberData(nameof(Names))]
    public void Feed_TokenByToken_GivesTheBitsOfTheWholeText(string name)
    {
        var model = new LanguageModel(CellModels.Settings(name), V);
        model.Initialize(seed: 4);
        int[] tokens = Window.Of(timeSteps: 71, batchSize: 1, V).Inputs;
        StepSession whole = model.CreateSession(), single = model.CreateSession();
        whole.Feed(tokens);
        foreach (int token in tokens)
            single.Feed(token);
        Assert.Equal(single.Logits, whole.Logits);
        Assert.True(whole.Logits.ToArray().Max() > whole.Logits.ToArray().Min());
    }

    [Theory, MemberData(nameof(Names))]
    public void Train_GoneOnWithInAnotherPass_GivesTheSameBits(string name)
    {
        PassCase network = new(CellModels.Settings(name), V, timeSteps: 6, B), other = new(CellModels.Settings(name), V, timeSteps: 6, B);
        network.Train(Window.Of(6, B, V));
        // As a training is saved and resumed: all of the carried state, no gradients.
        foreach (var (from, to) in network.Pass.State.Zip(other.Pass.State))
            from.Value.Span.CopyTo(to.Value.Span);
        network.Model.Parameters.ZeroGradients();
        var next = Window.Of(6, B, V, seed: 2);
        Assert.Equal(network.Train(next, dropoutSeed: 9), other.Train(next, dropoutSeed: 9));
        Assert.Equal(network.Gradients(), other.Gradients());
    }

    [Theory, MemberData(nameof(Names))]
    public void Train_WindowAsLongAsTheText_EqualsFullBackpropagation(string name)
    {
        PassCase exact = new(CellModels.Settings(name), V, timeSteps: 6, B), longer = new(CellModels.Settings(name), V, timeSteps: 35, B);
        var window = Window.Of(6, B, V);
        Assert.Equal(exact.Train(window), longer.Train(window));
        Assert.Equal(exact.Gradients(), longer.Gradients());
    }

    [Theory, MemberData(nameof(Names))]
    public void Initialize_SameSeed_GivesTheSameWeights(string name)
    {
        Assert.Equal(Weights(5), Weights(5));
        Assert.NotEqual(Weights(5), Weights(6));

        float[] Weights(int seed)
        {
            var model = new LanguageModel(CellModels.Settings(name), V);
            model.Initialize(seed);
            return [.. model.Parameters.SelectMany(parameter => parameter.Value.Span.ToArray())];
        }
    }
}
