namespace RnnService.Engine.Kernels;

/// <summary>
/// Sums of 8-bit products, one of 32 bits a lane. Values on the left are from 0 to 127, weights from -127 to 127: then two products are at most
/// 32258, just inside 16 bits, and every step of the 8-bit instructions of all processors is exact. All widths give the same sums.
/// </summary>
unsafe interface IInt8Lanes<TSelf>
    where TSelf : unmanaged, IInt8Lanes<TSelf>
{
    /// <summary>Number of sums.</summary>
    static abstract int Width { get; }

    static abstract TSelf Load(int* source);

    /// <summary>The same four values in every lane.</summary>
    static abstract TSelf Broadcast(int values);

    /// <summary>sum + four products value·weight in each lane</summary>
    /// <param name="sum">what is added to</param>
    /// <param name="values">four of 0 to 127 a lane</param>
    /// <param name="weights">[4 * <see cref="Width"/>] four of -127 to 127 for each lane</param>
    static abstract TSelf AddProducts(TSelf sum, TSelf values, sbyte* weights);

    /// <summary>c[j] = start[j] + sum[j] * (rowScale * columnScales[j]) from <paramref name="column"/> on, rounded after each step: a fused one would
    /// round differently where the processor has none.</summary>
    /// <param name="sum">of products</param>
    /// <param name="rowScale">what a step of the row's values is worth</param>
    /// <param name="columnScales">the same of the columns' weights</param>
    /// <param name="start">what the products are added to, or null for 0</param>
    /// <param name="c">where they go</param>
    /// <param name="column">the first of <see cref="Width"/> columns</param>
    static abstract void StoreScaled(TSelf sum, float rowScale, float* columnScales, float* start, float* c, int column);
}
