namespace RnnService.Engine.Layers;

/// <summary>What the layers of a <see cref="RecurrentStack"/> carry from step to step, or the gradient of that: what an encoder hands to a decoder.</summary>
public sealed class RecurrentState
{
    readonly LayerState[] _layers;

    internal RecurrentState(IEnumerable<LayerState> layers)
    {
        _layers = [.. layers];
    }

    /// <summary>The state of each layer, first layer first.</summary>
    public IReadOnlyList<LayerState> Layers => _layers;

    /// <summary>Sets everything to zero.</summary>
    public void Clear()
    {
        foreach (var layer in _layers)
            layer.Clear();
    }
}
