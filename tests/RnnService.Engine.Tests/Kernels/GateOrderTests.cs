using RnnService.Engine.Kernels;

namespace RnnService.Engine.Tests.Kernels;

public sealed class GateOrderTests
{
    [Theory]
    [InlineData(4, new float[] { 0, 1, 6, 7, 2, 3, 4, 5 })]   // i f g o -> i o f c
    [InlineData(3, new float[] { 2, 3, 0, 1, 4, 5 })]         // r z n -> z r h
    [InlineData(1, new float[] { 0, 1 })]
    public void ToOnnx_RowsOfTwo_MovesWholeGates(int gateCount, float[] expected) =>
        Assert.Equal(expected, GateOrder.ToOnnx([.. Enumerable.Range(0, 2 * gateCount).Select(i => (float)i)], gateCount));

    [Fact]
    public void FlipUpdateGate_RowsOfTwo_NegatesThoseOfZ()
    {
        float[] rows = [0, 1, 2, 3, 4, 5];
        GateOrder.FlipUpdateGate(rows);
        Assert.Equal([0, 1, -2, -3, 4, 5], rows);
        Assert.Throws<ArgumentException>(() => GateOrder.FlipUpdateGate(new float[7]));
    }

    [Fact]
    public void ToOnnx_RowsThatDoNotDivide_AreRefused() => Assert.Throws<ArgumentException>(() => GateOrder.ToOnnx(new float[7], 4));
}
