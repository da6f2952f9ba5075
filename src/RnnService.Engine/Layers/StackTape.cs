using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>
/// What the forward pass of a <see cref="RecurrentStack"/> keeps for its backward pass, and the states carried from pass to pass. Memory
/// that only dropout or the backward pass needs is made at first use, so that inference never pays for it.
/// </summary>
public sealed class StackTape
{
    readonly RecurrentStack _stack;
    readonly RecurrentTape[] _layers;
    readonly Tensor?[] _dropped;
    readonly Tensor?[] _gradients = new Tensor?[2];
    RecurrentState? _noGradient;

    internal StackTape(RecurrentStack stack, int timeSteps, int batchSize)
    {
        _stack = stack;
        _layers = [.. stack.Layers.Select(layer => layer.CreateTape(timeSteps, batchSize))];
        _dropped = new Tensor?[_layers.Length + 1];
        State = [.. _layers.SelectMany(StateOf)];
    }

    /// <summary>T, the most steps of one pass.</summary>
    public int TimeSteps => _layers[0].TimeSteps;

    /// <summary>B.</summary>
    public int BatchSize => _layers[0].BatchSize;

    /// <summary>The tape of each layer, first layer first.</summary>
    public IReadOnlyList<RecurrentTape> Layers => _layers;

    /// <summary>The carried state, to save with a training and restore: slot 0 of <c>state.h_l0</c> [T+1,B,H], <c>state.c_l0</c> and so on.</summary>
    public IReadOnlyList<Parameter> State { get; }

    /// <summary>Dropout of the last forward pass.</summary>
    internal StackDropout Dropout { get; set; }

    /// <summary>What the last forward pass gave: the outputs of the top layer after dropout, [steps,B,O].</summary>
    public ReadOnlySpan<float> Outputs(int steps) => Outputs(_layers.Length - 1, steps);

    /// <summary>Makes the states after step <paramref name="steps"/> the initial ones: carried over, without their history.</summary>
    public void Carry(int steps)
    {
        foreach (var layer in _layers)
            layer.Carry(steps);
    }

    /// <summary>Sets the initial states to zero.</summary>
    public void ResetState()
    {
        foreach (var layer in _layers)
            layer.ResetState();
    }

    /// <summary>Sets the initial states.</summary>
    public void SetState(RecurrentState state)
    {
        for (int index = 0; index < _layers.Length; index++)
            _layers[index].SetState(state.Layers[index]);
    }

    /// <summary>Copies the states after <paramref name="steps"/> steps; of a row that is shorter, those after its last.</summary>
    public void CopyState(int steps, RecurrentState destination)
    {
        for (int index = 0; index < _layers.Length; index++)
            _layers[index].CopyState(steps, destination.Layers[index]);
    }

    /// <summary>What the layer above <paramref name="layer"/> reads, [steps,B,*]: its outputs, or with dropout the copy some of whose units are dropped.</summary>
    internal ReadOnlySpan<float> Outputs(int layer, int steps) =>
        Dropout.IsOn ? Dropped(layer + 1, steps) : _layers[layer].Outputs(steps);

    /// <summary>[steps,B,*] the dropped copy of the input (place 0) or of the outputs of layer <paramref name="place"/> - 1.</summary>
    internal Span<float> Dropped(int place, int steps) =>
        Rows(ref _dropped[place], place == 0 ? _stack.InputSize : _stack.Layers[place - 1].HiddenSize, steps);

    /// <summary>[steps,B,H] for the gradient of the outputs of <paramref name="layer"/>; a layer and the next have different memory.</summary>
    internal Span<float> OutputGradient(int layer, int steps) => Rows(ref _gradients[layer % 2], _stack.Layers[layer].HiddenSize, steps);

    /// <summary>The gradient of last states that nobody reads: zero.</summary>
    internal RecurrentState NoGradient()
    {
        _noGradient ??= _stack.CreateState(BatchSize);
        _noGradient.Clear();
        return _noGradient;
    }

    Span<float> Rows(ref Tensor? tensor, int size, int steps) => (tensor ??= new Tensor(TimeSteps, BatchSize, size)).Rows(0, steps);

    static IEnumerable<Parameter> StateOf(RecurrentTape tape, int index)
    {
        yield return new Parameter($"state.h_l{index}", tape.Hidden);
        if (tape.Cell is not null)
            yield return new Parameter($"state.c_l{index}", tape.Cell);
    }
}
