namespace RnnService.Serving;

/// <summary>Why a request cannot be served. Hosts map each kind to their protocol in one table.</summary>
public enum ServingFailure
{
    /// <summary>The request makes no sense whatever the models.</summary>
    Invalid,

    /// <summary>No model, version or alias of this name.</summary>
    UnknownModel,

    /// <summary>The version exists but is not in memory, because someone unloaded it or nobody asked for it.</summary>
    NotLoaded,

    /// <summary>The version exists but its files cannot be loaded.</summary>
    LoadFailed,

    /// <summary>The version is being loaded: worth another try in a moment.</summary>
    Loading,

    /// <summary>The model does another job than the one asked for.</summary>
    WrongTask,

    /// <summary>No model translates from the one language to the other.</summary>
    UnknownLanguages,

    /// <summary>The change contradicts the state of the repository.</summary>
    Conflict,

    /// <summary>Running and waiting places are all taken: worth another try in a moment.</summary>
    Overloaded,
}
