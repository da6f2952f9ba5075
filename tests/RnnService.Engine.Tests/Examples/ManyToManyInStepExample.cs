using RnnService.Engine.Layers;
using RnnService.Engine.Losses;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Tests.Examples;

/// <summary>Many to many in step: a tag for each token, from all that stands around it. Here: does a 1 stand on both sides of it?</summary>
public sealed class ManyToManyInStepExample
{
    const int T = 5, Padding = -1;

    [Fact]
    public void EachToken_AfterTraining_HasItsTag()
    {
        var parameters = new ParameterSet();
        var stack = new RecurrentStack(new RecurrentOptions { HiddenSize = 12, Bidirectional = true }, inputSize: 2, parameters);
        var output = new Linear(stack.OutputSize, 2, parameters, "output");
        var loss = new SoftmaxCrossEntropy(output);

        int batch = 1 << T;
        int[] lengths = [.. Enumerable.Range(0, batch).Select(row => 3 + row % 3)];
        int[] tokens = [.. Enumerable.Range(0, T).SelectMany(t => Enumerable.Range(0, batch).Select(row => row >> t & 1))];
        int[] tags = [.. Enumerable.Range(0, tokens.Length).Select(index => Tag(index / batch, lengths[index % batch], t => tokens[t * batch + index % batch]))];
        float[] x = Example.OneHot(tokens, 2), dOutput = new float[tokens.Length * stack.OutputSize];
        var tape = stack.CreateTape(T, batch);
        Example.Train(parameters, 200, () =>
        {
            stack.Pack(forTraining: true);
            output.Pack();
            stack.Forward(x, lengths, tape);
            loss.ForwardBackward(tape.Outputs(T), tags, dOutput);
            stack.Backward(x, lengths, tape, dOutput, dState: null, dx: []);
        });
        stack.Pack(forTraining: false);
        stack.Forward(x, lengths, tape);
        int[] found = Example.Best(output, tape.Outputs(T));
        Assert.Equal(tags, found.Zip(tags, (tag, expected) => expected == Padding ? Padding : tag));
    }

    static int Tag(int t, int length, Func<int, int> token)
    {
        if (t >= length)
            return Padding;
        bool HasOne(int from, int to) => Enumerable.Range(from, to - from).Any(step => token(step) == 1);
        return HasOne(0, t) && HasOne(t + 1, length) ? 1 : 0;
    }
}
