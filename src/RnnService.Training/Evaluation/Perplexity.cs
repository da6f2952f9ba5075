using RnnService.Engine.Losses;
using RnnService.Models.LanguageModels;
using RnnService.Training.Data;

namespace RnnService.Training.Evaluation;

/// <summary>The loss of a language model on a text, state carried from window to window.</summary>
public static class Perplexity
{
    /// <summary>Reads the text from the zero state; perplexity is exp(Nats / Tokens).</summary>
    /// <param name="pass">a pass over the model, of the sizes [T,B] of <paramref name="batches"/>; its carried state is overwritten</param>
    /// <param name="batches">the text</param>
    public static LossSum Measure(LanguageModelPass pass, BpttBatches batches)
    {
        int[] inputs = new int[batches.TimeSteps * batches.BatchSize];
        int[] targets = new int[inputs.Length];
        var total = new LossSum();
        pass.ResetState();
        for (int window = 0; window < batches.WindowCount; window++)
        {
            int timeSteps = batches.Fill(window, inputs, targets);
            int count = timeSteps * batches.BatchSize;
            total += pass.Evaluate(inputs.AsSpan(0, count), targets.AsSpan(0, count), timeSteps);
        }
        return total;
    }
}
