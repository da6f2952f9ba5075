namespace RnnService.Engine.Kernels;

/// <summary>Where one row of one time step lies in memory. What a cell does not have, or a pass does not use, is null.</summary>
readonly unsafe struct CellStep
{
    /// <summary>H.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>[G*H] sums before activation, then the gates, after the backward step the gradients of the sums.</summary>
    public required float* Gates { get; init; }

    /// <summary>[H] one gate of all units.</summary>
    public float* Gate(int index) => Gates + (nint)index * HiddenSize;

    /// <summary>[H] h[t-1]</summary>
    public required float* PreviousHidden { get; init; }

    /// <summary>[H] h[t]</summary>
    public required float* Hidden { get; init; }

    /// <summary>[H] c[t-1]</summary>
    public required float* PreviousCell { get; init; }

    /// <summary>[H] c[t]</summary>
    public required float* Cell { get; init; }

    /// <summary>[H] h[t-d], where a skip connection reaches it.</summary>
    public required float* SkippedHidden { get; init; }

    /// <summary>[H] what else the cell's forward step keeps for its second product or its backward step.</summary>
    public required float* Saved { get; init; }

    /// <summary>[H] sums of the second product, then what becomes of them, after the backward step their gradients.</summary>
    public required float* Second { get; init; }

    /// <summary>[H] gradient of h[t]; receives the part of the gradient of h[t-1] that does not pass the recurrent product.</summary>
    public float* DHidden { get; init; }

    /// <summary>[H] gradient of c[t] from later steps; receives that of c[t-1].</summary>
    public float* DCell { get; init; }

    /// <summary>[H] gradient of what the second product multiplied.</summary>
    public float* DSaved { get; init; }

    /// <summary>[H] gradient kept by h[t+d] for h[t]; receives what h[t] keeps for earlier ones.</summary>
    public float* DKept { get; init; }

    // Gates are activated one after the other, each in a loop of its own: several such functions in one loop are more than the
    // compiler inlines, and calls for every vector cost more than reading a gate again.

    /// <summary>Applies σ to a gate's sums, units [from, to).</summary>
    public void Sigmoid(int gate, int from, int to) => ActivationKernel.Sigmoid(Units(gate, from, to), Units(gate, from, to));

    /// <summary>Applies tanh to a gate's sums, units [from, to).</summary>
    public void Tanh(int gate, int from, int to) => ActivationKernel.Tanh(Units(gate, from, to), Units(gate, from, to));

    Span<float> Units(int gate, int from, int to) => new(Gate(gate) + from, to - from);
}
