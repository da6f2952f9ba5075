using RnnService.Engine.Kernels;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Kernels;

public sealed class Int8QuantizerTests
{
    [Fact]
    public void Quantize_AllLengths_EqualsTheReferenceAndStaysInside()
    {
        foreach (int length in Lengths.UpTo256)
        {
            using GuardedBuffer source = new(Some.Floats(length, seed: length, scale: 3f));
            sbyte[] expected = new sbyte[length];
            foreach (var (limit, zero) in ((int, int)[])[(127, 0), (63, 64)])
            {
                float expectedScale = ReferenceInt8.Quantize(source.Span, limit, zero, expected);
                Assert.Equal(expectedScale, Quantize(source.Span, out sbyte[] values, limit, zero));
                Assert.Equal(expected, values[..length]);
                Assert.All(values[length..], value => Assert.Equal(zero, value));
            }
        }
    }

    [Fact]
    public void Quantize_TimesItsScale_IsWithinHalfAStep()
    {
        float[] source = Some.Floats(1000);
        float scale = Quantize(source, out sbyte[] values);
        Assert.Equal(127, values.Max(value => Math.Abs((int)value)));
        for (int i = 0; i < source.Length; i++)
            Assert.InRange(source[i] - values[i] * scale, -0.5001f * scale, 0.5001f * scale);
    }

    [Fact]
    public void Quantize_HalvesOfAStep_GoToTheEvenNeighbour()
    {
        float scale = Quantize([127f, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f], out sbyte[] values);
        Assert.Equal(1f, scale);
        Assert.Equal([127, 0, 2, 2, 0, -2], values[..6]);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-40f)]
    public void Quantize_NothingOfNormalSize_IsAllZero(float value)
    {
        Assert.Equal(0f, Quantize([value, -value, value], out sbyte[] values));
        Assert.All(values, quantized => Assert.Equal(0, quantized));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Quantize_ValueThatIsNotFinite_GivesAScaleOfNaN(float value)
    {
        for (int at = 0; at < 40; at++)
        {
            float[] source = Some.Floats(40);
            source[at] = value;
            Assert.True(float.IsNaN(Quantize(source, out _)), $"at {at}");
        }
    }

    static unsafe float Quantize(ReadOnlySpan<float> source, out sbyte[] values, int limit = 127, int zero = 0)
    {
        values = new sbyte[Int8Quantizer.PaddedLength(source.Length)];
        values.AsSpan().Fill(-1);
        fixed (float* pointer = source)
        fixed (sbyte* destination = values)
            return Int8Quantizer.Quantize(pointer, source.Length, limit, zero, destination);
    }
}
