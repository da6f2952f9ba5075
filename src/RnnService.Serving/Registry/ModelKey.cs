namespace RnnService.Serving.Registry;

/// <summary>One version of a model.</summary>
/// <param name="Name">the model's name</param>
/// <param name="Version">1 or more</param>
public readonly record struct ModelKey(string Name, int Version)
{
    /// <summary>As requests address it: <c>next-word-en@3</c>.</summary>
    public override string ToString() => $"{Name}@{Version}";
}
