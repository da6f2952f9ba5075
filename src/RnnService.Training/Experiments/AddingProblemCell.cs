using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using RnnService.Engine.Layers;

namespace RnnService.Training.Experiments;

/// <summary>A contestant of the adding problem: a cell, how its weights begin, how fast it learns.</summary>
public sealed record AddingProblemCell
{
    /// <summary>What <c>--cells</c> calls it.</summary>
    public required string Name { get; init; }

    /// <summary>What tables and plots call it.</summary>
    public required string Title { get; init; }

    /// <summary>The cell.</summary>
    public required CellKind Cell { get; init; }

    /// <summary>What a simple recurrent network applies to its sums.</summary>
    public CellActivation Activation { get; init; }

    /// <summary>Whether recurrent weights begin as the identity, the state thus unchanged, with small input weights (Le, Jaitly and Hinton 2015).</summary>
    public bool BeginsAsIdentity { get; init; }

    /// <summary>Where the bias of the gate that keeps the state begins: f of an LSTM (Jozefowicz et al. 2015), z of a GRU.</summary>
    public float KeepBias { get; init; }

    /// <summary>Adam's.</summary>
    public required float LearningRate { get; init; }

    /// <summary>All that can take part.</summary>
    public static IReadOnlyList<AddingProblemCell> All { get; } =
    [
        new() { Name = "rnn", Title = "RNN (tanh)", Cell = CellKind.Rnn, LearningRate = 0.001f },
        new() { Name = "irnn", Title = "IRNN (relu, identity)", Cell = CellKind.Rnn, Activation = CellActivation.Relu, BeginsAsIdentity = true, LearningRate = 0.001f },
        new() { Name = "lstm", Title = "LSTM", Cell = CellKind.Lstm, KeepBias = 1, LearningRate = 0.003f },
        new() { Name = "gru", Title = "GRU", Cell = CellKind.Gru, KeepBias = 1, LearningRate = 0.003f },
    ];

    /// <summary>The recurrent layer.</summary>
    /// <param name="hiddenSize">H</param>
    public RecurrentOptions Options(int hiddenSize) => new() { Cell = Cell, Activation = Activation, HiddenSize = hiddenSize };

    /// <summary>Random weights: uniform within ±1/√H and biases 0, but for what the properties say.</summary>
    internal void Initialize(SequenceRegression network, MersenneTwister random)
    {
        var layer = network.Recurrent.Layers[0];
        int hiddenSize = layer.HiddenSize;
        if (BeginsAsIdentity)
        {
            const double SmallDeviation = 0.001;
            foreach (ref float weight in layer.WeightInput.Value.Span)
                weight = (float)Normal.Sample(random, 0, SmallDeviation);
            for (int unit = 0; unit < hiddenSize; unit++)
                layer.WeightHidden.Value.Row(unit)[unit] = 1;
        }
        else
        {
            double range = 1 / Math.Sqrt(hiddenSize);
            SequenceRegression.FillUniform(layer.WeightInput.Value, range, random);
            SequenceRegression.FillUniform(layer.WeightHidden.Value, range, random);
        }
        // Second of i, f, g, o and of r, z, n.
        if (Cell != CellKind.Rnn)
            layer.BiasInput.Value.Span.Slice(hiddenSize, hiddenSize).Fill(KeepBias);
        network.InitializeOutput(random);
    }
}
