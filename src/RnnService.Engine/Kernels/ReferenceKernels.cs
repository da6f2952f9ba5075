namespace RnnService.Engine.Kernels;

/// <summary>
/// The definitions: plain loops with double sums, the same arguments as the fast kernels, and the oracle of their tests. Not for speed.
/// </summary>
static class ReferenceKernels
{
    internal static void Exp(ReadOnlySpan<float> x, Span<float> destination)
    {
        for (int i = 0; i < x.Length; i++)
            destination[i] = (float)Math.Exp(x[i]);
    }

    internal static void Sigmoid(ReadOnlySpan<float> x, Span<float> destination)
    {
        for (int i = 0; i < x.Length; i++)
            destination[i] = (float)Sigmoid(x[i]);
    }

    internal static void Tanh(ReadOnlySpan<float> x, Span<float> destination)
    {
        for (int i = 0; i < x.Length; i++)
            destination[i] = (float)Math.Tanh(x[i]);
    }

    internal static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum += (double)x[i] * y[i];
        return (float)sum;
    }

    internal static double SumOfSquares(ReadOnlySpan<float> x)
    {
        double sum = 0;
        foreach (double value in x)
            sum += value * value;
        return sum;
    }

    internal static void MultiplyAdd(ReadOnlySpan<float> x, float factor, Span<float> destination)
    {
        for (int i = 0; i < x.Length; i++)
            destination[i] = (float)((double)x[i] * factor + destination[i]);
    }

    internal static void Scale(ReadOnlySpan<float> x, float factor, Span<float> destination)
    {
        for (int i = 0; i < x.Length; i++)
            destination[i] = (float)((double)x[i] * factor);
    }

    internal static void Max(ReadOnlySpan<float> x, Span<float> destination)
    {
        for (int i = 0; i < x.Length; i++)
            destination[i] = x[i] > destination[i] ? x[i] : destination[i];
    }

    internal static void AddRows(ReadOnlySpan<float> rows, Span<float> destination)
    {
        for (int column = 0; column < destination.Length; column++)
        {
            double sum = destination[column];
            for (int i = column; i < rows.Length; i += destination.Length)
                sum += rows[i];
            destination[column] = (float)sum;
        }
    }

    internal static bool AnyNonFinite(ReadOnlySpan<float> x)
    {
        foreach (float value in x)
        {
            if (!float.IsFinite(value))
                return true;
        }
        return false;
    }

    internal static float LogSumExp(ReadOnlySpan<float> row)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (double value in row)
            max = Math.Max(max, value);
        foreach (double value in row)
            sum += Math.Exp(value - max);
        return double.IsNegativeInfinity(max) ? float.NegativeInfinity : (float)(max + Math.Log(sum));
    }

    internal static void Softmax(Span<float> row)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (double value in row)
            max = Math.Max(max, value);
        foreach (double value in row)
            sum += Math.Exp(value - max);
        foreach (ref float value in row)
            value = (float)(Math.Exp(value - max) / sum);
    }

    internal static float SoftmaxCrossEntropy(int target, float gradientScale, Span<float> row, float smoothing = 0f)
    {
        if (target < 0)
        {
            row.Clear();
            return 0f;
        }
        int count = row.Length;
        double loss = 0, logSum = LogSumExp(row);
        for (int i = 0; i < row.Length; i++)
            loss += Share(i) * (logSum - row[i]);
        Softmax(row);
        for (int i = 0; i < row.Length; i++)
            row[i] = (float)((row[i] - Share(i)) * gradientScale);
        return (float)loss;

        double Share(int i) => (i == target ? 1.0 - smoothing : 0) + smoothing / (double)count;
    }

    internal static void TanhBackward(ReadOnlySpan<float> y, Span<float> destination)
    {
        for (int i = 0; i < y.Length; i++)
            destination[i] = (float)(destination[i] * (1 - (double)y[i] * y[i]));
    }

    internal static void AdditiveScores(ReadOnlySpan<float> keys, ReadOnlySpan<float> query, ReadOnlySpan<float> v, Span<float> scores)
    {
        for (int step = 0; step < scores.Length; step++)
        {
            double sum = 0;
            for (int i = 0; i < query.Length; i++)
                sum += v[i] * Math.Tanh((double)keys[step * query.Length + i] + query[i]);
            scores[step] = (float)sum;
        }
    }

    internal static void AdditiveScoresBackward(
        ReadOnlySpan<float> keys, ReadOnlySpan<float> query, ReadOnlySpan<float> v, ReadOnlySpan<float> dScores,
        Span<float> dKeys, Span<float> dQuery, Span<float> dV)
    {
        for (int i = 0; i < query.Length; i++)
        {
            double queryGradient = dQuery[i], vGradient = dV[i];
            for (int at = i, step = 0; step < dScores.Length; step++, at += query.Length)
            {
                double hidden = Math.Tanh((double)keys[at] + query[i]), dSum = dScores[step] * v[i] * (1 - hidden * hidden);
                vGradient += dScores[step] * hidden;
                queryGradient += dSum;
                dKeys[at] = (float)(dKeys[at] + dSum);
            }
            (dQuery[i], dV[i]) = ((float)queryGradient, (float)vGradient);
        }
    }

    /// <summary>c = a b, or c += a b; a [m,k], b [k,n], c [m,n].</summary>
    internal static void GemmNN(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int m, int n, int k, bool accumulate, Span<float> c) =>
        Gemm(a, k, 1, b, n, 1, m, n, k, accumulate, c);

    /// <summary>c = a b', or c += a b'; a [m,k], b [n,k], c [m,n].</summary>
    internal static void GemmNT(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int m, int n, int k, bool accumulate, Span<float> c) =>
        Gemm(a, k, 1, b, 1, k, m, n, k, accumulate, c);

    /// <summary>c = a' b, or c += a' b; a [k,m], b [k,n], c [m,n].</summary>
    internal static void GemmTN(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int m, int n, int k, bool accumulate, Span<float> c) =>
        Gemm(a, 1, m, b, n, 1, m, n, k, accumulate, c);

    // Element (row, column) of a lies at row * aRow + column * aColumn; so for b.
    static void Gemm(
        ReadOnlySpan<float> a, int aRow, int aColumn, ReadOnlySpan<float> b, int bRow, int bColumn,
        int m, int n, int k, bool accumulate, Span<float> c)
    {
        for (int row = 0; row < m; row++)
        {
            for (int column = 0; column < n; column++)
            {
                double sum = accumulate ? c[row * n + column] : 0;
                for (int inner = 0; inner < k; inner++)
                    sum += (double)a[row * aRow + inner * aColumn] * b[inner * bRow + column * bColumn];
                c[row * n + column] = (float)sum;
            }
        }
    }

    internal static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
