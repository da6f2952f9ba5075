using RnnService.Engine.Layers;
using RnnService.Engine.Losses;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Tests.Examples;

/// <summary>One to many: a vector becomes the initial state, and a sequence comes out letter by letter until its end. Here: numbers are spelled.</summary>
public sealed class OneToManyExample
{
    const string Letters = "efhinorstuvwx.";
    static readonly string[] s_words = ["one.", "two.", "three.", "four.", "five.", "six.", "seven."];

    [Fact]
    public void AVector_AfterTraining_IsSpelled()
    {
        int batch = s_words.Length, steps = s_words.Max(word => word.Length);
        var parameters = new ParameterSet();
        var stack = new RecurrentStack(new RecurrentOptions { HiddenSize = 24 }, Letters.Length, parameters);
        var start = new Linear(batch, stack.OutputSize, parameters, "start");
        var output = new Linear(stack.OutputSize, Letters.Length, parameters, "output");
        var loss = new SoftmaxCrossEntropy(output);

        // A word is read one step late: first nothing, then each letter to predict the next. Targets past its end do not count.
        float[] vectors = Example.OneHot([.. Enumerable.Range(0, batch)], batch);
        int[] targets = [.. Enumerable.Range(0, steps).SelectMany(t => s_words.Select(word => t < word.Length ? Letters.IndexOf(word[t], StringComparison.Ordinal) : -1))];
        int[] inputs = [.. Enumerable.Repeat(-1, batch), .. targets.SkipLast(batch)];
        float[] x = Example.OneHot(inputs, Letters.Length), dOutput = new float[targets.Length * stack.OutputSize];
        var tape = stack.CreateTape(steps, batch);
        RecurrentState state = stack.CreateState(batch), dState = stack.CreateState(batch);
        Example.Train(parameters, 200, () =>
        {
            Begin(tape);
            stack.Forward(x, [], tape);
            loss.ForwardBackward(tape.Outputs(steps), targets, dOutput);
            dState.Clear();
            stack.Backward(x, [], tape, dOutput, dState, dx: []);
            start.Backward(vectors, batch, dState.Layers[0].Hidden.Span, dx: []);
        });

        var step = stack.CreateTape(timeSteps: 1, batch);
        Begin(step);
        string[] spelled = [.. Enumerable.Repeat("", batch)];
        int[] letters = [.. Enumerable.Repeat(-1, batch)];
        for (int t = 0; t < steps; t++)
        {
            stack.Forward(Example.OneHot(letters, Letters.Length), [], step);
            letters = Example.Best(output, step.Outputs(1));
            for (int row = 0; row < batch; row++)
                spelled[row] += Letters[letters[row]];
            step.Carry(1);
        }
        Assert.Equal(s_words, spelled.Select(word => word[..(word.IndexOf('.', StringComparison.Ordinal) + 1)]));

        void Begin(StackTape first)
        {
            stack.Pack(forTraining: true);
            start.Pack();
            output.Pack();
            start.Forward(vectors, batch, state.Layers[0].Hidden.Span);
            first.SetState(state);
        }
    }
}
