using RnnService.Engine.Layers;
using RnnService.Engine.Losses;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Tests.Examples;

/// <summary>
/// Many to many out of step: an encoder reads the whole sequence, a decoder starts from its last states (Sutskever, Vinyals and Le 2014). Here:
/// sequences of two to four tokens come out from their end, closed by an end token.
/// </summary>
public sealed class ManyToManyOutOfStepExample
{
    const int Tokens = 2, End = Tokens, Vocabulary = Tokens + 1, Start = -1, Longest = 4;

    [Fact]
    public void ASequence_AfterTraining_ComesOutFromItsEnd()
    {
        var options = new RecurrentOptions { HiddenSize = 20, Layers = 2 };
        var parameters = new ParameterSet();
        var encoder = new RecurrentStack(options, Vocabulary, parameters, "encoder.");
        var decoder = new RecurrentStack(options, Vocabulary, parameters, "decoder.");
        var output = new Linear(decoder.OutputSize, Vocabulary, parameters, "output");
        var loss = new SoftmaxCrossEntropy(output);

        int[][] sources = [.. Sequences(2), .. Sequences(3), .. Sequences(4)];
        int[][] targets = [.. sources.Select(source => (int[])[.. source.Reverse(), End])];
        int batch = sources.Length, steps = Longest + 1;
        int[] lengths = [.. sources.Select(source => source.Length)];
        float[] x = Example.OneHot(TimeMajor(sources, Longest), Vocabulary);
        int[] expected = TimeMajor(targets, steps);
        // Teacher forcing: the decoder reads what it should have said.
        float[] spoken = Example.OneHot([.. Enumerable.Repeat(Start, batch), .. expected.SkipLast(batch)], Vocabulary);
        float[] dOutput = new float[expected.Length * decoder.OutputSize], none = new float[Longest * batch * encoder.OutputSize];
        StackTape reading = encoder.CreateTape(Longest, batch), speaking = decoder.CreateTape(steps, batch);
        RecurrentState state = encoder.CreateState(batch), dState = decoder.CreateState(batch);
        Example.Train(parameters, 250, () =>
        {
            Read(speaking);
            decoder.Forward(spoken, [], speaking);
            loss.ForwardBackward(speaking.Outputs(steps), expected, dOutput);
            dState.Clear();
            decoder.Backward(spoken, [], speaking, dOutput, dState, dx: []);
            // The gradient of the decoder's first state is that of the encoder's last one; nobody used the encoder's outputs.
            encoder.Backward(x, lengths, reading, none, dState, dx: []);
        });

        // Free running: the decoder reads what it said.
        var step = decoder.CreateTape(timeSteps: 1, batch);
        Read(step);
        var said = sources.Select(_ => new List<int>()).ToArray();
        int[] last = [.. Enumerable.Repeat(Start, batch)];
        for (int t = 0; t < steps; t++)
        {
            decoder.Forward(Example.OneHot(last, Vocabulary), [], step);
            last = Example.Best(output, step.Outputs(1));
            for (int row = 0; row < batch; row++)
                said[row].Add(last[row]);
            step.Carry(1);
        }
        Assert.Equal(targets, said.Select(tokens => tokens.Take(tokens.IndexOf(End) + 1).ToArray()));

        void Read(StackTape first)
        {
            encoder.Pack(forTraining: true);
            decoder.Pack(forTraining: true);
            output.Pack();
            encoder.Forward(x, lengths, reading);
            reading.CopyState(Longest, state);
            first.SetState(state);
        }
    }

    static IEnumerable<int[]> Sequences(int length) =>
        Enumerable.Range(0, 1 << length).Select(number => Enumerable.Range(0, length).Select(t => number >> t & 1).ToArray());

    /// <summary>[steps,B], -1 past the end of a sequence.</summary>
    static int[] TimeMajor(int[][] sequences, int steps) =>
        [.. Enumerable.Range(0, steps).SelectMany(t => sequences.Select(sequence => t < sequence.Length ? sequence[t] : -1))];
}
