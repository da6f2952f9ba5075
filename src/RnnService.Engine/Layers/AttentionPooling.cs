using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>
/// One vector for each row of a sequence, the mean of its steps by learnt weights (Yang et al. 2016, equations 5 to 7):
/// u[t] = tanh(W x[t] + b), a = softmax of c·u[t] over the row's steps, output = sum of a[t] x[t]. A row of length 0 gives zeros.
/// </summary>
public sealed class AttentionPooling
{
    /// <param name="size">O, elements of a step</param>
    /// <param name="parameters">receives W [O,O], b [O] and c [O] as <c>.weight</c>, <c>.bias</c> and <c>.context</c></param>
    /// <param name="name">what stands before these names</param>
    public AttentionPooling(int size, ParameterSet parameters, string name = "attention")
    {
        Projection = new Linear(size, size, parameters, name);
        Context = parameters.Add(new Parameter($"{name}.context", new Tensor(size)));
    }

    /// <summary>W and b.</summary>
    public Linear Projection { get; }

    /// <summary>c, [O].</summary>
    public Parameter Context { get; }

    int Size => Projection.OutputSize;

    /// <summary>Lays the weights out for the kernels; needed after they changed, before <see cref="Forward"/>.</summary>
    public void Pack() => Projection.Pack();

    /// <summary>Memory for passes over up to <paramref name="timeSteps"/> steps.</summary>
    public AttentionTape CreateTape(int timeSteps, int batchSize) => new(timeSteps, batchSize, Size);

    /// <param name="x">[T,B,O]</param>
    /// <param name="lengths">[B], each 0 to T</param>
    /// <param name="tape">receives u and a</param>
    /// <param name="output">[B,O]</param>
    public void Forward(ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, AttentionTape tape, Span<float> output)
    {
        int batch = tape.BatchSize, steps = StepsOf(x, lengths, tape, output.Length, nameof(output));
        var projected = tape.Projected.Rows(0, steps);
        Projection.Forward(x, steps * batch, projected);
        ActivationKernel.Tanh(projected, projected);
        output.Clear();
        Span<float> weights = tape.RowWeights(steps);
        for (int row = 0; row < batch; row++)
        {
            var counted = weights[..lengths[row]];
            for (int t = 0; t < counted.Length; t++)
                counted[t] = VectorKernel.Dot(Context.Value.Span, Step(projected, t, row, batch));
            SoftmaxKernel.Softmax(counted);
            for (int t = 0; t < steps; t++)
                tape.Weights.Row(t)[row] = t < counted.Length ? counted[t] : 0f;
            for (int t = 0; t < counted.Length; t++)
                VectorKernel.MultiplyAdd(Step(x, t, row, batch), counted[t], output.Slice(row * Size, Size));
        }
    }

    /// <summary>Gradients from those of the output. Needs the tape of the matching <see cref="Forward"/>, whose u it uses up. Adds to the gradients of the parameters.</summary>
    /// <param name="x">[T,B,O] as in the forward pass</param>
    /// <param name="lengths">[B] as in the forward pass</param>
    /// <param name="tape">of the forward pass</param>
    /// <param name="dOutput">[B,O]</param>
    /// <param name="dx">[T,B,O] receives the gradient of x; zero past a row's length</param>
    public void Backward(ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, AttentionTape tape, ReadOnlySpan<float> dOutput, Span<float> dx)
    {
        int batch = tape.BatchSize, steps = StepsOf(x, lengths, tape, dOutput.Length, nameof(dOutput));
        var dProjected = tape.Projected.Rows(0, steps);
        for (int row = 0; row < batch; row++)
            ScoresBackward(x, lengths[row], row, tape, dOutput.Slice(row * Size, Size));
        Projection.Backward(x, steps * batch, dProjected, dx);
        for (int index = 0; index < steps * batch; index++)
            VectorKernel.MultiplyAdd(dOutput.Slice(index % batch * Size, Size), tape.Weights.Span[index], dx.Slice(index * Size, Size));
    }

    /// <summary>Turns u of a row into the gradient of what its tanh was taken of.</summary>
    void ScoresBackward(ReadOnlySpan<float> x, int length, int row, AttentionTape tape, ReadOnlySpan<float> dOutput)
    {
        int batch = tape.BatchSize;
        var dWeights = tape.RowWeights(length);
        float mean = 0;
        for (int t = 0; t < length; t++)
        {
            dWeights[t] = VectorKernel.Dot(dOutput, Step(x, t, row, batch));
            mean += tape.Weights.Row(t)[row] * dWeights[t];
        }
        for (int t = 0; t < x.Length / (batch * Size); t++)
        {
            var u = tape.Projected.Row(t).Slice(row * Size, Size);
            float dScore = t < length ? tape.Weights.Row(t)[row] * (dWeights[t] - mean) : 0f;
            if (!Context.IsFrozen)
                VectorKernel.MultiplyAdd(u, dScore, Context.Gradient.Span);
            for (int i = 0; i < u.Length; i++)
                u[i] = dScore * Context.Value.Span[i] * (1 - u[i] * u[i]);
        }
    }

    ReadOnlySpan<float> Step(ReadOnlySpan<float> sequence, int t, int row, int batch) => sequence.Slice((t * batch + row) * Size, Size);

    int StepsOf(ReadOnlySpan<float> x, ReadOnlySpan<int> lengths, AttentionTape tape, int pooledLength, string what)
    {
        Throw.IfLengthsDiffer(tape.BatchSize * Size, pooledLength, what);
        Throw.IfLengthsDiffer(tape.BatchSize, lengths.Length, nameof(lengths));
        int steps = Throw.StepsOf(x, tape.BatchSize * Size, tape.Projected.Shape[0]);
        Throw.IfNotLengths(lengths, tape.BatchSize, steps);
        return steps;
    }
}
