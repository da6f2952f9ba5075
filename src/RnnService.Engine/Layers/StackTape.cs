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
    readonly BidirectionalTape[] _pairs;
    readonly Tensor?[] _kept;
    readonly Tensor?[] _gradients = new Tensor?[2];
    Tensor? _computedGradient;
    RecurrentState? _noGradient;

    internal StackTape(RecurrentStack stack, int timeSteps, int batchSize, bool forTraining)
    {
        _stack = stack;
        _layers = [.. stack.Layers.Select(layer => layer.CreateTape(timeSteps, batchSize, forTraining))];
        _pairs = [.. stack.Pairs.Select((pair, index) => pair.CreateTape(_layers[2 * index], _layers[2 * index + 1]))];
        _kept = new Tensor?[stack.Options.Layers + 1];
        State = [.. _layers.SelectMany(StateOf)];
    }

    /// <summary>T, the most steps of one pass.</summary>
    public int TimeSteps => _layers[0].TimeSteps;

    /// <summary>B.</summary>
    public int BatchSize => _layers[0].BatchSize;

    /// <summary>
    /// The tape of each layer, first layer first; where they have two directions, of each the forward one, then the reverse one, whose step
    /// 0 is the last one of a row.
    /// </summary>
    public IReadOnlyList<RecurrentTape> Layers => _layers;

    /// <summary>The carried state, to save with a training and restore: the first slots of <c>state.h_l0</c> [T+D,B,H], <c>state.c_l0</c> and so on.</summary>
    public IReadOnlyList<Parameter> State { get; }

    /// <summary>Of the layers with both their directions.</summary>
    internal IReadOnlyList<BidirectionalTape> Pairs => _pairs;

    /// <summary>Dropout of the last forward pass.</summary>
    internal StackDropout Dropout { get; set; }

    /// <summary>What the last forward pass gave: the outputs of the top layer after dropout, [steps,B,O].</summary>
    public ReadOnlySpan<float> Outputs(int steps) => Outputs(_stack.Options.Layers - 1, steps);

    /// <summary>Makes forward passes keep what a backward pass needs.</summary>
    public void KeepGates()
    {
        foreach (var layer in _layers)
            layer.KeepGates();
    }

    /// <summary>Makes the states after step <paramref name="steps"/> the initial ones: carried over, without their history.</summary>
    /// <exception cref="InvalidOperationException">the stack is bidirectional: what comes next was read before</exception>
    public void Carry(int steps)
    {
        Throw.IfBidirectional(_stack.Options);
        foreach (var layer in _layers)
            layer.Carry(steps);
    }

    /// <summary>Sets the initial states to zero.</summary>
    public void ResetState()
    {
        foreach (var layer in _layers)
            layer.ResetState();
    }

    /// <summary>Copies the initial states with their history to a tape of the same stack, whose passes may have more or fewer steps.</summary>
    /// <exception cref="ArgumentException">a tape of another stack or batch</exception>
    public void CopyInitialStates(StackTape destination)
    {
        if (destination._stack != _stack || destination.BatchSize != BatchSize)
            throw new ArgumentException($"{nameof(destination)}: expected a tape of the same stack and {BatchSize} rows.");
        for (int index = 0; index < _layers.Length; index++)
            _layers[index].CopyInitialStates(destination._layers[index]);
    }

    /// <summary>Sets the initial states.</summary>
    /// <exception cref="ArgumentException">a state of another stack or batch</exception>
    public void SetState(RecurrentState state)
    {
        state.CheckFits(this, nameof(state));
        for (int index = 0; index < _layers.Length; index++)
            _layers[index].SetState(state.Layers[index]);
    }

    /// <summary>Sets the initial states to rows of a state, which may be of another number of rows.</summary>
    /// <param name="state">of the same stack</param>
    /// <param name="rows">[B or fewer] which row of it each begins with; others begin at zero</param>
    public void SetState(RecurrentState state, ReadOnlySpan<int> rows)
    {
        for (int index = 0; index < _layers.Length; index++)
            _layers[index].SetState(state.Layers[index], rows);
    }

    /// <summary>Makes rows of the states after the one step of another tape the initial ones, with their history: hypotheses that were chosen go on.</summary>
    /// <param name="source">a tape of one step of the same stack; may be this one</param>
    /// <param name="rows">[B or fewer] which row of it each goes on with; others stay as they are</param>
    public void Continue(StackTape source, ReadOnlySpan<int> rows)
    {
        for (int index = 0; index < _layers.Length; index++)
            _layers[index].Continue(source._layers[index], rows);
    }

    /// <summary>Copies the states after <paramref name="steps"/> steps; of a row that is shorter, those after its last.</summary>
    /// <exception cref="ArgumentException">a state of another stack or batch</exception>
    public void CopyState(int steps, RecurrentState destination)
    {
        destination.CheckFits(this, nameof(destination));
        for (int index = 0; index < _layers.Length; index++)
            _layers[index].CopyState(steps, destination.Layers[index]);
    }

    /// <summary>What the layer above <paramref name="layer"/> reads, [steps,B,O]: what it computes, after dropout, and with its input where that is added.</summary>
    internal ReadOnlySpan<float> Outputs(int layer, int steps) =>
        Dropout.IsOn || _stack.AddsInput(layer) ? Kept(layer + 1, steps) : Computed(layer, steps);

    /// <summary>What <paramref name="layer"/> computes, [steps,B,O]: on its tape, or joined from the tapes of its directions.</summary>
    internal ReadOnlySpan<float> Computed(int layer, int steps) =>
        _pairs.Length > 0 ? Kept(layer + 1, steps) : _layers[layer].Outputs(steps);

    /// <summary>[steps,B,*] what is on no layer's tape: the input (place 0) or the outputs of layer <paramref name="place"/> - 1 after dropout, joined, or with its input.</summary>
    internal Span<float> Kept(int place, int steps) => Rows(ref _kept[place], _stack.InputSizeOf(place), steps);

    /// <summary>[steps,B,O] for the gradient of the outputs of <paramref name="layer"/>; a layer and the next have different memory.</summary>
    internal Span<float> OutputGradient(int layer, int steps) => Rows(ref _gradients[layer % 2], _stack.OutputSize, steps);

    /// <summary>[steps,B,O] for the gradient of what a layer computes, before dropout.</summary>
    internal Span<float> ComputedGradient(int steps) => Rows(ref _computedGradient, _stack.OutputSize, steps);

    /// <summary>The gradient of last states that nobody reads: zero.</summary>
    internal RecurrentState NoGradient()
    {
        _noGradient ??= _stack.CreateState(BatchSize);
        _noGradient.Clear();
        return _noGradient;
    }

    Span<float> Rows(ref Tensor? tensor, int size, int steps) => (tensor ??= new Tensor(TimeSteps, BatchSize, size)).Rows(0, steps);

    IEnumerable<Parameter> StateOf(RecurrentTape tape, int index)
    {
        string suffix = _stack.SuffixOf(index);
        yield return new Parameter($"state.h{suffix}", tape.Hidden);
        if (tape.Cell is not null)
            yield return new Parameter($"state.c{suffix}", tape.Cell);
    }
}
