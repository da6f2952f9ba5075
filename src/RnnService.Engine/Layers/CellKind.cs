namespace RnnService.Engine.Layers;

/// <summary>The recurrent cell of a model.</summary>
public enum CellKind
{
    /// <summary>A simple recurrent network; one sum a unit.</summary>
    Rnn,

    /// <summary>Long short-term memory with forget gate; gates i, f, g, o.</summary>
    Lstm,

    /// <summary>Gated recurrent unit; gates r, z, n.</summary>
    Gru,
}
