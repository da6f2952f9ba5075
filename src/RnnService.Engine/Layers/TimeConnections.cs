using RnnService.Engine.Kernels;

namespace RnnService.Engine.Layers;

/// <summary>
/// Ways from earlier states to the new one beside the cell: h[t] = α h[t-1] + (1-α) h̃ + h[t-d], where h̃ is what the cell gives (leaky units:
/// Jaeger et al. 2007; skip connections in time: Zhang et al. 2016).
/// </summary>
/// <param name="Leak">α, 0 for none</param>
/// <param name="Skip">d, 0 for none</param>
readonly unsafe record struct TimeConnections(float Leak, int Skip)
{
    /// <summary>Whether there is any.</summary>
    public bool Exist => Leak > 0 || Skip > 0;

    /// <summary>How many initial states, the newest last, a step may look back to.</summary>
    public int History => Math.Max(1, Skip);

    /// <summary>h̃ to h[t].</summary>
    public void Forward(in CellStep step, int from, int to)
    {
        var hidden = Units(step.Hidden, from, to);
        if (Leak > 0)
        {
            VectorKernel.Scale(hidden, 1f - Leak, hidden);
            VectorKernel.MultiplyAdd(Units(step.PreviousHidden, from, to), Leak, hidden);
        }
        if (Skip > 0)
            VectorKernel.Add(Units(step.SkippedHidden, from, to), hidden);
    }

    /// <summary>Completes the gradient of h[t] by what h[t+d] kept for it, and keeps the whole of it for h[t-1] and h[t-d].</summary>
    public void BackwardGather(in CellStep step, int from, int to)
    {
        Span<float> dHidden = Units(step.DHidden, from, to), kept = Units(step.DKept, from, to);
        if (Skip > 0)
            VectorKernel.Add(kept, dHidden);
        dHidden.CopyTo(kept);
    }

    /// <summary>The gradient of h[t] to that of h̃.</summary>
    public void BackwardToCell(in CellStep step, int from, int to) =>
        VectorKernel.Scale(Units(step.DHidden, from, to), 1f - Leak, Units(step.DHidden, from, to));

    /// <summary>Adds to the gradient of h[t-1] what goes past the cell.</summary>
    public void BackwardPastCell(in CellStep step, int from, int to) =>
        VectorKernel.MultiplyAdd(Units(step.DKept, from, to), Leak, Units(step.DHidden, from, to));

    /// <summary>Adds to the gradient of the initial state what h[d] kept for it.</summary>
    public void BackwardToStart(in CellStep step, int from, int to)
    {
        if (Skip > 0)
            VectorKernel.Add(Units(step.DKept, from, to), Units(step.DHidden, from, to));
    }

    static Span<float> Units(float* vector, int from, int to) => new(vector + from, to - from);
}
