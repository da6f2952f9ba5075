using RnnService.Engine.Layers;
using RnnService.Engine.Optimizers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Examples;

/// <summary>What the examples of this folder share: weights to start from, the training loop, and tokens in and out.</summary>
static class Example
{
    /// <summary>Trains on the same batch again and again with Adam.</summary>
    /// <param name="parameters">of all layers</param>
    /// <param name="updates">how often</param>
    /// <param name="addGradients">a forward and a backward pass at the present weights</param>
    internal static void Train(ParameterSet parameters, int updates, Action addGradients)
    {
        int seed = 0;
        foreach (var parameter in parameters)
            Some.Fill(parameter.Value.Span, ++seed, 0.3f);
        var optimizer = new Adam(parameters);
        for (int update = 0; update < updates; update++)
        {
            parameters.ZeroGradients();
            addGradients();
            GradientClipping.ClipGlobalNorm(parameters, 5);
            optimizer.Step(parameters, 0.01f);
        }
    }

    /// <summary>[N,V], 1 at each token, else 0; a negative token is all 0.</summary>
    internal static float[] OneHot(ReadOnlySpan<int> tokens, int vocabularySize)
    {
        float[] rows = new float[tokens.Length * vocabularySize];
        for (int index = 0; index < tokens.Length; index++)
        {
            if (tokens[index] >= 0)
                rows[index * vocabularySize + tokens[index]] = 1f;
        }
        return rows;
    }

    /// <summary>The most probable class of each row of x [N,I].</summary>
    internal static int[] Best(Linear output, ReadOnlySpan<float> x)
    {
        int rows = x.Length / output.InputSize;
        float[] logits = new float[rows * output.OutputSize];
        output.Pack();
        output.Forward(x, rows, logits);
        return [.. logits.Chunk(output.OutputSize).Select(row => Array.IndexOf(row, row.Max()))];
    }
}
