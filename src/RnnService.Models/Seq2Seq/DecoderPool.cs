using System.Collections.Concurrent;
using System.Numerics;
using RnnService.Models.Decoding;

namespace RnnService.Models.Seq2Seq;

/// <summary>Decoders that wait for their next use, so that requests side by side have one each and memory is made seldom.</summary>
/// <param name="create">a decoder with room for so many hypotheses</param>
sealed class DecoderPool(Func<int, IDecoder> create)
{
    readonly ConcurrentDictionary<int, ConcurrentBag<IDecoder>> _idle = new();

    /// <summary>Uses a decoder with room for <paramref name="rows"/> hypotheses or more; one that fails is not used again.</summary>
    public TResult Use<TResult>(int rows, Func<IDecoder, TResult> use)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)rows);
        var idle = _idle.GetOrAdd(size, _ => []);
        var decoder = idle.TryTake(out var waiting) ? waiting : create(size);
        var result = use(decoder);
        idle.Add(decoder);
        return result;
    }
}
