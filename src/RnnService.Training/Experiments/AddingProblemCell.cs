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

    /// <summary>How the recurrent matrix starts.</summary>
    public RecurrentInitialization Initialization { get; init; }

    /// <summary>Where the bias of an LSTM's forget gate starts: σ(4) keeps half of a cell state for 38 steps, σ(1) for 2.</summary>
    public double ForgetBias { get; init; } = 1;

    /// <summary>Adam's.</summary>
    public required float LearningRate { get; init; }

    /// <summary>All that can take part.</summary>
    public static IReadOnlyList<AddingProblemCell> All { get; } =
    [
        new() { Name = "rnn", Title = "RNN (tanh)", Cell = CellKind.Rnn, LearningRate = 0.001f },
        new()
        {
            Name = "irnn",
            Title = "IRNN (relu, identity)",
            Cell = CellKind.Rnn,
            Activation = CellActivation.Relu,
            Initialization = RecurrentInitialization.Identity,
            LearningRate = 0.001f,
        },
        new() { Name = "lstm", Title = "LSTM (forget bias 4)", Cell = CellKind.Lstm, ForgetBias = 4, LearningRate = 0.01f },
        new() { Name = "gru", Title = "GRU", Cell = CellKind.Gru, LearningRate = 0.01f },
    ];

    /// <summary>The recurrent layer.</summary>
    /// <param name="hiddenSize">H</param>
    public RecurrentOptions Options(int hiddenSize) => new() { Cell = Cell, Activation = Activation, HiddenSize = hiddenSize };
}
