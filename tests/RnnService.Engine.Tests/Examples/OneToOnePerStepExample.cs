using RnnService.Engine.Layers;
using RnnService.Engine.Losses;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Tests.Examples;

/// <summary>One to one at every step: the next letter after each letter. What follows "a" depends on the letter before it: that is in the state.</summary>
public sealed class OneToOnePerStepExample
{
    const string Text = "abacadabacadabacadabacad", Letters = "abcd";

    [Fact]
    public void ALetter_AfterTraining_IsFollowedByTheNextOfTheText()
    {
        var parameters = new ParameterSet();
        var stack = new RecurrentStack(new RecurrentOptions { HiddenSize = 12 }, Letters.Length, parameters);
        var output = new Linear(stack.OutputSize, Letters.Length, parameters, "output");
        var loss = new SoftmaxCrossEntropy(output);

        int[] text = [.. Text.Select(letter => Letters.IndexOf(letter, StringComparison.Ordinal))];
        float[] x = Example.OneHot(text.AsSpan(0, text.Length - 1), Letters.Length);
        float[] dOutput = new float[(text.Length - 1) * stack.OutputSize];
        var tape = stack.CreateTape(text.Length - 1, batchSize: 1);
        Example.Train(parameters, 150, () =>
        {
            stack.Pack(forTraining: true);
            output.Pack();
            stack.Forward(x, [], tape);
            loss.ForwardBackward(tape.Outputs(tape.TimeSteps), text.AsSpan(1), dOutput);
            stack.Backward(x, [], tape, dOutput, dState: null, dx: []);
        });

        // One step at a time; each answer is the next question.
        var step = stack.CreateTape(timeSteps: 1, batchSize: 1);
        string spoken = "a";
        stack.Pack(forTraining: false);
        while (spoken.Length < Text.Length)
        {
            stack.Forward(Example.OneHot([Letters.IndexOf(spoken[^1], StringComparison.Ordinal)], Letters.Length), [], step);
            spoken += Letters[Example.Best(output, step.Outputs(1))[0]];
            step.Carry(1);
        }
        Assert.Equal(Text, spoken);
    }
}
