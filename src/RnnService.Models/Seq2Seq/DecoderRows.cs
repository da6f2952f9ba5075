using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;

namespace RnnService.Models.Seq2Seq;

/// <summary>Memory for a step of some hypotheses.</summary>
/// <param name="model">whose decoder it is</param>
/// <param name="count">how many there may be</param>
sealed class DecoderRows(Seq2SeqModel model, int count)
{
    /// <summary>How many there may be.</summary>
    public int Count => count;

    /// <summary>The states before and after the step.</summary>
    public StackTape Tape { get; } = model.Decoder.CreateTape(timeSteps: 1, count);

    /// <summary>[count,E] vectors of what was written last.</summary>
    public Tensor Embedded { get; } = new(count, model.Embedding.Size);

    /// <summary>What is attended to; null where nothing is.</summary>
    public ContextTape? Context { get; } = model.Context?.CreateTape(timeSteps: 1, count, model.MostSourceSteps);
}
