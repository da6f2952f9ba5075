using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Models.Text;

namespace RnnService.Models.Classification;

/// <summary>What the recurrent layers of a classifier read of a batch: vectors of tokens, beside them what characters say, or the numbers of series.</summary>
/// <param name="model">whose weights are used</param>
/// <param name="timeSteps">T, the most steps of a sequence</param>
/// <param name="batchSize">B, the most sequences of a batch</param>
sealed class InputPass(ClassifierModel model, int timeSteps, int batchSize)
{
    readonly CharacterPass? _characters = model.Characters is { } characters ? new CharacterPass(characters) : null;
    readonly Tensor _inputs = new(timeSteps, batchSize, model.InputSize);
    readonly int[] _tokenIds = new int[timeSteps * batchSize];
    readonly int[] _lengths = new int[batchSize];
    IReadOnlyList<ClassifierSequence> _rows = [];
    Tensor? _embedded;
    DropoutMask _dropout;

    /// <summary>Steps of the longest sequence of the batch.</summary>
    public int Steps { get; private set; }

    /// <summary>[B] steps of each sequence; 0 past the last one.</summary>
    public ReadOnlySpan<int> Lengths => _lengths;

    /// <summary>[steps,B,I]</summary>
    public Span<float> Inputs => _inputs.Rows(0, Steps);

    /// <summary>Fills <see cref="Inputs"/>.</summary>
    /// <param name="rows">1 to B sequences of 1 to T steps</param>
    /// <param name="dropout">drops whole tokens of the vocabulary</param>
    public void Read(IReadOnlyList<ClassifierSequence> rows, DropoutMask dropout)
    {
        if (rows.Count < 1 || rows.Count > batchSize)
            throw new ArgumentException($"{nameof(rows)}: found {rows.Count} sequences, expected 1 to {batchSize}.");
        int longest = rows.Max(row => row.Length);
        if (rows.Min(row => row.Length) < 1 || longest > timeSteps)
            throw new ArgumentException($"{nameof(rows)}: found a sequence of {longest} steps or one of none, expected 1 to {timeSteps}.");
        (_rows, _dropout, Steps) = (rows, dropout, longest);
        Array.Clear(_lengths);
        for (int row = 0; row < rows.Count; row++)
            _lengths[row] = rows[row].Length;
        if (model.Embedding is { } embedding)
            Embed(embedding);
        else
            CopyNumbers();
    }

    /// <summary>Adds to the gradients of embedding and characters. Uses up what <see cref="Read"/> left.</summary>
    /// <param name="dInputs">[steps,B,I]</param>
    public void Backward(ReadOnlySpan<float> dInputs)
    {
        var embedding = model.Embedding!;
        if (_characters is null)
        {
            embedding.Backward(TokenIds, _dropout, dInputs);
            return;
        }
        var dEmbedded = Embedded(embedding.Size);
        for (int index = 0; index < TokenIds.Length; index++)
        {
            var dInput = dInputs.Slice(index * model.InputSize, model.InputSize);
            dInput[..embedding.Size].CopyTo(dEmbedded.Slice(index * embedding.Size, embedding.Size));
            _characters.AddGradient(WordAt(index), dInput[embedding.Size..]);
        }
        embedding.Backward(TokenIds, _dropout, dEmbedded);
        _characters.Backward();
    }

    ReadOnlySpan<int> TokenIds => _tokenIds.AsSpan(0, Steps * batchSize);

    void CopyNumbers()
    {
        Inputs.Clear();
        for (int row = 0; row < _rows.Count; row++)
        {
            for (int t = 0; t < _lengths[row]; t++)
                _rows[row].Numbers.Span.Slice(t * model.InputSize, model.InputSize).CopyTo(Input(t * batchSize + row));
        }
    }

    void Embed(Embedding embedding)
    {
        for (int index = 0; index < Steps * batchSize; index++)
        {
            var (t, row) = Math.DivRem(index, batchSize);
            _tokenIds[index] = t < _lengths[row] ? _rows[row].TokenIds[t] : Vocabulary.PadId;
        }
        if (_characters is null)
        {
            embedding.Forward(TokenIds, _dropout, Inputs);
            return;
        }
        var embedded = Embedded(embedding.Size);
        embedding.Forward(TokenIds, _dropout, embedded);
        _characters.Forward(_rows.SelectMany(row => row.Words));
        for (int index = 0; index < TokenIds.Length; index++)
        {
            var input = Input(index);
            embedded.Slice(index * embedding.Size, embedding.Size).CopyTo(input);
            _characters.CopyOutput(WordAt(index), input[embedding.Size..]);
        }
    }

    // Vectors of tokens, later their gradients: never both at once.
    Span<float> Embedded(int size) => (_embedded ??= new Tensor(timeSteps, batchSize, size)).Rows(0, Steps);

    Span<float> Input(int index) => Inputs.Slice(index * model.InputSize, model.InputSize);

    string WordAt(int index)
    {
        var (t, row) = Math.DivRem(index, batchSize);
        return t < _lengths[row] ? _rows[row].Words[t] : "";
    }
}
