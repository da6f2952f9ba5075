using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;

namespace RnnService.Models.Classification;

/// <summary>Workspace to run a <see cref="CharacterEncoder"/> over the words of a batch: each different word once, some words at a time.</summary>
sealed class CharacterPass(CharacterEncoder encoder)
{
    const int ChunkWords = 128;

    readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);
    readonly List<Chunk> _chunks = [];

    /// <summary>Reads words.</summary>
    /// <param name="words">may occur several times; an empty one is none</param>
    public void Forward(IEnumerable<string> words)
    {
        _indices.Clear();
        foreach (string word in words)
        {
            if (word.Length > 0)
                _indices.TryAdd(word, _indices.Count);
        }
        int used = 0;
        foreach (string[] chunk in _indices.Keys.Chunk(ChunkWords))
        {
            if (used == _chunks.Count)
                _chunks.Add(new Chunk(encoder));
            _chunks[used++].Forward(chunk);
        }
    }

    /// <summary>What the last <see cref="Forward"/> says about a word; zeros for none.</summary>
    public void CopyOutput(string word, Span<float> destination)
    {
        if (word.Length == 0)
            destination.Clear();
        else
            Row(word, chunk => chunk.Output).CopyTo(destination);
    }

    /// <summary>Adds to the gradient of what it says about a word.</summary>
    public void AddGradient(string word, ReadOnlySpan<float> dOutput)
    {
        if (word.Length > 0)
            Engine.Kernels.VectorKernel.Add(dOutput, Row(word, chunk => chunk.OutputGradient));
    }

    /// <summary>Adds to the gradients of the parameters, once every word's gradient was added.</summary>
    public void Backward()
    {
        for (int chunk = 0; chunk * ChunkWords < _indices.Count; chunk++)
            _chunks[chunk].Backward();
    }

    Span<float> Row(string word, Func<Chunk, Tensor> tensor)
    {
        var (chunk, row) = Math.DivRem(_indices[word], ChunkWords);
        return tensor(_chunks[chunk]).Row(row);
    }

    sealed class Chunk(CharacterEncoder encoder)
    {
        readonly StackTape _tape = encoder.Recurrent.CreateTape(CharacterEncoder.MostCharacters, ChunkWords);
        readonly Tensor _embedded = new(CharacterEncoder.MostCharacters, ChunkWords, encoder.Embedding.Size);
        readonly Tensor _embeddedGradient = new(CharacterEncoder.MostCharacters, ChunkWords, encoder.Embedding.Size);
        readonly Tensor _stepGradient = new(CharacterEncoder.MostCharacters, ChunkWords, encoder.OutputSize);
        readonly int[] _ids = new int[CharacterEncoder.MostCharacters * ChunkWords];
        readonly int[] _lengths = new int[ChunkWords];
        int _steps;

        public Tensor Output { get; } = new(ChunkWords, encoder.OutputSize);

        public Tensor OutputGradient { get; } = new(ChunkWords, encoder.OutputSize);

        Span<int> Ids => _ids.AsSpan(0, _steps * ChunkWords);

        public void Forward(ReadOnlySpan<string> words)
        {
            Array.Clear(_ids);
            Array.Clear(_lengths);
            Span<int> ids = stackalloc int[CharacterEncoder.MostCharacters];
            for (int row = 0; row < words.Length; row++)
            {
                _lengths[row] = encoder.Encode(words[row], ids);
                for (int t = 0; t < _lengths[row]; t++)
                    _ids[t * ChunkWords + row] = ids[t];
            }
            _steps = _lengths.Max();
            encoder.Embedding.Forward(Ids, DropoutMask.None, _embedded.Rows(0, _steps));
            encoder.Recurrent.Forward(_embedded.Rows(0, _steps), _lengths, _tape);
            encoder.Pooling.Forward(_tape.Outputs(_steps), _lengths, ChunkWords, Output.Span);
            OutputGradient.Clear();
        }

        public void Backward()
        {
            var dSteps = _stepGradient.Rows(0, _steps);
            var dEmbedded = _embeddedGradient.Rows(0, _steps);
            encoder.Pooling.Backward(_tape.Outputs(_steps), _lengths, ChunkWords, OutputGradient.Span, dSteps);
            encoder.Recurrent.Backward(_embedded.Rows(0, _steps), _lengths, _tape, dSteps, dState: null, dEmbedded);
            encoder.Embedding.Backward(Ids, DropoutMask.None, dEmbedded);
        }
    }
}
