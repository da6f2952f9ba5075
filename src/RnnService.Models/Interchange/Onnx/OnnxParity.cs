using MathNet.Numerics.Random;
using RnnService.Models.LanguageModels;

namespace RnnService.Models.Interchange.Onnx;

/// <summary>How far the logits of a model in ONNX Runtime are from this engine's.</summary>
/// <param name="Windows">calls of the exported graph</param>
/// <param name="Logits">numbers compared</param>
/// <param name="LargestLogit">the largest magnitude of a logit</param>
/// <param name="LargestDifference">the largest difference of two logits</param>
public sealed record OnnxParity(int Windows, long Logits, double LargestLogit, double LargestDifference)
{
    // Sums of float32 products in another order; wrong gates or states are off by many orders more.
    const double Tolerance = 1e-4;

    static readonly int[] _batchSizes = [1, 3];
    static readonly int[] _windowSteps = [1, 7, 32, 2];

    /// <summary>Whether the difference is no more than rounding explains.</summary>
    public bool IsGood => LargestDifference <= Tolerance * Math.Max(1, LargestLogit);

    /// <summary>
    /// Reads random texts with both: ONNX Runtime in windows of several lengths, each starting from the states the one before returned, this
    /// engine token by token.
    /// </summary>
    /// <param name="runtime">has loaded <paramref name="exported"/></param>
    /// <param name="exported">the graph of <paramref name="model"/></param>
    /// <param name="model">the model</param>
    /// <param name="seed">chooses the texts</param>
    /// <exception cref="InvalidOperationException">ONNX Runtime refuses the graph or its inputs</exception>
    public static OnnxParity Measure(OnnxRuntime runtime, OnnxLanguageModel exported, LanguageModel model, int seed = 1)
    {
        var random = new MersenneTwister(seed, threadSafe: false);
        var parity = new OnnxParity(0, 0, 0, 0);
        foreach (int batch in _batchSizes)
        {
            var session = model.CreateSession(batch);
            var states = exported.States.ToDictionary(state => state, state => new float[batch * state.HiddenSize]);
            foreach (int steps in _windowSteps)
            {
                int[] tokens = new int[steps * batch];
                random.NextInt32s(tokens, 0, model.VocabularySize);
                var outputs = runtime.Run(
                [
                    new OnnxValue(OnnxLanguageModel.Tokens, Array.ConvertAll(tokens, token => (long)token), steps, batch),
                    .. states.Select(state => new OnnxValue(state.Key.Input, state.Value, 1, batch, state.Key.HiddenSize)),
                ]);
                parity = parity.And(Compare(session, tokens, outputs[OnnxLanguageModel.Logits]));
                foreach (var state in exported.States)
                    states[state] = outputs[state.Output];
            }
        }
        return parity;
    }

    static OnnxParity Compare(StepSession session, int[] tokens, float[] found)
    {
        double largest = 0, difference = 0;
        for (int from = 0, start = 0; from < tokens.Length; from += session.BatchSize)
        {
            session.Feed(tokens.AsSpan(from, session.BatchSize));
            foreach (float logit in session.Logits)
            {
                largest = Math.Max(largest, Math.Abs(logit));
                difference = Math.Max(difference, Math.Abs((double)logit - found[start++]));
            }
        }
        return new OnnxParity(1, found.Length, largest, difference);
    }

    OnnxParity And(OnnxParity other) => new(
        Windows + other.Windows, Logits + other.Logits, Math.Max(LargestLogit, other.LargestLogit), Math.Max(LargestDifference, other.LargestDifference));
}
