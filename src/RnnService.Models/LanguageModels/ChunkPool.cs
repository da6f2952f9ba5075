using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;

namespace RnnService.Models.LanguageModels;

/// <summary>
/// Memory to read many tokens of one text at once. A session needs it only while it reads, so that a model has as much of it as texts were
/// ever read at the same time, not as there are sessions.
/// </summary>
sealed class ChunkPool(LanguageModel model)
{
    const int Steps = 32;

    readonly Lock _access = new();
    readonly Stack<Chunk> _free = new();

    /// <summary>One that nobody else uses; its state is of what was read last.</summary>
    public Chunk Rent()
    {
        lock (_access)
        {
            if (_free.TryPop(out var chunk))
                return chunk;
        }
        return new Chunk(
            model.Recurrent.CreateTape(Steps, batchSize: 1), new Tensor(Steps, model.Settings.EmbeddingSize));
    }

    /// <summary>Gives one back.</summary>
    public void Return(Chunk chunk)
    {
        lock (_access)
            _free.Push(chunk);
    }
}

/// <summary>Memory for some steps of one text.</summary>
/// <param name="Tape">[T,1] of the recurrent layers</param>
/// <param name="Embedded">[T,E]</param>
sealed record Chunk(StackTape Tape, Tensor Embedded);
