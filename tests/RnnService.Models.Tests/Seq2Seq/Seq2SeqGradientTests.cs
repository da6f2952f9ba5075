using RnnService.Engine.Layers;
using RnnService.Models.Seq2Seq;

namespace RnnService.Models.Tests.Seq2Seq;

/// <summary>Every gradient of whole encoder-decoders against differences of their training loss, on rows of different lengths.</summary>
public sealed class Seq2SeqGradientTests
{
    const ulong DropoutSeed = 11;

    // Of the loss, so that the gradients of what is far from it are large enough to tell.
    const float Scale = 2;

    [Theory]
    [InlineData(ContextKind.LastState, CellKind.Lstm, 2, true, 0, false)]
    [InlineData(ContextKind.Summary, CellKind.Gru, 1, false, 0.3, false)]
    [InlineData(ContextKind.Additive, CellKind.Gru, 1, true, 0, false)]
    [InlineData(ContextKind.Additive, CellKind.Gru, 2, true, 0.3, true)]
    [InlineData(ContextKind.Additive, CellKind.Lstm, 1, false, 0.3, true)]
    [InlineData(ContextKind.Dot, CellKind.Rnn, 1, true, 0, true)]
    [InlineData(ContextKind.Dot, CellKind.Gru, 1, false, 0.3, false)]
    public void Train_EveryWeight_HasTheSlopeOfTheBatchesLoss(ContextKind context, CellKind cell, int layers, bool bidirectional, double dropout, bool tied)
    {
        var model = SmallSeq2Seq.Create(
            context,
            network => network with
            {
                Cell = cell,
                Layers = layers,
                Bidirectional = bidirectional,
                Dropout = dropout,
                DropoutKind = tied ? DropoutKind.Locked : DropoutKind.Standard,
                EmbeddingDropout = dropout / 3,
                TieEmbeddings = tied,
            },
            around => around with { EncoderLayers = layers, ShareEmbeddings = tied });
        AssertSlopes(model, labelSmoothing: 0.1);
    }

    [Fact]
    public void Train_OtherFormsOfCells_HaveTheirSlopesToo()
    {
        AssertSlopes(SmallSeq2Seq.Create(ContextKind.Additive, network => network with { GruForm = GruForm.ResetBefore, TimeSkip = 4, Leak = 0.25, InitRange = 0.7 }), 0);
        AssertSlopes(SmallSeq2Seq.Create(
            ContextKind.Dot, network => network with { Cell = CellKind.Rnn, Recurrence = Recurrence.Jordan, Bidirectional = false, Layers = 2, Residual = true }), 0);
    }

    static void AssertSlopes(Seq2SeqModel model, double labelSmoothing)
    {
        // One row more than examples: a row of nothing changes nothing.
        var pass = new Seq2SeqPass(model, SmallSeq2Seq.MostSteps, SmallSeq2Seq.MostSteps, SmallSeq2Seq.Examples + 1);
        var examples = SmallSeq2Seq.SomeExamples();
        double Loss() => Scale * pass.Train(examples, labelSmoothing, DropoutSeed).Mean;

        Loss();
        float[][] gradients = [.. model.Parameters.Select(parameter => parameter.Gradient.Span.ToArray().Select(value => Scale * value).ToArray())];
        foreach (var (parameter, gradient) in model.Parameters.Zip(gradients))
            Slopes.AssertMatch(parameter, gradient, Loss);
    }
}
