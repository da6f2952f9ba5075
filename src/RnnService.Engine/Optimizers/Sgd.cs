using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Optimizers;

/// <summary>
/// Stochastic gradient descent, as PyTorch's: d = gradient + weightDecay * value; velocity = momentum * velocity + d;
/// value -= learningRate * velocity. Without momentum the velocity is d itself and nothing is kept.
/// </summary>
public sealed class Sgd : IOptimizer
{
    readonly ParameterSet _parameters;
    readonly float _momentum;
    readonly float _weightDecay;
    readonly Parameter[] _velocities;

    /// <param name="parameters">what will be updated</param>
    /// <param name="momentum">0 to below 1</param>
    /// <param name="weightDecay">0 or more</param>
    /// <exception cref="ArgumentOutOfRangeException">a number outside its range</exception>
    public Sgd(ParameterSet parameters, float momentum = 0f, float weightDecay = 0f)
    {
        Throw.IfNotFraction(momentum, nameof(momentum));
        Throw.IfNegative(weightDecay, nameof(weightDecay));
        _parameters = parameters;
        _momentum = momentum;
        _weightDecay = weightDecay;
        _velocities = momentum == 0 ? [] : parameters.ZerosLike("sgd.velocity");
    }

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> State => _velocities;

    /// <inheritdoc/>
    public long StepCount { get; set; }

    /// <inheritdoc/>
    public void Step(ParameterSet parameters, float learningRate)
    {
        Throw.IfOtherSet(_parameters, parameters);
        for (int i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].IsFrozen)
                continue;
            var job = new UpdateJob(parameters[i], _momentum == 0 ? null : _velocities[i].Value, learningRate, _momentum, _weightDecay);
            // Rows without a gradient stay where they are, unless velocity or decay moves them.
            if (_momentum == 0 && _weightDecay == 0 && parameters[i].WrittenRows is { } rows)
                ElementRanges.Run(ref job, rows, parameters[i].Shape.RowLength);
            else
                ElementRanges.Run(ref job, parameters[i].Value.Length);
        }
        StepCount++;
    }

    readonly struct UpdateJob(Parameter parameter, Tensor? velocity, float learningRate, float momentum, float weightDecay) : IRangeJob
    {
        readonly Tensor _gradient = parameter.ReadGradient();

        public void Execute(Range range)
        {
            var gradient = _gradient.Span[range];
            var value = parameter.Value.Span[range];
            if (velocity is null)
                UpdateKernel.Sgd(gradient, learningRate, weightDecay, value);
            else
                UpdateKernel.SgdMomentum(gradient, learningRate, momentum, weightDecay, velocity.Span[range], value);
        }
    }
}
