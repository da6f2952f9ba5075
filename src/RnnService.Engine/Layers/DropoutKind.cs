namespace RnnService.Engine.Layers;

/// <summary>How long a dropped unit stays dropped.</summary>
public enum DropoutKind
{
    /// <summary>A mask of its own at each time step (Zaremba et al. 2014).</summary>
    Standard,

    /// <summary>The same mask at every step of a window, "variational" (Gal and Ghahramani 2016).</summary>
    Locked,
}
