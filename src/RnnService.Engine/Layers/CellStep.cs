namespace RnnService.Engine.Layers;

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

    /// <summary>[H] what else the cell's forward step keeps for its backward step.</summary>
    public required float* Saved { get; init; }

    /// <summary>[H] gradient of h[t]; receives the part of the gradient of h[t-1] that does not pass the recurrent product.</summary>
    public float* DHidden { get; init; }

    /// <summary>[H] gradient of c[t] from later steps; receives that of c[t-1].</summary>
    public float* DCell { get; init; }
}
