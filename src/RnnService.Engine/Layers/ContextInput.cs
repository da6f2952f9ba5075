using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>
/// What the first layer of a decoder reads at each step beside its input: the context c[t] that <see cref="Attention"/> gives for that layer's
/// state h[t-1]. Its gates have W_c c[t] added to their sums, which is to read [x[t]; c[t]].
/// </summary>
public sealed class ContextInput
{
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
        Product = new PackedProduct(Weight);
    }

    /// <summary>Where contexts come from.</summary>
    public Attention Attention { get; }

    /// <summary>W_c, [G*H,M].</summary>
    public Parameter Weight { get; }

    /// <summary>Contexts [N,M] to their part [N,G*H] of the sums.</summary>
    internal PackedProduct Product { get; }

    /// <summary>Lays the weights out for the kernels, those of <see cref="Attention"/> too; needed after they changed, before they are used.</summary>
    /// <inheritdoc cref="Attention.Pack"/>
    public void Pack(bool forTraining, WeightType weights = WeightType.Float32)
    {
        Attention.Pack(forTraining, weights);
        Product.Pack(forTraining, weights);
    }

    /// <summary>Memory for passes of the decoder over up to <paramref name="timeSteps"/> steps of <paramref name="batchSize"/> rows.</summary>
    /// <param name="timeSteps">T</param>
    /// <param name="batchSize">N</param>
    /// <param name="sourceSteps">S, the most steps of a sequence that is looked at</param>
    public ContextTape CreateTape(int timeSteps, int batchSize, int sourceSteps) => new(this, timeSteps, batchSize, sourceSteps);
}
