namespace RnnService.Engine.Layers;

/// <summary>What a simple recurrent network feeds back.</summary>
public enum Recurrence
{
    /// <summary>Its hidden state (Elman 1990).</summary>
    Elman,

    /// <summary>Its output, y = act(V h + c) (Jordan 1986).</summary>
    Jordan,
}
