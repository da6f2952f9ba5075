using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>What the layers of a <see cref="RecurrentStack"/> carry from step to step, or the gradient of that: what an encoder hands to a decoder.</summary>
public sealed class RecurrentState
{
    readonly LayerState[] _layers;

    internal RecurrentState(IEnumerable<LayerState> layers)
    {
        _layers = [.. layers];
    }

    /// <summary>The state of each layer, first layer first; of a bidirectional stack each layer's forward direction, then its reverse one.</summary>
    public IReadOnlyList<LayerState> Layers => _layers;

    /// <exception cref="ArgumentException">made for other layers or another batch than those of <paramref name="tape"/></exception>
    internal void CheckFits(StackTape tape, string what)
    {
        Throw.IfLengthsDiffer(tape.Layers.Count, _layers.Length, what);
        for (int index = 0; index < _layers.Length; index++)
        {
            var (expected, found) = (tape.Layers[index], _layers[index]);
            Throw.IfOtherCell(expected.Layout, found.Layout, what);
            Throw.IfShapesDiffer(new Shape(expected.BatchSize, expected.Hidden.Shape[2]), found.Hidden.Shape, what);
        }
    }

    /// <summary>Sets everything to zero.</summary>
    public void Clear()
    {
        foreach (var layer in _layers)
            layer.Clear();
    }
}
