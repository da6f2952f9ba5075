using RnnService.Engine.Kernels;

namespace RnnService.Engine.Losses;

/// <summary>
/// Cross-entropy of K classes, K small, with class weights w and label smoothing ε (Szegedy et al. 2016), as
/// <c>torch.nn.CrossEntropyLoss(weight, label_smoothing)</c>: a row of class y has loss sum over c of q[c] * -log p[c] with
/// q = w * ((1-ε) onehot(y) + ε/K), and the loss of a batch is the sum over its rows / the sum of their w[y]. Soft targets t, the
/// probabilities another model gives (Hinton, Vinyals and Dean 2015), take a share s of it: q = w * ((1-s) ((1-ε) onehot(y) + ε/K) + s t).
/// </summary>
public sealed class ClassificationLoss
{
    readonly float[] _weights;
    readonly double _smoothing;
    readonly double _softShare;

    /// <param name="classCount">K</param>
    /// <param name="labelSmoothing">ε, 0 (inclusive) to 1 (exclusive)</param>
    /// <param name="weights">[K] more than 0, or empty: all 1</param>
    /// <param name="softShare">s, 0 (inclusive) to 1 (exclusive)</param>
    public ClassificationLoss(int classCount, double labelSmoothing = 0, ReadOnlySpan<float> weights = default, double softShare = 0)
    {
        Throw.IfNotPositive(classCount, nameof(classCount));
        Throw.IfNotFraction(labelSmoothing, nameof(labelSmoothing));
        Throw.IfNotFraction(softShare, nameof(softShare));
        _weights = new float[classCount];
        Array.Fill(_weights, 1f);
        if (!weights.IsEmpty)
        {
            Throw.IfLengthsDiffer(classCount, weights.Length, nameof(weights));
            weights.CopyTo(_weights);
        }
        (_smoothing, _softShare) = (labelSmoothing, softShare);
    }

    /// <summary>The loss of N rows, whose logits become the gradient of the batch's loss.</summary>
    /// <param name="logits">[N,K] in, gradient out</param>
    /// <param name="targets">[N] classes; a row with a negative one does not count</param>
    /// <param name="softTargets">[N,K] probabilities; empty, and not read, where their share is 0</param>
    /// <returns>a sum whose mean is the batch's loss</returns>
    /// <exception cref="ArgumentOutOfRangeException">a target is K or more</exception>
    public LossSum ForwardBackward(Span<float> logits, ReadOnlySpan<int> targets, ReadOnlySpan<float> softTargets = default)
    {
        if (_softShare > 0)
            Throw.IfLengthsDiffer(logits.Length, softTargets.Length, nameof(softTargets));
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
        {
            var row = (index * _weights.Length)..((index + 1) * _weights.Length);
            nats += Row(targets[index], 1 / weight, _softShare > 0 ? softTargets[row] : [], logits[row]);
        }
        return new LossSum(counted == 0 ? 0 : nats * counted, counted);
    }

    double Row(int target, double scale, ReadOnlySpan<float> soft, Span<float> row)
    {
        if (target < 0)
        {
            row.Clear();
            return 0;
        }
        double logSum = SoftmaxKernel.LogSumExp(row), loss = 0, sum = 0;
        for (int k = 0; k < row.Length; k++)
        {
            double q = Share(k, target, soft);
            sum += q;
            loss += q * (logSum - row[k]);
        }
        for (int k = 0; k < row.Length; k++)
            row[k] = (float)(scale * (sum * Math.Exp(row[k] - logSum) - Share(k, target, soft)));
        return loss * scale;
    }

    double Share(int k, int target, ReadOnlySpan<float> soft)
    {
        double hard = (k == target ? 1 - _smoothing : 0) + _smoothing / _weights.Length;
        return _weights[k] * (soft.IsEmpty ? hard : (1 - _softShare) * hard + _softShare * soft[k]);
    }
}
