using System.Numerics;
using System.Runtime.InteropServices;
using RnnService.Engine.Tensors;

namespace RnnService.Training;

/// <summary>
/// The running mean of a model's weights over training steps (Polyak and Juditsky 1992): uniform while it is young, exponential with
/// <c>decay</c> once that weighs more.
/// </summary>
sealed class WeightAverage
{
    readonly ParameterSet _weights;
    readonly double _decay;

    public WeightAverage(ParameterSet weights, double decay)
    {
        _weights = weights;
        _decay = decay;
        Means = [.. weights.Select(weight => new Parameter(weight.Name, new Tensor(weight.Shape)))];
    }

    /// <summary>The means, in the order of the weights.</summary>
    public IReadOnlyList<Parameter> Means { get; }

    /// <summary>Takes the weights of one more step in.</summary>
    /// <param name="stepsBefore">steps in the mean so far</param>
    public void Add(long stepsBefore)
    {
        float rate = (float)Math.Max(1.0 / (stepsBefore + 1), 1 - _decay);
        for (int i = 0; i < Means.Count; i++)
            Move(_weights[i].Value.Span, rate, Means[i].Value.Span);
    }

    /// <summary>Exchanges weights and means; a second call puts both back.</summary>
    public void Swap()
    {
        for (int i = 0; i < Means.Count; i++)
            Swap(_weights[i].Value.Span, Means[i].Value.Span);
    }

    // mean += (weight - mean) * rate
    static void Move(ReadOnlySpan<float> weights, float rate, Span<float> means)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var meanVectors = MemoryMarshal.Cast<float, Vector<float>>(means);
        for (int i = 0; i < vectors.Length; i++)
            meanVectors[i] += (vectors[i] - meanVectors[i]) * rate;
        for (int i = vectors.Length * Vector<float>.Count; i < weights.Length; i++)
            means[i] += (weights[i] - means[i]) * rate;
    }

    static void Swap(Span<float> x, Span<float> y)
    {
        for (int i = 0; i < x.Length; i++)
            (x[i], y[i]) = (y[i], x[i]);
    }
}
