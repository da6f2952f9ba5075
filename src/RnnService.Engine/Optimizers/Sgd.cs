using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

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
            var parameter = parameters[i];
            if (_momentum == 0)
                UpdateKernel.Sgd(parameter.Gradient.Span, learningRate, _weightDecay, parameter.Value.Span);
            else
                UpdateKernel.SgdMomentum(parameter.Gradient.Span, learningRate, _momentum, _weightDecay, _velocities[i].Value.Span, parameter.Value.Span);
        }
        StepCount++;
    }
}
