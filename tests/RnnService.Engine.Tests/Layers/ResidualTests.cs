using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

[Collection(Tiers.Collection)]
public sealed class ResidualTests
{
    static RecurrentOptions Options(bool bidirectional) => new() { HiddenSize = 3, Layers = 3, Residual = true, Bidirectional = bidirectional };

    [Theory, InlineData(false), InlineData(true)]
    public void Forward_EveryLayerButTheFirst_AddsItsInput(bool bidirectional)
    {
        const int T = 4, B = 2;
        // As wide as the outputs, and yet not added: the first layer's width is free.
        var run = new StackRun(Options(bidirectional), T, B, inputSize: 3, [4, 2]);
        run.Forward();
        float[] x = run.X.Span.ToArray();
        for (int layer = 0; layer < 3; layer++)
        {
            float[] y = Alone(run, layer, x);
            x = layer == 0 ? y : [.. x.Zip(y, (input, output) => input + output)];
        }
        Tolerance.AssertSameBits(x, run.Output, "outputs");
    }

    /// <summary>The outputs of a stack of one of the layers.</summary>
    static float[] Alone(StackRun run, int layer, float[] x)
    {
        var options = run.Stack.Options with { Layers = 1, Residual = false };
        int directions = options.Bidirectional ? 2 : 1;
        var parameters = new ParameterSet();
        var stack = new RecurrentStack(options, run.Stack.Layers[layer * directions].InputSize, parameters);
        for (int index = 0; index < parameters.Count; index++)
            run.Parameters[layer * parameters.Count + index].Value.Span.CopyTo(parameters[index].Value.Span);
        var state = stack.CreateState(run.Tape.BatchSize);
        var initial = run.State.Layers.Skip(layer * directions).Take(directions).SelectMany(StackRun.Tensors);
        foreach (var (from, to) in initial.Zip(StackRun.Tensors(state)))
            from.Span.CopyTo(to.Span);
        var tape = stack.CreateTape(run.Tape.TimeSteps, run.Tape.BatchSize);
        tape.SetState(state);
        stack.Pack(forTraining: false);
        stack.Forward(x, [4, 2], tape);
        return tape.Outputs(tape.TimeSteps).ToArray();
    }
}
