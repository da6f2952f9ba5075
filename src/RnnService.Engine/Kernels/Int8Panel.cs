namespace RnnService.Engine.Kernels;

/// <summary>Some columns of 8-bit weights.</summary>
/// <param name="weights">[words, panelWidth, 4]</param>
/// <param name="scales">[panelWidth] what a step of a column's weights is worth</param>
/// <param name="firstSums">[panelWidth] what sums start at: the opposite of what the zero of the values adds to them</param>
readonly unsafe struct Int8Panel(sbyte* weights, float* scales, int* firstSums)
{
    /// <summary>[words, panelWidth, 4]</summary>
    public sbyte* Weights => weights;

    /// <summary>[panelWidth]</summary>
    public float* Scales => scales;

    /// <summary>[panelWidth]</summary>
    public int* FirstSums => firstSums;
}
