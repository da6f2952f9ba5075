namespace RnnService.Engine.Tensors;

/// <summary>A trained tensor and, once training asks for it, its gradient of the same shape.</summary>
/// <param name="name">the name in checkpoints, PyTorch's: <c>rnn.weight_ih_l0</c></param>
/// <param name="value">the weights</param>
public sealed class Parameter(string name, Tensor value)
{
    Tensor? _gradient;

    /// <summary>The name in checkpoints.</summary>
    public string Name { get; } = name;

    /// <summary>The weights.</summary>
    public Tensor Value { get; } = value;

    /// <summary>The sizes of value and gradient.</summary>
    public Shape Shape => Value.Shape;

    /// <summary>The gradient; backward passes add to it. Made at first use, so that inference never pays for it.</summary>
    public Tensor Gradient => _gradient ??= new Tensor(Value.Shape);

    /// <summary>Name and shape.</summary>
    public override string ToString() => $"{Name} {Shape}";
}
