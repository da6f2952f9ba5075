using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>
/// What the first layer of a decoder reads at each step beside its input: the context c[t] that <see cref="Attention"/> gives for that layer's
/// state h[t-1]. Its gates have W_c c[t] added to their sums, which is to read [x[t]; c[t]].
/// </summary>
public sealed class ContextInput
{
    readonly PackedMatrix _weightsForGradient = new(0, 0);
    PackedWeights _weights = PackedWeights.Create(WeightType.Float32);

    /// <param name="attention">where contexts come from</param>
    /// <param name="layer">that reads them</param>
    /// <param name="parameters">receives the weights</param>
    /// <param name="name">their name</param>
    public ContextInput(Attention attention, RecurrentLayer layer, ParameterSet parameters, string name = "decoder.weight_ch_l0")
    {
        if (layer.HiddenSize != attention.QuerySize)
            throw new ArgumentException($"{nameof(layer)}: expected {attention.QuerySize} units, as queries have, found {layer.HiddenSize}.");
        Attention = attention;
        Weight = parameters.Add(new Parameter(name, new Tensor(layer.WeightInput.Shape[0], attention.MemorySize)));
    }

    /// <summary>Where contexts come from.</summary>
    public Attention Attention { get; }

    /// <summary>W_c, [G*H,M].</summary>
    public Parameter Weight { get; }

    /// <summary>Lays the weights out for the kernels, those of <see cref="Attention"/> too; needed after they changed, before they are used.</summary>
    /// <inheritdoc cref="Attention.Pack"/>
    public void Pack(bool forTraining, WeightType weights = WeightType.Float32)
    {
        Attention.Pack(forTraining, weights);
        int gates = Weight.Shape[0], size = Attention.MemorySize;
        _weights = _weights.As(weights);
        _weights.Resize(size, gates);
        _weights.PackTransposed(Weight.Value.Span);
        if (!forTraining)
            return;
        _weightsForGradient.Resize(gates, size);
        _weightsForGradient.Pack(Weight.Value.Span);
    }

    /// <summary>Memory for passes of the decoder over up to <paramref name="timeSteps"/> steps of <paramref name="batchSize"/> rows.</summary>
    /// <param name="timeSteps">T</param>
    /// <param name="batchSize">N</param>
    /// <param name="sourceSteps">S, the most steps of a sequence that is looked at</param>
    public ContextTape CreateTape(int timeSteps, int batchSize, int sourceSteps) => new(this, timeSteps, batchSize, sourceSteps);

    /// <summary>Adds W_c c to the sums of a step.</summary>
    /// <param name="contexts">[N,M]</param>
    /// <param name="rows">N</param>
    /// <param name="gates">[N,G*H]</param>
    internal void Forward(ReadOnlySpan<float> contexts, int rows, Span<float> gates)
    {
        Throw.IfNotPacked(_weights);
        _weights.Multiply(contexts, rows, accumulate: true, gates);
    }

    /// <summary>Adds to the gradients of contexts [N,M] what those of the sums [N,G*H] give them.</summary>
    internal void Backward(ReadOnlySpan<float> dGates, int rows, Span<float> dContexts)
    {
        Throw.IfNotPacked(_weightsForGradient);
        _weightsForGradient.Multiply(dGates, rows, accumulate: true, dContexts);
    }

    /// <summary>Adds to the gradient of W_c.</summary>
    internal void AddGradients(ReadOnlySpan<float> dGates, ReadOnlySpan<float> contexts, int rows)
    {
        if (Weight.IsFrozen)
            return;
        bool overwrite = Weight.ClaimGradient(out var dWeight);
        Gemm.TN(dGates, contexts, Weight.Shape[0], Attention.MemorySize, rows, !overwrite, dWeight.Span);
    }
}
