using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Models.Text;

namespace RnnService.Models.Seq2Seq;

/// <summary>Reads sources of different lengths, each followed by the end: gives the decoder its initial state and what it attends to.</summary>
sealed class EncoderPass
{
    readonly Seq2SeqModel _model;
    readonly int[] _tokenIds;
    readonly int[] _lengths;
    readonly StackTape _tape;
    readonly Tensor _embedded, _joined, _bridged;
    readonly RecurrentState _last;
    RecurrentState? _dLast;
    Tensor? _dOutputs, _dEmbedded, _dJoined, _dBridged;
    DropoutMask _embeddingDropout;
    int _steps;

    /// <param name="model">whose encoder it is</param>
    /// <param name="timeSteps">S, the most tokens of a source, the end included</param>
    /// <param name="batchSize">B, the most sources</param>
    public EncoderPass(Seq2SeqModel model, int timeSteps, int batchSize)
    {
        (_model, TimeSteps, BatchSize) = (model, timeSteps, batchSize);
        _tokenIds = new int[timeSteps * batchSize];
        _lengths = new int[batchSize];
        _tape = model.Encoder.CreateTape(timeSteps, batchSize);
        _embedded = new Tensor(timeSteps, batchSize, model.SourceEmbedding.Size);
        _last = model.Encoder.CreateState(batchSize);
        _joined = new Tensor(batchSize, model.Bridge.InputSize);
        _bridged = new Tensor(batchSize, model.Bridge.OutputSize);
        Initial = model.Decoder.CreateState(batchSize);
        Memory = model.Context?.Attention.CreateMemory(timeSteps, batchSize);
    }

    /// <summary>S.</summary>
    public int TimeSteps { get; }

    /// <summary>B.</summary>
    public int BatchSize { get; }

    /// <summary>What the decoder begins with.</summary>
    public RecurrentState Initial { get; }

    /// <summary>What the decoder attends to; null where it does not.</summary>
    public AttentionMemory? Memory { get; }

    /// <summary>Fills <see cref="Initial"/> and <see cref="Memory"/>.</summary>
    /// <param name="sources">1 to B token ids without the end; rows of no source have no steps</param>
    /// <param name="embeddingDropout">drops whole tokens of the vocabulary</param>
    /// <param name="dropout">of the layers</param>
    public void Read(IReadOnlyList<int[]> sources, DropoutMask embeddingDropout, StackDropout dropout)
    {
        Array.Clear(_lengths);
        _steps = 0;
        for (int row = 0; row < sources.Count; row++)
            _steps = Math.Max(_steps, _lengths[row] = sources[row].Length + 1);
        var tokenIds = _tokenIds.AsSpan(0, _steps * BatchSize);
        tokenIds.Clear();   // padding
        for (int row = 0; row < sources.Count; row++)
        {
            for (int t = 0; t < _lengths[row]; t++)
                tokenIds[t * BatchSize + row] = t < sources[row].Length ? sources[row][t] : Vocabulary.EosId;
        }
        _embeddingDropout = embeddingDropout;
        _model.SourceEmbedding.Forward(tokenIds, embeddingDropout, _embedded.Rows(0, _steps));
        _model.Encoder.Forward(_embedded.Rows(0, _steps), _lengths, _tape, dropout);
        Memory?.Read(_tape.Outputs(_steps), _lengths);
        _tape.CopyState(_steps, _last);
        Bridge();
    }

    /// <summary>Adds to the gradients of the encoder's parameters, and of the keys of the memory.</summary>
    /// <param name="dInitial">gradient of <see cref="Initial"/></param>
    public void Backward(RecurrentState dInitial)
    {
        int layerSize = _model.Settings.HiddenSize, size = _model.Seq2Seq.EncoderHiddenSize;
        Tensor dBridged = _dBridged ??= new Tensor(_bridged.Shape), dJoined = _dJoined ??= new Tensor(_joined.Shape);
        for (int layer = 0; layer < dInitial.Layers.Count; layer++)
            Columns.Put(dInitial.Layers[layer].Hidden.Span, layerSize, layer * layerSize, _model.Bridge.OutputSize, dBridged.Span);
        ActivationKernel.TanhBackward(_bridged.Span, dBridged.Span);
        _model.Bridge.Backward(_joined.Span, BatchSize, dBridged.Span, dJoined.Span);
        var dLast = _dLast ??= _model.Encoder.CreateState(BatchSize);
        dLast.Clear();
        for (int index = 0; index < dLast.Layers.Count; index++)
            Columns.Take(dJoined.Span, _model.Bridge.InputSize, index * size, size, dLast.Layers[index].Hidden.Span);
        var dOutputs = (_dOutputs ??= new Tensor(TimeSteps, BatchSize, _model.Encoder.OutputSize)).Rows(0, _steps);
        if (Memory is null)
            dOutputs.Clear();
        else
            Memory.Backward(dOutputs);
        var dEmbedded = (_dEmbedded ??= new Tensor(_embedded.Shape)).Rows(0, _steps);
        _model.Encoder.Backward(_embedded.Rows(0, _steps), _lengths, _tape, dOutputs, dLast, dEmbedded);
        _model.SourceEmbedding.Backward(_tokenIds.AsSpan(0, _steps * BatchSize), _embeddingDropout, dEmbedded);
    }

    void Bridge()
    {
        int layerSize = _model.Settings.HiddenSize, size = _model.Seq2Seq.EncoderHiddenSize;
        for (int index = 0; index < _last.Layers.Count; index++)
            Columns.Put(_last.Layers[index].Hidden.Span, size, index * size, _model.Bridge.InputSize, _joined.Span);
        _model.Bridge.Forward(_joined.Span, BatchSize, _bridged.Span);
        ActivationKernel.Tanh(_bridged.Span, _bridged.Span);
        for (int layer = 0; layer < Initial.Layers.Count; layer++)
            Columns.Take(_bridged.Span, _model.Bridge.OutputSize, layer * layerSize, layerSize, Initial.Layers[layer].Hidden.Span);
    }
}
