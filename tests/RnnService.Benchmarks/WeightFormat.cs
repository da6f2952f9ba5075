using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Benchmarks;

/// <summary>What weights a workload that predicts is measured with.</summary>
/// <param name="Peer">name in the line</param>
/// <param name="Type">how they are kept in memory</param>
/// <param name="Bytes">of one of them</param>
/// <param name="Rounded">whether they are such as 16 bits hold, like those of checkpoints stored as float16; the engine then keeps them so</param>
sealed record WeightFormat(string Peer, WeightType Type, int Bytes, bool Rounded = false)
{
    public static IReadOnlyList<WeightFormat> All { get; } =
    [
        new(Measurement.OwnPeer, WeightType.Float32, sizeof(float)),
        new($"{Measurement.OwnPeer}-float16", WeightType.Float32, sizeof(ushort), Rounded: true),
        new($"{Measurement.OwnPeer}-int8", WeightType.Int8, sizeof(sbyte)),
    ];

    /// <summary>Makes the weights of a model such as this format keeps exactly; those of 8 bits are rounded where they are packed.</summary>
    public void Round(ParameterSet parameters)
    {
        if (!Rounded)
            return;
        foreach (var parameter in parameters)
        {
            foreach (ref float value in parameter.Value.Span)
                value = (float)(Half)value;
        }
    }
}
