using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Random;
using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>Draws the initial weights of a network from one source of numbers: the same seed and order of calls give the same weights.</summary>
/// <param name="seed">chooses the numbers</param>
/// <param name="range">all weights are uniform from -range to range; null for ±1/√H in recurrent layers, ±0.1 elsewhere, and biases of 0</param>
public sealed class WeightInitializer(int seed, double? range)
{
    const double DefaultRange = 0.1;

    // Of the input weights of an IRNN, as its paper has it.
    const double IdentityInputDeviation = 0.001;

    readonly MersenneTwister _random = new(seed, threadSafe: false);

    /// <summary>How the matrices of recurrences start.</summary>
    public RecurrentInitialization Recurrent { get; init; }

    /// <summary>Bias of an LSTM's forget gate; null for 1 (Jozefowicz et al. 2015), or what the range gives where there is one.</summary>
    public double? ForgetBias { get; init; }

    /// <summary>Fills weights or a bias.</summary>
    public void Fill(Parameter parameter) => Fill(parameter, DefaultRange);

    /// <summary>Fills a matrix [O,I] or a bias: ±1/√I where there is no range for all weights.</summary>
    public void FillByInputs(Parameter parameter) => Fill(parameter, 1 / Math.Sqrt(parameter.Shape.RowLength));

    /// <summary>Fills all weights of a recurrent layer.</summary>
    public void Fill(RecurrentLayer layer)
    {
        bool isIdentity = Recurrent == RecurrentInitialization.Identity;
        foreach (var parameter in layer.Parameters)
        {
            bool isSquare = parameter != layer.WeightInput && parameter.Shape.Rank == 2;
            if (isSquare && Recurrent != RecurrentInitialization.Uniform)
                FillSquares(parameter.Value, isIdentity);
            else if (isIdentity && parameter == layer.WeightInput)
                FillNormal(parameter.Value, IdentityInputDeviation);
            else if (isIdentity)
                parameter.Value.Clear();
            else
                Fill(parameter, 1 / Math.Sqrt(layer.HiddenSize));
        }
        if (layer.HasForgetGate && (ForgetBias ?? (range is null ? 1 : null)) is { } bias)
        {
            int first = GateOrder.LstmForget * layer.HiddenSize;
            layer.BiasInput.Value.Rows(first, layer.HiddenSize).Fill((float)bias);
            layer.BiasHidden.Value.Rows(first, layer.HiddenSize).Clear();
        }
    }

    void Fill(Parameter parameter, double defaultRange)
    {
        if (parameter.Shape.Rank == 1 && range is null)
        {
            parameter.Value.Clear();
            return;
        }
        double limit = range ?? defaultRange;
        foreach (ref float weight in parameter.Value.Span)
            weight = (float)((2 * _random.NextDouble() - 1) * limit);
    }

    void FillNormal(Tensor weights, double deviation)
    {
        foreach (ref float weight in weights.Span)
            weight = (float)Normal.Sample(_random, 0, deviation);
    }

    /// <summary>Fills each [H,H] of a matrix [G*H,H] with the identity or an orthogonal matrix.</summary>
    void FillSquares(Tensor weights, bool identity)
    {
        int size = weights.Shape[1];
        for (int first = 0; first < weights.Shape[0]; first += size)
        {
            var square = identity ? Matrix<double>.Build.DenseIdentity(size) : Orthogonal(size);
            for (int row = 0; row < size; row++)
            {
                var target = weights.Row(first + row);
                for (int column = 0; column < size; column++)
                    target[column] = (float)square[row, column];
            }
        }
    }

    /// <summary>Q of a matrix of normal numbers, columns signed as the diagonal of R: all directions alike (Mezzadri 2007).</summary>
    Matrix<double> Orthogonal(int size)
    {
        var factors = Matrix<double>.Build.Dense(size, size, (_, _) => Normal.Sample(_random, 0, 1)).QR();
        return factors.Q * Matrix<double>.Build.Diagonal(size, size, index => factors.R[index, index] < 0 ? -1 : 1);
    }
}
