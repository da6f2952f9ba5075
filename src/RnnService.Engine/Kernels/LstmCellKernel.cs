using System.Runtime.CompilerServices;
using RnnService.Engine.Layers;

namespace RnnService.Engine.Kernels;

/// <summary>
/// The pointwise part of an LSTM step (Hochreiter and Schmidhuber 1997; forget gate by Gers et al. 2000), one row, a range of units:
/// c = f*c[t-1] + i*g, h = o*tanh(c).
/// </summary>
static unsafe class LstmCellKernel
{
    /// <param name="gates">[4H] sums before activation; receives i, f, g, o</param>
    /// <param name="previousCell">[H] c[t-1]</param>
    /// <param name="hiddenSize">H</param>
    /// <param name="from">first unit</param>
    /// <param name="to">unit after the last</param>
    /// <param name="cell">[H] receives c[t]</param>
    /// <param name="cellTanh">[H] receives tanh(c[t]), which the backward step needs</param>
    /// <param name="hidden">[H] receives h[t]</param>
    public static void Forward(float* gates, float* previousCell, int hiddenSize, int from, int to, float* cell, float* cellTanh, float* hidden)
    {
        int unit = from;
        unit = SimdTiers.Current switch
        {
            SimdTier.Avx512 => Forward<Lanes512>(gates, previousCell, hiddenSize, unit, to, cell, cellTanh, hidden),
            SimdTier.Avx2 => Forward<Lanes256>(gates, previousCell, hiddenSize, unit, to, cell, cellTanh, hidden),
            SimdTier.Vector128 => Forward<Lanes128>(gates, previousCell, hiddenSize, unit, to, cell, cellTanh, hidden),
            _ => unit,
        };
        Forward<ScalarLanes>(gates, previousCell, hiddenSize, unit, to, cell, cellTanh, hidden);
    }

    /// <param name="gates">[4H] i, f, g, o of the forward step; receives the gradients of their sums</param>
    /// <param name="previousCell">[H] c[t-1]</param>
    /// <param name="cellTanh">[H] tanh(c[t])</param>
    /// <param name="dHidden">[H] gradient of h[t]</param>
    /// <param name="hiddenSize">H</param>
    /// <param name="from">first unit</param>
    /// <param name="to">unit after the last</param>
    /// <param name="dCell">[H] gradient of c[t] from later steps; receives that of c[t-1]</param>
    public static void Backward(float* gates, float* previousCell, float* cellTanh, float* dHidden, int hiddenSize, int from, int to, float* dCell)
    {
        int unit = from;
        unit = SimdTiers.Current switch
        {
            SimdTier.Avx512 => Backward<Lanes512>(gates, previousCell, cellTanh, dHidden, hiddenSize, unit, to, dCell),
            SimdTier.Avx2 => Backward<Lanes256>(gates, previousCell, cellTanh, dHidden, hiddenSize, unit, to, dCell),
            SimdTier.Vector128 => Backward<Lanes128>(gates, previousCell, cellTanh, dHidden, hiddenSize, unit, to, dCell),
            _ => unit,
        };
        Backward<ScalarLanes>(gates, previousCell, cellTanh, dHidden, hiddenSize, unit, to, dCell);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Forward<TLanes>(float* gates, float* previousCell, int hiddenSize, int from, int to, float* cell, float* cellTanh, float* hidden)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* input = gates + GateOrder.LstmInput * hiddenSize, forget = gates + GateOrder.LstmForget * hiddenSize;
        float* candidate = gates + GateOrder.LstmCandidate * hiddenSize, output = gates + GateOrder.LstmOutput * hiddenSize;
        int unit = from;
        for (; unit + TLanes.Width <= to; unit += TLanes.Width)
        {
            var i = LaneMath.Sigmoid(TLanes.Load(input + unit));
            var f = LaneMath.Sigmoid(TLanes.Load(forget + unit));
            var g = LaneMath.Tanh(TLanes.Load(candidate + unit));
            var o = LaneMath.Sigmoid(TLanes.Load(output + unit));
            var c = TLanes.MultiplyAdd(f, TLanes.Load(previousCell + unit), i * g);
            var tanh = LaneMath.Tanh(c);
            TLanes.Store(i, input + unit);
            TLanes.Store(f, forget + unit);
            TLanes.Store(g, candidate + unit);
            TLanes.Store(o, output + unit);
            TLanes.Store(c, cell + unit);
            TLanes.Store(tanh, cellTanh + unit);
            TLanes.Store(o * tanh, hidden + unit);
        }
        return unit;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Backward<TLanes>(float* gates, float* previousCell, float* cellTanh, float* dHidden, int hiddenSize, int from, int to, float* dCell)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* input = gates + GateOrder.LstmInput * hiddenSize, forget = gates + GateOrder.LstmForget * hiddenSize;
        float* candidate = gates + GateOrder.LstmCandidate * hiddenSize, output = gates + GateOrder.LstmOutput * hiddenSize;
        var one = TLanes.Broadcast(1f);
        int unit = from;
        for (; unit + TLanes.Width <= to; unit += TLanes.Width)
        {
            var i = TLanes.Load(input + unit);
            var f = TLanes.Load(forget + unit);
            var g = TLanes.Load(candidate + unit);
            var o = TLanes.Load(output + unit);
            var tanh = TLanes.Load(cellTanh + unit);
            var dh = TLanes.Load(dHidden + unit);
            var dc = TLanes.MultiplyAdd(dh * o, one - tanh * tanh, TLanes.Load(dCell + unit));
            TLanes.Store(dc * g * i * (one - i), input + unit);
            TLanes.Store(dc * TLanes.Load(previousCell + unit) * f * (one - f), forget + unit);
            TLanes.Store(dc * i * (one - g * g), candidate + unit);
            TLanes.Store(dh * tanh * o * (one - o), output + unit);
            TLanes.Store(dc * f, dCell + unit);
        }
        return unit;
    }
}
