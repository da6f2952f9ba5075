namespace RnnService.Engine.Kernels;

/// <summary>The definitions of 8-bit products: plain loops over whole numbers, and the oracle of the fast kernels' tests. Not for speed.</summary>
static class ReferenceInt8
{
    /// <summary>destination = zero + round(source / scale), halves to even, with the scale returned: max |source| / limit.</summary>
    internal static float Quantize(ReadOnlySpan<float> source, int limit, int zero, Span<sbyte> destination)
    {
        float largest = 0;
        foreach (float value in source)
            largest = MathF.Max(largest, MathF.Abs(value));
        float scale = largest / limit;
        destination.Fill((sbyte)zero);
        if (!float.IsFinite(scale))
            return float.NaN;
        if (!float.IsNormal(scale))
            return 0;
        for (int i = 0; i < source.Length; i++)
            destination[i] = (sbyte)(zero + (int)MathF.Round(source[i] * (1 / scale)));
        return scale;
    }

    /// <summary>c = start + a b', rows of both sides quantised; a [m,k], b [n,k], start and c [m,n].</summary>
    internal static void GemmNT(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int m, int n, int k, ReadOnlySpan<float> start, Span<float> c)
    {
        sbyte[] rowValues = new sbyte[k], columnValues = new sbyte[k];
        for (int column = 0; column < n; column++)
        {
            float columnScale = Quantize(b.Slice(column * k, k), Int8Quantizer.WeightLimit, 0, columnValues);
            for (int row = 0; row < m; row++)
            {
                float rowScale = Quantize(a.Slice(row * k, k), Int8Quantizer.ValueLimit, Int8Quantizer.ValueZero, rowValues);
                int sum = 0;
                for (int i = 0; i < k; i++)
                    sum += (rowValues[i] - Int8Quantizer.ValueZero) * columnValues[i];
                float product = sum * (rowScale * columnScale);
                c[row * n + column] = start[row * n + column] + product;
            }
        }
    }
}
