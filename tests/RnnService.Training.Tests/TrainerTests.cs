using RnnService.Engine.Threading;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests;

public sealed class TrainerTests
{
    const string Adam = """ "optimizer": { "type": "adam", "learningRate": 0.01 } """;

    [Fact]
    public void Run_TenSentences_AreLearntByHeart()
    {
        var small = new SmallTraining($""" "epochs": 60, "batchSize": 2, "bpttWindow": 10, "patience": 0, {Adam} """);
        Assert.True(small.Run());
        var history = small.Trainer.Position.History;
        Assert.True(history[0].ValidationLoss > 2, $"first epoch {history[0]}");
        Assert.True(history[^1].ValidationLoss < 0.5, $"last epoch {history[^1]}");
    }

    [Theory]
    [InlineData(""" "cell": "gru" """)]
    [InlineData(""" "cell": "rnn" """)]
    [InlineData(""" "cell": "rnn", "activation": "relu" """)]
    [InlineData(""" "cell": "rnn", "activation": "sigmoid" """)]
    [InlineData(""" "cell": "rnn", "activation": "relu", "initialization": "identity" """)]
    [InlineData(""" "cell": "rnn", "recurrence": "jordan" """)]
    [InlineData(""" "cell": "gru", "gruForm": "reset-before", "initialization": "orthogonal" """)]
    [InlineData(""" "cell": "gru", "leak": 0.5, "timeSkip": 3 """)]
    [InlineData(""" "cell": "lstm", "forgetBias": 2, "timeSkip": 2 """)]
    public void Run_EachCell_LossFalls(string cell)
    {
        var small = new SmallTraining($""" "epochs": 60, "patience": 0, "batchSize": 2, "bpttWindow": 10, {Adam} """, cell);
        small.Run();
        var losses = small.Trainer.Position.History.Select(epoch => epoch.TrainingLoss).ToArray();
        Assert.True(losses[^1] < 0.7 * losses[0], string.Join(' ', losses));
    }

    [Theory]
    [InlineData("sgd", 1)]
    [InlineData("adam", 0.01)]
    [InlineData("adamw", 0.01)]
    public void Run_EachOptimizer_LossFalls(string type, double learningRate)
    {
        var small = new SmallTraining(FormattableString.Invariant(
            $$""" "epochs": 20, "patience": 0, "batchSize": 2, "bpttWindow": 10, "optimizer": { "type": "{{type}}", "learningRate": {{learningRate}} } """));
        small.Run();
        var losses = small.Trainer.Position.History.Select(epoch => epoch.TrainingLoss).ToArray();
        Assert.Equal(20, losses.Length);
        Assert.True(losses[^1] < 0.8 * losses[0], string.Join(' ', losses));
    }

    public static TheoryData<string> Settings => new()
    {
        Adam,
        """ "optimizer": { "type": "sgd", "learningRate": 1, "momentum": 0.9 }, "schedule": { "type": "plateau", "factor": 0.25 } """,
        $$""" {{Adam}}, "order": "shuffled-lines", "schedule": { "type": "cosine", "warmupSteps": 3 } """,
        $$""" {{Adam}}, "averaging": { "startEpoch": 2, "decay": 0.9 } """,
    };

    [Theory, MemberData(nameof(Settings))]
    public void Run_SameSeed_GivesTheSameBits(string settings) =>
        Assert.Equal(Weights(new SmallTraining(Epochs(settings))), Weights(new SmallTraining(Epochs(settings))));

    [Fact]
    public void Run_AnotherSeed_GivesOtherWeights() =>
        Assert.NotEqual(Weights(new SmallTraining(Epochs(Adam))), Weights(new SmallTraining(Epochs($"{Adam}, \"seed\": 2"))));

    [Fact]
    public void Run_AnyThreadCount_GivesTheSameBits()
    {
        int before = ComputeThreads.Count;
        try
        {
            ComputeThreads.Count = 1;
            float[] one = Weights(new SmallTraining(Epochs(Adam)));
            ComputeThreads.Count = 4;
            Assert.Equal(one, Weights(new SmallTraining(Epochs(Adam))));
        }
        finally
        {
            ComputeThreads.Count = before;
        }
    }

    [Fact]
    public void Run_NoImprovement_StopsByPatienceAndKeepsTheBest()
    {
        // Far too fast: some epoch is the best for long.
        var small = new SmallTraining(""" "epochs": 50, "batchSize": 2, "bpttWindow": 10, "patience": 2, "clipNorm": 0, "optimizer": { "type": "sgd", "learningRate": 30 } """);
        Assert.True(small.Run());
        var position = small.Trainer.Position;
        Assert.True(position.History.Count < 50);
        Assert.Equal(2, position.History[^1].Epoch - position.Best!.Epoch);
        Assert.Equal(position.Best.Epoch, Assert.IsType<StoppedEarly>(small.Events[^1]).BestEpoch);
        Assert.Equal(position.Best.ValidationLoss, small.MeasureValidation().Mean, 5);
    }

    [Fact]
    public void Run_Divergence_SaysWhatToLower()
    {
        var small = new SmallTraining(""" "clipNorm": 0, "optimizer": { "type": "sgd", "learningRate": 1e38 } """);
        Assert.Contains("lower training.optimizer.learningRate", Assert.Throws<TrainingException>(() => small.Run()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_DivergenceInTheLastStepOfAnEpoch_SaysWhatToLower()
    {
        var small = new SmallTraining(""" "batchSize": 1, "bpttWindow": 1000 """);
        Assert.Equal(1, small.Task.Size.StepsPerEpoch);
        var bias = small.Task.Parameters["output.bias"].Value;
        var diverged = Assert.Throws<TrainingException>(() => small.Trainer.Run(small, () => bias.Span[0] = float.NaN, CancellationToken.None));
        Assert.Equal(
            "the training diverged in epoch 1 (validation loss NaN): lower training.optimizer.learningRate or training.clipNorm.", diverged.Message);
    }

    [Fact]
    public void Run_Averaging_ValidatesTheMeanOfTheWeights()
    {
        string settings = """ "epochs": 3, "batchSize": 2, "bpttWindow": 10, "optimizer": { "type": "sgd", "learningRate": 1 } """;
        var plain = new SmallTraining(settings);
        var averaged = new SmallTraining(settings + """, "averaging": { "startEpoch": 2 } """);
        plain.Run();
        averaged.Run();
        var (plainHistory, history) = (plain.Trainer.Position.History, averaged.Trainer.Position.History);
        Assert.Equal(plainHistory[0].ValidationLoss, history[0].ValidationLoss);
        Assert.NotEqual(plainHistory[2].ValidationLoss, history[2].ValidationLoss);
        Assert.Equal(plainHistory.Select(epoch => epoch.TrainingLoss), history.Select(epoch => epoch.TrainingLoss));
    }

    static string Epochs(string settings) => $""" "epochs": 4, "batchSize": 2, "bpttWindow": 7, {settings} """;

    static float[] Weights(SmallTraining small)
    {
        small.Run();
        return small.Weights;
    }
}
