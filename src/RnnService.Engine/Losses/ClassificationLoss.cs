using RnnService.Engine.Kernels;

namespace RnnService.Engine.Losses;

/// <summary>
/// Cross-entropy of K classes, K small, with class weights w and label smoothing ε (Szegedy et al. 2016), as
/// <c>torch.nn.CrossEntropyLoss(weight, label_smoothing)</c>: a row of class y has loss sum over c of q[c] * -log p[c] with
/// q = w * ((1-ε) onehot(y) + ε/K), and the loss of a batch is the sum over its rows / the sum of their w[y].
/// </summary>
public sealed class ClassificationLoss
{
    readonly float[] _weights;
    readonly double _smoothing;

    /// <param name="classCount">K</param>
    /// <param name="labelSmoothing">ε, 0 (inclusive) to 1 (exclusive)</param>
    /// <param name="weights">[K] more than 0, or empty: all 1</param>
    public ClassificationLoss(int classCount, double labelSmoothing = 0, ReadOnlySpan<float> weights = default)
    {
        Throw.IfNotPositive(classCount, nameof(classCount));
        Throw.IfNotFraction(labelSmoothing, nameof(labelSmoothing));
        _weights = new float[classCount];
        Array.Fill(_weights, 1f);
        if (!weights.IsEmpty)
        {
            Throw.IfLengthsDiffer(classCount, weights.Length, nameof(weights));
            weights.CopyTo(_weights);
        }
        _smoothing = labelSmoothing;
    }

    /// <summary>The loss of N rows, whose logits become the gradient of the batch's loss.</summary>
    /// <param name="logits">[N,K] in, gradient out</param>
    /// <param name="targets">[N] classes; a row with a negative one does not count</param>
    /// <returns>a sum whose mean is the batch's loss</returns>
    /// <exception cref="ArgumentOutOfRangeException">a target is K or more</exception>
    public LossSum ForwardBackward(Span<float> logits, ReadOnlySpan<int> targets)
    {
        Throw.IfLengthsDiffer(targets.Length * _weights.Length, logits.Length, nameof(logits));
        double weight = 0, nats = 0;
        long counted = 0;
        foreach (int target in targets)
        {
            if (target >= _weights.Length)
                Throw.Target(target, _weights.Length);
            if (target < 0)
                continue;
            weight += _weights[target];
            counted++;
        }
        for (int index = 0; index < targets.Length; index++)
            nats += Row(targets[index], 1 / weight, logits.Slice(index * _weights.Length, _weights.Length));
        return new LossSum(counted == 0 ? 0 : nats * counted, counted);
    }

    double Row(int target, double scale, Span<float> row)
    {
        if (target < 0)
        {
            row.Clear();
            return 0;
        }
        double logSum = SoftmaxKernel.LogSumExp(row), loss = 0, sum = 0;
        for (int k = 0; k < row.Length; k++)
        {
            double q = Share(k, target);
            sum += q;
            loss += q * (logSum - row[k]);
        }
        for (int k = 0; k < row.Length; k++)
            row[k] = (float)(scale * (sum * Math.Exp(row[k] - logSum) - Share(k, target)));
        return loss * scale;
    }

    double Share(int k, int target) => _weights[k] * ((k == target ? 1 - _smoothing : 0) + _smoothing / _weights.Length);
}
