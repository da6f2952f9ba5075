using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>y = x·Wᵀ + b, as <c>torch.nn.Linear</c>.</summary>
public sealed class Linear
{
    PackedWeights _packed = PackedWeights.Create(WeightType.Float32);

    /// <param name="inputSize">I</param>
    /// <param name="outputSize">O</param>
    /// <param name="parameters">receives weight and bias</param>
    /// <param name="name">what stands before <c>.weight</c> and <c>.bias</c></param>
    /// <param name="sharedWeight">[O,I] a weight of another layer to use in place of an own one (tying), which is then not added</param>
    public Linear(int inputSize, int outputSize, ParameterSet parameters, string name, Parameter? sharedWeight = null)
    {
        Throw.IfNotPositive(inputSize, nameof(inputSize));
        Throw.IfNotPositive(outputSize, nameof(outputSize));
        if (sharedWeight is not null)
            Throw.IfShapesDiffer(new Shape(outputSize, inputSize), sharedWeight.Shape, nameof(sharedWeight));
        Weight = sharedWeight ?? parameters.Add(new Parameter($"{name}.weight", new Tensor(outputSize, inputSize)));
        Bias = parameters.Add(new Parameter($"{name}.bias", new Tensor(outputSize)));
    }

    /// <summary>[O,I]</summary>
    public Parameter Weight { get; }

    /// <summary>[O]</summary>
    public Parameter Bias { get; }

    /// <summary>I.</summary>
    public int InputSize => Weight.Shape[1];

    /// <summary>O.</summary>
    public int OutputSize => Weight.Shape[0];

    /// <summary>Lays the weights out for the kernels; needed after they changed, before <see cref="Forward"/>.</summary>
    /// <param name="weights">how they are kept</param>
    public void Pack(WeightType weights = WeightType.Float32)
    {
        _packed = _packed.As(weights);
        _packed.Resize(InputSize, OutputSize);
        _packed.PackTransposed(Weight.Value.Span);
    }

    /// <param name="x">[N,I]</param>
    /// <param name="rows">N</param>
    /// <param name="output">[N,O]</param>
    /// <exception cref="InvalidOperationException"><see cref="Pack"/> was never called</exception>
    public void Forward(ReadOnlySpan<float> x, int rows, Span<float> output)
    {
        Throw.IfNotPacked(_packed);
        _packed.MultiplyWithBias(x, rows, Bias.Value.Span, output);
    }

    /// <summary>Adds to the gradients of weight and bias.</summary>
    /// <param name="x">[N,I] as in the forward pass</param>
    /// <param name="rows">N</param>
    /// <param name="dOutput">[N,O]</param>
    /// <param name="dx">[N,I] receives the gradient of x; empty where nobody wants it</param>
    public void Backward(ReadOnlySpan<float> x, int rows, ReadOnlySpan<float> dOutput, Span<float> dx)
    {
        var dBias = Bias.IsFrozen ? [] : Bias.Gradient.Span;
        if (!Weight.IsFrozen)
        {
            bool overwrite = Weight.ClaimGradient(out var dWeight);
            Gemm.TN(dOutput, x, OutputSize, InputSize, rows, !overwrite, dWeight.Span, dBias);
        }
        else if (!dBias.IsEmpty)
        {
            VectorKernel.AddRows(dOutput, dBias);
        }
        if (!dx.IsEmpty)
            Gemm.NN(dOutput, Weight.Value.Span, rows, InputSize, OutputSize, accumulate: false, dx);
    }
}
