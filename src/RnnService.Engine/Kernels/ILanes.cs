namespace RnnService.Engine.Kernels;

/// <summary>
/// A vector of floats of some width. Kernels are written once over this interface and compiled for each width; width 1 is the fallback.
/// Results may differ between widths in the last bits, because sums are taken in another order.
/// </summary>
unsafe interface ILanes<TSelf>
    where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>Number of floats.</summary>
    static abstract int Width { get; }

    static abstract TSelf Load(float* source);

    static abstract void Store(TSelf value, float* destination);

    /// <summary>The floats of 16 bits in the lower halves of words, <see cref="HalfFloats.Scale"/> times too small.</summary>
    static abstract TSelf LoadLowHalves(uint* source);

    /// <summary>The floats of 16 bits in the upper halves of words, <see cref="HalfFloats.Scale"/> times too small.</summary>
    static abstract TSelf LoadHighHalves(uint* source);

    /// <summary>Numbers that <see cref="HalfFloats.Hold"/> accepts, as floats of 16 bits, two in a word.</summary>
    static abstract void StoreHalves(TSelf low, TSelf high, uint* destination);

    static abstract TSelf Broadcast(float value);

    /// <summary>x * y + addend, rounded once where the processor has the instruction.</summary>
    static abstract TSelf MultiplyAdd(TSelf x, TSelf y, TSelf addend);

    /// <summary>sum = x * y + sum, as <see cref="MultiplyAdd"/>. In loops over sums: what returns a vector costs a copy of a register each time.</summary>
    static abstract void Accumulate(TSelf x, TSelf y, ref TSelf sum);

    /// <summary>The smaller of each pair; which one of NaN and a number is not defined.</summary>
    static abstract TSelf Min(TSelf x, TSelf y);

    /// <summary>The larger of each pair; which one of NaN and a number is not defined.</summary>
    static abstract TSelf Max(TSelf x, TSelf y);

    static abstract TSelf Sqrt(TSelf x);

    static abstract TSelf Abs(TSelf x);

    /// <summary>Nearest whole number, halves to even.</summary>
    static abstract TSelf Round(TSelf x);

    /// <summary>2 to the power <paramref name="exponent"/>, a whole number from -126 to 127; -127 gives 0 and 128 infinity.</summary>
    static abstract TSelf PowerOfTwo(TSelf exponent);

    /// <summary>x with the sign of <paramref name="sign"/>.</summary>
    static abstract TSelf CopySign(TSelf x, TSelf sign);

    /// <summary><paramref name="source"/> where it is NaN, else <paramref name="value"/>.</summary>
    static abstract TSelf KeepNaN(TSelf source, TSelf value);

    /// <summary>Sum of all lanes.</summary>
    static abstract float Sum(TSelf value);

    /// <summary>Largest lane.</summary>
    static abstract float MaxLane(TSelf value);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);
}
