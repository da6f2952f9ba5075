using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;
using RnnService.Engine.Threading;

namespace RnnService.Engine.Optimizers;

/// <summary>
/// Adam (Kingma and Ba 2015) with decoupled weight decay (AdamW, Loshchilov and Hutter 2019), as PyTorch's AdamW:
/// value *= 1 - learningRate * weightDecay; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
/// value -= learningRate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon).
/// </summary>
public sealed class Adam : IOptimizer
{
    readonly ParameterSet _parameters;
    readonly float _beta1;
    readonly float _beta2;
    readonly float _epsilon;
    readonly float _weightDecay;
    readonly Parameter[] _means;
    readonly Parameter[] _squares;

    /// <param name="parameters">what will be updated</param>
    /// <param name="beta1">how much of the running mean stays, 0 to below 1</param>
    /// <param name="beta2">how much of the running mean of squares stays, 0 to below 1</param>
    /// <param name="epsilon">added to the root, more than 0</param>
    /// <param name="weightDecay">0 is Adam, more is AdamW</param>
    /// <exception cref="ArgumentOutOfRangeException">a number outside its range</exception>
    public Adam(ParameterSet parameters, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, float weightDecay = 0f)
    {
        Throw.IfNotFraction(beta1, nameof(beta1));
        Throw.IfNotFraction(beta2, nameof(beta2));
        Throw.IfNotPositive(epsilon, nameof(epsilon));
        Throw.IfNegative(weightDecay, nameof(weightDecay));
        _parameters = parameters;
        _beta1 = beta1;
        _beta2 = beta2;
        _epsilon = epsilon;
        _weightDecay = weightDecay;
        _means = parameters.ZerosLike("adam.m");
        _squares = parameters.ZerosLike("adam.v");
        State = [.. _means, .. _squares];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> State { get; }

    /// <inheritdoc/>
    public long StepCount { get; set; }

    /// <inheritdoc/>
    public void Step(ParameterSet parameters, float learningRate)
    {
        Throw.IfOtherSet(_parameters, parameters);
        StepCount++;
        // Both bias corrections fold into one rate and the root's scale, in double: 1 - beta2^t starts at 0.001.
        float stepSize = (float)(learningRate / (1 - Math.Pow(_beta1, StepCount)));
        float rootScale = (float)(1 / Math.Sqrt(1 - Math.Pow(_beta2, StepCount)));
        var step = new AdamStep(_beta1, _beta2, _epsilon, stepSize, rootScale, 1 - learningRate * _weightDecay);
        for (int i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].IsFrozen)
                continue;
            var job = new UpdateJob(parameters[i], _means[i].Value, _squares[i].Value, step);
            ElementRanges.Run(ref job, parameters[i].Value.Length);
        }
    }

    readonly struct UpdateJob(Parameter parameter, Tensor mean, Tensor square, AdamStep step) : IRangeJob
    {
        readonly Tensor _gradient = parameter.ReadGradient();

        public void Execute(Range range) =>
            UpdateKernel.Adam(_gradient.Span[range], step, mean.Span[range], square.Span[range], parameter.Value.Span[range]);
    }
}
