using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Tests.Layers;

public sealed class RecurrentOptionsTests
{
    static readonly RecurrentOptions s_lstm = new() { HiddenSize = 3 };

    public static TheoryData<RecurrentOptions, string> Contradictions => new()
    {
        { s_lstm with { Activation = CellActivation.Relu }, "Activation: Relu is of cell Rnn; found cell Lstm." },
        { s_lstm with { Recurrence = Recurrence.Jordan }, "Recurrence: Jordan is of cell Rnn; found cell Lstm." },
        { s_lstm with { GruForm = GruForm.ResetBefore }, "GruForm: ResetBefore is of cell Gru; found cell Lstm." },
        { s_lstm with { Cell = CellKind.Rnn, Recurrence = Recurrence.Jordan, Bidirectional = true }, "Bidirectional: true, but Recurrence is Jordan" },
        { s_lstm with { Residual = true }, "Residual: true, but Layers is 1" },
        { s_lstm with { Leak = 1 }, "Leak must be from 0 to below 1; found 1." },
        { s_lstm with { TimeSkip = -1 }, "TimeSkip must be from 0 to 4096; found -1." },
        { s_lstm with { HiddenSize = 0 }, "HiddenSize must be 1 or more; found 0." },
        { s_lstm with { Layers = 0 }, "Layers must be 1 or more; found 0." },
    };

    [Theory, MemberData(nameof(Contradictions))]
    public void Stack_OfWhatDoesNotGoTogether_SaysWhat(RecurrentOptions options, string expected)
    {
        var refused = Assert.ThrowsAny<ArgumentException>(() => new RecurrentStack(options, 2, new ParameterSet()));
        Assert.StartsWith(expected, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CellKind.Lstm, Recurrence.Elman, 4 * 3 * (2 + 3 + 2))]
    [InlineData(CellKind.Gru, Recurrence.Elman, 3 * 3 * (2 + 3 + 2))]
    [InlineData(CellKind.Rnn, Recurrence.Elman, 3 * (2 + 3 + 2))]
    [InlineData(CellKind.Rnn, Recurrence.Jordan, 3 * (2 + 3 + 2) + 3 * (3 + 1))]
    public void WeightCount_OfALayer_IsThatOfItsParameters(CellKind cell, Recurrence recurrence, int expected)
    {
        var options = s_lstm with { Cell = cell, Recurrence = recurrence };
        var parameters = new ParameterSet();
        var layer = new RecurrentLayer(options, inputSize: 2, parameters);
        Assert.Equal(expected, RecurrentLayer.WeightCount(options, inputSize: 2));
        Assert.Equal(expected, parameters.WeightCount);
        Assert.Equal(parameters, layer.Parameters);
    }
}
