namespace RnnService.Serving.Registry;

/// <summary>Where a version stands between the repository and memory.</summary>
public enum ModelState
{
    /// <summary>In the repository only.</summary>
    Unloaded,

    /// <summary>Being read; requests are asked to come back.</summary>
    Loading,

    /// <summary>In memory and answering.</summary>
    Ready,

    /// <summary>No longer given out; the last users are finishing.</summary>
    Unloading,

    /// <summary>Its files cannot be loaded.</summary>
    Failed,
}
