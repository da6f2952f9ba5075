using RnnService.Engine.Layers;
using RnnService.Engine.Losses;
using RnnService.Engine.Optimizers;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Tests.Support;

/// <summary>A small next-token network of every engine layer with its training step: embedding, two recurrent layers with locked dropout, tied softmax.</summary>
sealed class SmallNetwork
{
    internal const int TimeSteps = 7;
    // With the size, as many products in a step as make the recurrence share them among threads.
    internal const int BatchSize = 8;
    internal const int VocabularySize = 211;
    internal const int Size = 64;

    readonly Embedding _embedding;
    readonly RecurrentStack _recurrent;
    readonly Linear _output;
    readonly SoftmaxCrossEntropy _loss;
    readonly StackTape _tape;
    readonly Tensor _embedded = new(TimeSteps, BatchSize, Size);
    readonly Tensor _dOutput = new(TimeSteps, BatchSize, Size);
    readonly Tensor _dx = new(TimeSteps, BatchSize, Size);
    readonly int[] _inputs = new int[TimeSteps * BatchSize];
    readonly int[] _targets = new int[TimeSteps * BatchSize];
    readonly Adam _optimizer;
    ulong _step;

    internal SmallNetwork(string cell = "lstm")
    {
        _embedding = new Embedding(VocabularySize, Size, Parameters);
        _recurrent = new RecurrentStack(Cells.Options(cell, Size, layers: 2), Size, Parameters);
        _tape = _recurrent.CreateTape(TimeSteps, BatchSize);
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
        _recurrent.Pack(forTraining: true);
        _output.Pack();
        _embedding.Forward(_inputs, DropoutMask.None, _embedded.Span);
        _recurrent.Forward(_embedded.Span, [], _tape, new StackDropout(0.1f, DropoutKind.Locked, _step));
        var loss = _loss.ForwardBackward(_tape.Outputs(TimeSteps), _targets, _dOutput.Span);
        _recurrent.Backward(_embedded.Span, [], _tape, _dOutput.Span, dState: null, _dx.Span);
        _embedding.Backward(_inputs, DropoutMask.None, _dx.Span);
        GradientClipping.ClipGlobalNorm(Parameters, 0.5);
        _optimizer.Step(Parameters, 0.01f);
        _tape.Carry(TimeSteps);
        return loss;
    }
}
