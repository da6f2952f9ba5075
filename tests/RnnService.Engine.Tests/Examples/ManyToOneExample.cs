using RnnService.Engine.Layers;
using RnnService.Engine.Losses;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Tests.Examples;

/// <summary>Many to one: a whole sequence, read in both directions, gives one class. Here: does a 1 stand anywhere before a 0?</summary>
public sealed class ManyToOneExample
{
    const int T = 5;

    [Theory, InlineData(PoolingKind.Last), InlineData(PoolingKind.Mean), InlineData(PoolingKind.Max)]
    public void ASequence_AfterTraining_IsClassified(PoolingKind kind)
    {
        var options = new RecurrentOptions { HiddenSize = 12, Bidirectional = true };
        var parameters = new ParameterSet();
        var stack = new RecurrentStack(options, inputSize: 2, parameters);
        var pooling = new SequencePooling(kind, options);
        var output = new Linear(stack.OutputSize, 2, parameters, "output");
        var loss = new SoftmaxCrossEntropy(output);

        // All sequences of five bits, each cut to a length of 2 to 5.
        int batch = 1 << T;
        int[] lengths = [.. Enumerable.Range(0, batch).Select(row => 2 + row * 7 % 4)];
        int[] bits = [.. Enumerable.Range(0, T).SelectMany(t => Enumerable.Range(0, batch).Select(row => row >> t & 1))];
        int[] classes = [.. Enumerable.Range(0, batch).Select(row => IsOneBeforeZero(row, lengths[row]) ? 1 : 0)];
        float[] x = Example.OneHot(bits, 2);
        float[] pooled = new float[batch * stack.OutputSize], dPooled = new float[pooled.Length], dOutput = new float[T * pooled.Length];
        var tape = stack.CreateTape(T, batch);
        Example.Train(parameters, 150, () =>
        {
            Read();
            loss.ForwardBackward(pooled, classes, dPooled);
            pooling.Backward(tape.Outputs(T), lengths, batch, dPooled, dOutput);
            stack.Backward(x, lengths, tape, dOutput, dState: null, dx: []);
        });
        Read();
        Assert.Equal(classes, Example.Best(output, pooled));

        void Read()
        {
            stack.Pack(forTraining: true);
            output.Pack();
            stack.Forward(x, lengths, tape);
            pooling.Forward(tape.Outputs(T), lengths, batch, pooled);
        }
    }

    static bool IsOneBeforeZero(int row, int length) => Enumerable.Range(0, length - 1).Any(t => (row >> t & 3) == 1);
}
