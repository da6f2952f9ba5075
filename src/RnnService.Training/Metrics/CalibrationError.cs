namespace RnnService.Training.Metrics;

/// <summary>
/// Expected calibration error: predictions are put into bins by their confidence, the probability of the predicted class, and
/// <c>ECE = sum over bins of n_b/n * |accuracy_b - confidence_b|</c> with 15 bins of equal width (Naeini et al. 2015, Guo et al. 2017).
/// 0 means that of the answers given with 80% confidence 80% are right.
/// </summary>
public sealed class CalibrationError
{
    const int BinCount = 15;
    readonly double[] _confidence = new double[BinCount];   // summed
    readonly long[] _right = new long[BinCount];
    long _count;

    /// <summary>Takes one prediction in.</summary>
    /// <param name="confidence">the probability of the predicted class, 0 to 1</param>
    /// <param name="isRight">whether it was right</param>
    public void Add(double confidence, bool isRight)
    {
        // Bins are open below and closed above, as in Guo et al.
        int bin = Math.Clamp((int)Math.Ceiling(confidence * BinCount) - 1, 0, BinCount - 1);
        _confidence[bin] += confidence;
        _right[bin] += isRight ? 1 : 0;
        _count++;
    }

    /// <summary>The error, 0 to 1; NaN when no prediction was taken in.</summary>
    public double Value => _confidence.Zip(_right, (confidence, right) => Math.Abs(right - confidence)).Sum() / _count;
}
