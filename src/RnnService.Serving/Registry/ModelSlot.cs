namespace RnnService.Serving.Registry;

/// <summary>
/// A version's place in the registry: state, users and the loaded model. All members are used under the registry's lock, except that
/// the tasks are awaited outside it.
/// </summary>
sealed class ModelSlot
{
    int _users;
    TaskCompletionSource? _drained;

    internal ModelState State { get; private set; }

    /// <summary>The model, in states Ready and Unloading.</summary>
    internal LoadedModel? Model { get; private set; }

    /// <summary>Why loading failed, in state Failed.</summary>
    internal string? Error { get; private set; }

    /// <summary>The load in progress, in state Loading.</summary>
    internal Task Loading { get; private set; } = Task.CompletedTask;

    internal void BeginLoading(Task loading)
    {
        State = ModelState.Loading;
        Loading = loading;
        Error = null;
    }

    internal void EndLoading(LoadedModel model)
    {
        State = ModelState.Ready;
        Model = model;
    }

    internal void FailLoading(string error)
    {
        State = ModelState.Failed;
        Error = error;
    }

    internal LoadedModel Use()
    {
        _users++;
        return Model!;
    }

    internal void Release()
    {
        if (--_users == 0 && State == ModelState.Unloading)
            Forget();
    }

    /// <summary>Gives the model out no more; the task ends when its last user has.</summary>
    internal Task Unload()
    {
        if (State == ModelState.Ready)
        {
            State = ModelState.Unloading;
            _drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_users == 0)
                Forget();
        }
        else if (State == ModelState.Failed)
        {
            State = ModelState.Unloaded;
        }
        return _drained?.Task ?? Task.CompletedTask;
    }

    void Forget()
    {
        State = ModelState.Unloaded;
        Model = null;
        _drained!.SetResult();
    }
}
