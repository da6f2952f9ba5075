namespace RnnService.Engine.Kernels;

/// <summary>
/// Sums of 8-bit products, one of 32 bits a lane. A factor from -127 to 127 is given as its magnitude and its sign (all bits set where
/// negative), four to a lane: then x·w = magnitude·(w ^ sign), less the magnitude once where x is negative, and every step is exact in the 8-bit and 16-bit
/// instructions of all processors. All widths give the same sums.
/// </summary>
unsafe interface IInt8Lanes<TSelf>
    where TSelf : unmanaged, IInt8Lanes<TSelf>
{
    /// <summary>Number of sums.</summary>
    static abstract int Width { get; }

    /// <summary>The same four bytes in every lane.</summary>
    static abstract TSelf Broadcast(int bytes);

    /// <summary>sum + four products magnitude·(weight ^ sign) in each lane</summary>
    /// <param name="sum">what is added to</param>
    /// <param name="magnitudes">four of 0 to 127 a lane</param>
    /// <param name="signs">four of 0 or -1 a lane</param>
    /// <param name="weights">[4 * <see cref="Width"/>] four of -127 to 127 for each lane</param>
    static abstract TSelf AddProducts(TSelf sum, TSelf magnitudes, TSelf signs, sbyte* weights);

    static abstract void Store(TSelf value, int* destination);
}
