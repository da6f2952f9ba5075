using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Layers;

/// <summary>Backpropagation through windows of a sequence, the state carried from one to the next and the gradient not.</summary>
public sealed class TruncatedBackpropagationTests
{
    const int T = 12, B = 3, I = 4, H = 9;

    public static TheoryData<string> CellNames => [.. Cells.Names];

    [Theory, MemberData(nameof(CellNames))]
    public void Window_AsLongAsTheSequenceOrLonger_GivesTheBitsOfFullBackpropagation(string cell)
    {
        float[] full = Gradients(cell, window: T, memory: T);
        Tolerance.AssertSameBits(full, Gradients(cell, window: T, memory: T + 1), "window of one step more");
        Tolerance.AssertSameBits(full, Gradients(cell, window: 3 * T, memory: 3 * T), "window three times as long");
    }

    [Theory, MemberData(nameof(CellNames))]
    public void Window_ShorterThanTheSequence_HasTheSameOutputsButOtherGradients(string cell)
    {
        float[] outputs = [], windowOutputs = [];
        float[] full = Gradients(cell, T, T, outputs: all => outputs = all), truncated = Gradients(cell, window: 4, memory: 4, all => windowOutputs = all);
        Tolerance.AssertSameBits(outputs, windowOutputs, "outputs");
        Assert.True(full.Zip(truncated, (x, y) => Math.Abs(x - y)).Max() > 1e-3);
    }

    /// <summary>Gradients of all parameters after the windows of one sequence.</summary>
    static float[] Gradients(string cell, int window, int memory, Action<float[]>? outputs = null)
    {
        var parameters = new ParameterSet();
        var stack = new RecurrentStack(Cells.Options(cell, H, layers: 2), I, parameters);
        foreach (var (index, parameter) in parameters.Index())
            Some.Fill(parameter.Value.Span, index + 1, 0.5f);
        stack.Pack(forTraining: true);
        var tape = stack.CreateTape(memory, B);
        float[] x = Some.Floats(T * B * I, seed: 51), dOutput = Some.Floats(T * B * H, seed: 52);
        List<float> all = [];
        for (int from = 0; from < T; from += window)
        {
            int to = Math.Min(T, from + window);
            stack.Forward(x.AsSpan(from * B * I, (to - from) * B * I), [], tape);
            all.AddRange(tape.Outputs(to - from));
            stack.Backward(
                x.AsSpan(from * B * I, (to - from) * B * I), [], tape, dOutput.AsSpan(from * B * H, (to - from) * B * H), dState: null, dx: []);
            tape.Carry(to - from);
        }
        outputs?.Invoke([.. all]);
        return [.. parameters.SelectMany(parameter => parameter.Gradient.Span.ToArray())];
    }
}
