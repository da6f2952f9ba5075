using RnnService.Engine.Layers;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

/// <summary>Gradients of every cell in stacks of every kind. Relu has kinks, where differences mean nothing: its layers are checked alone.</summary>
[Collection(Tiers.Collection)]
public sealed class RecurrentCombinationTests
{
    public static MatrixTheoryData<string, bool, bool, bool> Combinations =>
        new(Cells.Names.Where(name => !name.Contains("relu", StringComparison.Ordinal)), [false, true], [false, true], [false, true]);

    [Theory, MemberData(nameof(Combinations))]
    public void Backward_TwoLayersOfAnyKind_MatchesFiniteDifferences(string cell, bool bidirectional, bool residual, bool masked)
    {
        var options = Cells.Options(cell, hiddenSize: 3, layers: 2) with { Residual = residual };
        if (options.Recurrence == Recurrence.Elman)
            options = options with { Bidirectional = bidirectional };
        new StackRun(options, timeSteps: 4, batchSize: 2, inputSize: 2, masked ? [2, 4] : []).CheckGradients(1e-2);
    }
}
