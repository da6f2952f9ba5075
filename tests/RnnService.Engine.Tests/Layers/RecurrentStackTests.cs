using RnnService.Engine.Layers;
using RnnService.Engine.Tests.Support;
using RnnService.Tests;

namespace RnnService.Engine.Tests.Layers;

/// <summary>Stacks of every cell, one way and both ways, with and without what else a stack can have.</summary>
[Collection(Tiers.Collection)]
public sealed class RecurrentStackTests
{
    /// <summary>All but those that contradict themselves.</summary>
    public static IEnumerable<TheoryDataRow<string, bool, bool, bool>> Combinations => Cells.Names.SelectMany(OfCell);

    [Theory, MemberData(nameof(Combinations))]
    public void Backward_EveryCombination_MatchesFiniteDifferences(string cell, bool bidirectional, bool residual, bool masked) =>
        Run(cell, bidirectional, residual, masked).CheckGradients(4e-3);

    [Theory, MemberData(nameof(Combinations))]
    public void Backward_WithDropout_MatchesFiniteDifferences(string cell, bool bidirectional, bool residual, bool masked)
    {
        var run = Run(cell, bidirectional, residual, masked);
        run.Dropout = new StackDropout(0.3f, masked ? DropoutKind.Locked : DropoutKind.Standard, Seed: 3);
        run.CheckGradients(4e-3);
    }

    [Theory, MemberData(nameof(Combinations))]
    public void Passes_OfAWindowLongerThanTheText_EqualThoseOfTheWholeText(string cell, bool bidirectional, bool residual, bool masked)
    {
        StackRun whole = Run(cell, bidirectional, residual, masked), window = Run(cell, bidirectional, residual, masked, room: 5);
        foreach (var run in (StackRun[])[whole, window])
        {
            run.Forward();
            run.Backward();
        }
        Tolerance.AssertSameBits(whole.Output, window.Output, "outputs");
        Tolerance.AssertSameBits(whole.Dx.Span, window.Dx.Span, "dx");
        foreach (var (expected, found) in whole.Parameters.Zip(window.Parameters))
            Tolerance.AssertSameBits(expected.Gradient.Span, found.Gradient.Span, expected.Name);
    }

    [Theory, MemberData(nameof(Combinations))]
    public void Passes_AfterTheFirst_AllocateNothing(string cell, bool bidirectional, bool residual, bool masked)
    {
        using var one = new ThreadCount(1);
        var run = Run(cell, bidirectional, residual, masked);
        run.Forward();
        run.Backward();
        Assert.Equal(0, Allocations.Least(run.RepeatPasses));
    }

    static IEnumerable<TheoryDataRow<string, bool, bool, bool>> OfCell(string cell) =>
        from bidirectional in Cells.Options(cell, hiddenSize: 1).Recurrence == Recurrence.Jordan ? [false] : (bool[])[false, true]
        from residual in (bool[])[false, true]
        from masked in (bool[])[false, true]
        select new TheoryDataRow<string, bool, bool, bool>(cell, bidirectional, residual, masked);

    static StackRun Run(string cell, bool bidirectional, bool residual, bool masked, int room = 0) => new(
        Cells.Options(cell, hiddenSize: 3, layers: 2) with { Bidirectional = bidirectional, Residual = residual },
        timeSteps: 4, batchSize: 2, inputSize: 2, masked ? [2, 4] : [], room);
}
