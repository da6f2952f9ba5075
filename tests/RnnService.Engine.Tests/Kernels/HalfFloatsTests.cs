using RnnService.Engine.Kernels;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Kernels;

[Collection(Tiers.Collection)]
public sealed class HalfFloatsTests
{
    static readonly float[] s_halves =
        [.. Enumerable.Range(0, 1 << 16).Select(bits => (float)BitConverter.UInt16BitsToHalf((ushort)bits)).Where(half => MathF.Abs(half) < 128)];

    [Theory, ClassData(typeof(Tiers))]
    public void StoreThenLoad_EveryHalfBelow128_IsItsShareOfTheScale(SimdTier tier)
    {
        switch (tier)
        {
            case SimdTier.Avx512: StoreThenLoad<Lanes512>(); break;
            case SimdTier.Avx2: StoreThenLoad<Lanes256>(); break;
            case SimdTier.Vector128: StoreThenLoad<Lanes128>(); break;
            default: StoreThenLoad<ScalarLanes>(); break;
        }
    }

    [Fact]
    public void Hold_EveryHalfBelow128_IsTrue() => Assert.True(HalfFloats.Hold(s_halves));

    [Fact]
    public void Hold_AnythingElse_IsFalse()
    {
        float[] others =
        [
            float.NaN, float.PositiveInfinity, float.NegativeInfinity, 128f, -65504f, -1e30f, 1f / 3, 1 + 1f / 2048, -1e-8f, 1e-40f,
            float.Epsilon, float.BitIncrement((float)Half.Epsilon), float.BitDecrement(1f),
        ];
        foreach (float other in others)
        {
            // In a vector, and among the last ones that fill none.
            foreach (int at in new[] { 3, 17 })
            {
                float[] values = Some.Halves(18, 1);
                Assert.True(HalfFloats.Hold(values));
                values[at] = other;
                Assert.False(HalfFloats.Hold(values), $"{other:R} at {at}");
            }
        }
    }

    static unsafe void StoreThenLoad<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float[] loaded = new float[s_halves.Length];
        uint* words = stackalloc uint[TLanes.Width];
        fixed (float* source = s_halves, destination = loaded)
        {
            for (int i = 0; i + 2 * TLanes.Width <= loaded.Length; i += 2 * TLanes.Width)
            {
                TLanes.StoreHalves(TLanes.Load(source + i), TLanes.Load(source + i + TLanes.Width), words);
                TLanes.Store(TLanes.LoadLowHalves(words), destination + i);
                TLanes.Store(TLanes.LoadHighHalves(words), destination + i + TLanes.Width);
            }
        }
        Assert.Equal(0, s_halves.Length % (2 * TLanes.Width));
        Tolerance.AssertSameBits([.. s_halves.Select(half => half / HalfFloats.Scale)], loaded, "halves");
        Assert.All(loaded, value => Assert.False(float.IsSubnormal(value)));
    }
}
