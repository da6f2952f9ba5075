using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Tests.Support;

/// <summary>Recurrent layers as the equations have them: plain loops in double over one row at a time. The oracle of the fast layer.</summary>
/// <param name="options">cell and size</param>
/// <param name="layer">whose weights are read, as they are at the time of a run</param>
sealed class PlainRecurrence(RecurrentOptions options, RecurrentLayer layer)
{
    /// <summary>Runs all rows; past its length a row keeps its state.</summary>
    /// <param name="x">[T,B,I]</param>
    /// <param name="lengths">[B] or empty</param>
    /// <param name="hidden">[B,H] initial</param>
    /// <param name="cell">[B,H] initial, used by an LSTM</param>
    /// <returns>outputs [T,B,H] and the last states [B,H]</returns>
    internal (double[] Output, double[] Hidden, double[] Cell) Run(Tensor x, int[] lengths, Tensor hidden, Tensor cell)
    {
        int batch = hidden.Shape[0], size = layer.HiddenSize, steps = x.Length / (batch * layer.InputSize);
        double[] output = new double[steps * batch * size], lastHidden = new double[batch * size], lastCell = new double[batch * size];
        for (int row = 0; row < batch; row++)
        {
            double[] c = Doubles(cell.Row(row));
            List<double[]> h = [Doubles(hidden.Row(row))];
            for (int t = 0; t < steps; t++)
            {
                int at = t * batch + row;
                if (lengths.Length == 0 || t < lengths[row])
                {
                    (double[] candidate, c) = Step(Doubles(x.Span.Slice(at * layer.InputSize, layer.InputSize)), h[^1], c);
                    h.Add(Connect(candidate, h));
                }
                h[^1].CopyTo(output, at * size);
            }
            h[^1].CopyTo(lastHidden, row * size);
            c.CopyTo(lastCell, row * size);
        }
        return (output, lastHidden, lastCell);
    }

    (double[] Hidden, double[] Cell) Step(double[] x, double[] h, double[] c)
    {
        double[] input = Affine(layer.WeightInput, x, layer.BiasInput), recurrent = Affine(layer.WeightHidden, h, layer.BiasHidden);
        return options.Cell switch
        {
            CellKind.Lstm => Lstm(input, recurrent, c),
            CellKind.Gru => (Gru(input, recurrent, h), c),
            _ => (Simple(Units(unit => Activate(input[unit] + recurrent[unit]))), c),
        };
    }

    double[] Connect(double[] candidate, List<double[]> h) => Units(unit =>
    {
        double skipped = options.TimeSkip > 0 && h.Count >= options.TimeSkip ? h[^options.TimeSkip][unit] : 0;
        return options.Leak * h[^1][unit] + (1 - options.Leak) * candidate[unit] + skipped;
    });

    double[] Simple(double[] h)
    {
        if (options.Recurrence == Recurrence.Elman)
            return h;
        double[] sums = Affine(layer.WeightOutput!, h, layer.BiasOutput!);
        return Units(unit => Activate(sums[unit]));
    }

    (double[] Hidden, double[] Cell) Lstm(double[] input, double[] recurrent, double[] c)
    {
        double Sum(int gate, int unit) => input[gate * c.Length + unit] + recurrent[gate * c.Length + unit];
        double[] cell = Units(unit => Sigmoid(Sum(1, unit)) * c[unit] + Sigmoid(Sum(0, unit)) * Math.Tanh(Sum(2, unit)));
        return (Units(unit => Sigmoid(Sum(3, unit)) * Math.Tanh(cell[unit])), cell);
    }

    double[] Gru(double[] input, double[] recurrent, double[] h)
    {
        int size = h.Length;
        double Gate(int gate, int unit) => Sigmoid(input[gate * size + unit] + recurrent[gate * size + unit]);
        double[] r = Units(unit => Gate(0, unit)), z = Units(unit => Gate(1, unit));
        double[] products = options.GruForm == GruForm.ResetBefore
            ? Affine(layer.WeightHidden, Units(unit => r[unit] * h[unit]), layer.BiasHidden)
            : recurrent;
        return Units(unit =>
        {
            double scale = options.GruForm == GruForm.ResetBefore ? 1 : r[unit];
            double n = Math.Tanh(input[2 * size + unit] + scale * products[2 * size + unit]);
            return (1 - z[unit]) * n + z[unit] * h[unit];
        });
    }

    double Activate(double x) => options.Activation switch
    {
        CellActivation.Relu => Math.Max(x, 0),
        CellActivation.Sigmoid => Sigmoid(x),
        _ => Math.Tanh(x),
    };

    double[] Units(Func<int, double> value) => [.. Enumerable.Range(0, layer.HiddenSize).Select(value)];

    static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    static double[] Doubles(ReadOnlySpan<float> values)
    {
        double[] doubles = new double[values.Length];
        for (int i = 0; i < doubles.Length; i++)
            doubles[i] = values[i];
        return doubles;
    }

    static double[] Affine(Parameter weight, double[] x, Parameter bias)
    {
        double[] y = Doubles(bias.Value.Span);
        for (int row = 0; row < y.Length; row++)
        {
            var weights = weight.Value.Row(row);
            for (int i = 0; i < x.Length; i++)
                y[row] += weights[i] * x[i];
        }
        return y;
    }
}
