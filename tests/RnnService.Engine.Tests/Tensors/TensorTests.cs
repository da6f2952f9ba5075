using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Tests.Tensors;

public sealed class TensorTests
{
    [Fact]
    public unsafe void Span_AnyShape_IsAlignedAndZero()
    {
        foreach (int length in (int[])[1, 3, 16, 1000, 100_003])
        {
            var tensor = new Tensor(length);
            Assert.Equal(0, (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.Span)) % 64);
            Assert.Equal(length, tensor.Span.Length);
            Assert.False(tensor.Span.ContainsAnyExcept(0f));
        }
    }

    [Fact]
    public void Row_OfATimeMajorTensor_IsAViewOfOneStep()
    {
        var tensor = Tensor.From([.. Enumerable.Range(0, 24).Select(i => (float)i)], new Shape(4, 2, 3));
        Assert.Equal([6f, 7f, 8f, 9f, 10f, 11f], tensor.Row(1).ToArray());
        Assert.Equal(12, tensor.Rows(2, 2).Length);
        tensor.Row(3)[0] = -1f;
        Assert.Equal(-1f, tensor.Span[18]);
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Row(4));
    }

    [Fact]
    public void Shape_BadSizes_SayWhatIsExpected()
    {
        Assert.Equal("A shape has one to four dimensions; found 0.", Assert.Throws<ArgumentException>(() => new Shape(ReadOnlySpan<int>.Empty)).Message);
        Assert.Equal("A shape has one to four dimensions; found 5.", Assert.Throws<ArgumentException>(() => new Shape(1, 2, 3, 4, 5)).Message);
        Assert.Equal("A size is zero or more; found -2.", Assert.Throws<ArgumentException>(() => new Shape(3, -2)).Message);
        Assert.Equal(1L << 31, Assert.Throws<TensorTooLargeException>(() => new Shape(1 << 16, 1 << 15)).Elements);
        Assert.Throws<ArgumentException>(() => Tensor.From([1f, 2f], new Shape(3)));
    }

    [Fact]
    public void Shape_EqualSizes_AreEqualAndPrintAsAList()
    {
        Assert.Equal(new Shape(2, 3), new Shape(2, 3));
        Assert.NotEqual(new Shape(2, 3), new Shape(2, 3, 1));
        Assert.Equal("[35,20,256]", new Shape(35, 20, 256).ToString());
        Assert.Equal(0, new Shape(0, 5).Length);
    }

    [Fact]
    public void ParameterSet_NameTwiceOrUnknown_Throws()
    {
        var parameters = new ParameterSet();
        parameters.Add(new Parameter("a", new Tensor(2, 3)));
        Assert.Throws<ArgumentException>(() => parameters.Add(new Parameter("a", new Tensor(1))));
        Assert.Equal("No parameter is called 'b'; there are: a.", Assert.Throws<KeyNotFoundException>(() => parameters["b"]).Message);
        Assert.Equal(6, parameters.WeightCount);
    }

    [Fact]
    public void ZeroGradients_GradientsInUse_ReadAsZero()
    {
        var parameters = new ParameterSet();
        var parameter = parameters.Add(new Parameter("a", new Tensor(3)));
        parameter.Gradient.Span.Fill(5f);
        parameters.ZeroGradients();
        Assert.Equal([0f, 0f, 0f], parameter.Gradient.Span.ToArray());
    }
}
