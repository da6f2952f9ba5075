using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;

namespace RnnService.Training.Experiments;

/// <summary>Vectors in, one number out: recurrent layers, a linear layer on the last output, squared error.</summary>
public sealed class SequenceRegression
{
    readonly RecurrentStack _recurrent;
    readonly Linear _output;
    readonly StackTape _tape;
    readonly int _timeSteps, _batchSize;
    readonly Tensor _predictions;   // [B,1]
    readonly Tensor _dPredictions;  // [B,1]
    readonly Tensor _dOutputs;      // [T,B,H], zero but for the last step

    /// <param name="options">the recurrent layers</param>
    /// <param name="inputSize">I</param>
    /// <param name="timeSteps">T of every pass</param>
    /// <param name="batchSize">B of every pass</param>
    public SequenceRegression(RecurrentOptions options, int inputSize, int timeSteps, int batchSize)
    {
        (_timeSteps, _batchSize) = (timeSteps, batchSize);
        _recurrent = new RecurrentStack(options, inputSize, Parameters);
        _output = new Linear(_recurrent.OutputSize, 1, Parameters, "output");
        _tape = _recurrent.CreateTape(timeSteps, batchSize);
        _predictions = new Tensor(batchSize, 1);
        _dPredictions = new Tensor(batchSize, 1);
        _dOutputs = new Tensor(timeSteps, batchSize, _recurrent.OutputSize);
    }

    /// <summary>All weights.</summary>
    public ParameterSet Parameters { get; } = new();

    /// <summary>Draws new weights.</summary>
    public void Initialize(WeightInitializer initializer)
    {
        foreach (var layer in _recurrent.Layers)
            initializer.Fill(layer);
        initializer.Fill(_output.Weight);
        initializer.Fill(_output.Bias);
    }

    /// <summary>Adds to the gradients those of the mean squared error of a batch.</summary>
    /// <param name="x">[T,B,I]</param>
    /// <param name="targets">[B]</param>
    /// <returns>the mean squared error</returns>
    public double Train(ReadOnlySpan<float> x, ReadOnlySpan<float> targets)
    {
        double error = Forward(x, targets, forTraining: true);
        for (int row = 0; row < _batchSize; row++)
            _dPredictions.Span[row] = 2 * (_predictions.Span[row] - targets[row]) / _batchSize;
        _output.Backward(LastOutputs, _batchSize, _dPredictions.Span, _dOutputs.Row(_timeSteps - 1));
        _recurrent.Backward(x, [], _tape, _dOutputs.Span, dState: null, dx: []);
        return error;
    }

    /// <summary>The mean squared error of a batch.</summary>
    /// <inheritdoc cref="Train"/>
    public double Evaluate(ReadOnlySpan<float> x, ReadOnlySpan<float> targets) => Forward(x, targets, forTraining: false);

    ReadOnlySpan<float> LastOutputs => _tape.Outputs(_timeSteps)[^(_batchSize * _recurrent.OutputSize)..];

    double Forward(ReadOnlySpan<float> x, ReadOnlySpan<float> targets, bool forTraining)
    {
        if (targets.Length != _batchSize)
            throw new ArgumentException($"expected {_batchSize} targets, found {targets.Length}.", nameof(targets));
        _recurrent.Pack(forTraining);
        _output.Pack();
        _tape.ResetState();
        _recurrent.Forward(x, [], _tape);
        _output.Forward(LastOutputs, _batchSize, _predictions.Span);
        double sum = 0;
        for (int row = 0; row < _batchSize; row++)
            sum += Math.Pow(_predictions.Span[row] - (double)targets[row], 2);
        return sum / _batchSize;
    }
}
