namespace RnnService.Engine.Kernels;

/// <summary>How many vectors of a panel a tile multiplies: known when code is compiled, so that the other sums cost nothing.</summary>
interface IPanelWidth
{
    static abstract int Vectors { get; }
}

/// <summary>The whole panel.</summary>
readonly struct WholePanel : IPanelWidth { public static int Vectors => 2; }

/// <summary>The left half of a matrix's last panel, where its columns end there.</summary>
readonly struct LeftHalf : IPanelWidth { public static int Vectors => 1; }
