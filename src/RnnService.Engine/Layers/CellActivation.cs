namespace RnnService.Engine.Layers;

/// <summary>The function a simple recurrent network applies to its sums.</summary>
public enum CellActivation
{
    /// <summary>Hyperbolic tangent, the usual one.</summary>
    Tanh,

    /// <summary>The larger of x and 0.</summary>
    Relu,

    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid,
}
