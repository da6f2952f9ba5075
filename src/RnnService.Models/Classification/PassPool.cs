using System.Collections.Concurrent;
using System.Numerics;

namespace RnnService.Models.Classification;

/// <summary>Passes that wait for their next use, so that requests side by side have one each and memory is made seldom.</summary>
/// <param name="model">whose passes</param>
/// <param name="batchSize">B of each</param>
sealed class PassPool(ClassifierModel model, int batchSize)
{
    readonly ConcurrentBag<ClassifierPass> _idle = [];

    /// <summary>Uses a pass for sequences of up to <paramref name="steps"/> steps.</summary>
    public TResult Use<TResult>(int steps, Func<ClassifierPass, TResult> use)
    {
        // One that is too short for this use makes way for a longer one.
        if (!_idle.TryTake(out var pass) || pass.TimeSteps < steps)
            pass = new ClassifierPass(model, (int)BitOperations.RoundUpToPowerOf2((uint)steps), batchSize);
        var result = use(pass);
        _idle.Add(pass);
        return result;
    }
}
