namespace RnnService.Engine.Layers;

/// <summary>How the matrices of a recurrence start.</summary>
public enum RecurrentInitialization
{
    /// <summary>Like all other weights: uniform.</summary>
    Uniform,

    /// <summary>Orthogonal, each gate of its own: products over many steps neither grow nor shrink a state (Saxe et al. 2014).</summary>
    Orthogonal,

    /// <summary>The identity, with small inputs and biases 0: a unit with relu keeps what it has (Le, Jaitly and Hinton 2015, "IRNN").</summary>
    Identity,
}
