using RnnService.Engine.Layers;
using RnnService.Engine.Losses;
using RnnService.Engine.Optimizers;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Tests.Support;

/// <summary>A small next-token network of every engine layer with its training step: embedding, locked dropout, two LSTM layers, tied softmax.</summary>
sealed class SmallNetwork
{
    internal const int TimeSteps = 7;
    internal const int BatchSize = 5;
    internal const int VocabularySize = 211;
    internal const int Size = 48;

    readonly Embedding _embedding;
    readonly LstmLayer[] _layers;
    readonly Linear _output;
    readonly SoftmaxCrossEntropy _loss;
    readonly LstmTape[] _tapes = [new(TimeSteps, BatchSize, Size), new(TimeSteps, BatchSize, Size)];
    readonly Tensor _embedded = new(TimeSteps, BatchSize, Size);
    readonly Tensor _dOutput = new(TimeSteps, BatchSize, Size);
    readonly Tensor _dx = new(TimeSteps, BatchSize, Size);
    readonly Tensor _dHidden = new(BatchSize, Size);
    readonly Tensor _dCell = new(BatchSize, Size);
    readonly int[] _inputs = new int[TimeSteps * BatchSize];
    readonly int[] _targets = new int[TimeSteps * BatchSize];
    readonly Adam _optimizer;
    ulong _step;

    internal SmallNetwork()
    {
        _embedding = new Embedding(VocabularySize, Size, Parameters);
        _layers = [new LstmLayer(Size, Size, Parameters), new LstmLayer(Size, Size, Parameters, "_l1")];
        _output = new Linear(Size, VocabularySize, Parameters, "output", _embedding.Weight);
        _loss = new SoftmaxCrossEntropy(_output);
        _optimizer = new Adam(Parameters, weightDecay: 0.01f);
        int seed = 0;
        foreach (var parameter in Parameters)
            Some.Fill(parameter.Value.Span, ++seed, 0.15f);
    }

    internal ParameterSet Parameters { get; } = new();

    /// <summary>One step of training on one of four windows in turn; the state is carried.</summary>
    internal LossSum Train()
    {
        _step++;
        for (int i = 0; i < _inputs.Length; i++)
        {
            _inputs[i] = (int)(((ulong)i * 31 + _step % 4 * 50) % VocabularySize);
            _targets[i] = i % 9 == 8 ? -1 : (_inputs[i] * 7 + 3) % VocabularySize;
        }
        Parameters.ZeroGradients();
        foreach (var layer in _layers)
            layer.Pack(forTraining: true);
        _output.Pack();
        var dropout = new DropoutMask(0.2f, _step);
        _embedding.Forward(_inputs, DropoutMask.None, _embedded.Span);
        dropout.Apply(_embedded.Span, BatchSize * Size, _embedded.Span);
        _layers[0].Forward(_embedded.Span, [], _tapes[0]);
        _layers[1].Forward(_tapes[0].Outputs(TimeSteps), [], _tapes[1]);
        var loss = _loss.ForwardBackward(_tapes[1].Outputs(TimeSteps), _targets, _dOutput.Span);
        Backward(_layers[1], _tapes[0].Outputs(TimeSteps), _tapes[1], _dOutput, _dx);
        Backward(_layers[0], _embedded.Span, _tapes[0], _dx, _dOutput);
        dropout.Apply(_dOutput.Span, BatchSize * Size, _dOutput.Span);
        _embedding.Backward(_inputs, DropoutMask.None, _dOutput.Span);
        GradientClipping.ClipGlobalNorm(Parameters, 0.5);
        _optimizer.Step(Parameters, 0.01f);
        foreach (var tape in _tapes)
            tape.Carry(TimeSteps);
        return loss;
    }

    void Backward(LstmLayer layer, ReadOnlySpan<float> x, LstmTape tape, Tensor dOutput, Tensor dx)
    {
        _dHidden.Clear();
        _dCell.Clear();
        layer.Backward(x, [], tape, dOutput.Span, _dHidden.Span, _dCell.Span, dx.Span);
    }
}
