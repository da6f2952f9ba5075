using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;

namespace RnnService.Models.Inspection;

/// <summary>Copies what a pass over one text left on the tapes of a network's layers.</summary>
/// <param name="tape">of a pass over one row</param>
/// <param name="steps">T</param>
sealed class LayerReader(StackTape tape, int steps)
{
    readonly LayerInspection[] _layers = [.. tape.Layers.Select((layer, index) => new LayerInspection
    {
        Layer = index + 1,
        Gates = Gates(layer, steps),
        States = States(layer, steps),
        GradientNorms = [],
    })];

    /// <summary>Makes the next backward pass over a tape keep what <see cref="WithGradients"/> reads.</summary>
    public static void Prepare(StackTape tape)
    {
        foreach (var layer in tape.Layers)
            layer.KeepHiddenGradients();
    }

    /// <summary>The layers as they were when this reader was made, after the forward pass, with the gradients of the backward pass since.</summary>
    /// <param name="stepsOfLoss">how many steps the loss depends on</param>
    public IReadOnlyList<LayerInspection> WithGradients(int stepsOfLoss) =>
        [.. _layers.Select((layer, index) => layer with { GradientNorms = Norms(tape.Layers[index].HiddenGradients!, stepsOfLoss) })];

    IReadOnlyList<double?> Norms(Tensor gradients, int stepsOfLoss) =>
        [.. Enumerable.Range(0, steps).Select(step => step < stepsOfLoss ? Math.Sqrt(VectorKernel.SumOfSquares(gradients.Row(step))) : (double?)null)];

    static Dictionary<string, float[][]> Gates(RecurrentTape layer, int steps) => layer.GateNames.Index().ToDictionary(
        gate => gate.Item, gate => Enumerable.Range(0, steps).Select(step => layer.Gate(gate.Index, step, row: 0).ToArray()).ToArray());

    static Dictionary<string, float[][]> States(RecurrentTape layer, int steps)
    {
        Dictionary<string, float[][]> states = new() { ["h"] = Rows(layer.Outputs(steps), steps) };
        if (layer.Cell is not null)
            states["c"] = Rows(layer.Cell.Rows(1, steps), steps);
        return states;
    }

    static float[][] Rows(ReadOnlySpan<float> values, int steps)
    {
        int size = values.Length / steps;
        float[][] rows = new float[steps][];
        for (int step = 0; step < steps; step++)
            rows[step] = values.Slice(step * size, size).ToArray();
        return rows;
    }
}
