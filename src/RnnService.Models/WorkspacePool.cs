using System.Collections.Concurrent;
using System.Numerics;

namespace RnnService.Models;

/// <summary>Workspaces that wait for their next use, so that requests side by side have one each and memory is made seldom.</summary>
/// <param name="create">a workspace with room for so much, of which the caller knows the unit</param>
sealed class WorkspacePool<T>(Func<int, T> create)
{
    readonly ConcurrentDictionary<int, ConcurrentBag<T>> _idle = new();

    /// <summary>Uses a workspace with room for <paramref name="size"/> or more; one that fails is not used again.</summary>
    public TResult Use<TResult>(int size, Func<T, TResult> use)
    {
        int room = (int)BitOperations.RoundUpToPowerOf2((uint)size);
        var idle = _idle.GetOrAdd(room, _ => []);
        var workspace = idle.TryTake(out var waiting) ? waiting : create(room);
        var result = use(workspace);
        idle.Add(workspace);
        return result;
    }
}
