namespace RnnService.Engine.Kernels;

/// <summary>An LSTM layer over a sequence as the equations have it: plain loops in double, gates in the order i, f, g, o. The oracle of the fast layer.</summary>
static class ReferenceLstm
{
    /// <summary>Runs one layer; rows past their length keep their state.</summary>
    /// <param name="x">[T,B,I]</param>
    /// <param name="weightInput">[4H,I]</param>
    /// <param name="weightHidden">[4H,H]</param>
    /// <param name="bias">[4H]</param>
    /// <param name="lengths">[B] real steps of each row; empty when all are T</param>
    /// <param name="timeSteps">T</param>
    /// <param name="batchSize">B</param>
    /// <param name="inputSize">I</param>
    /// <param name="hidden">[B,H] initial hidden state in, final out</param>
    /// <param name="cell">[B,H] initial cell state in, final out</param>
    /// <param name="output">[T,B,H] the hidden state after each step</param>
    internal static void Forward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> weightInput, ReadOnlySpan<float> weightHidden, ReadOnlySpan<float> bias,
        ReadOnlySpan<int> lengths, int timeSteps, int batchSize, int inputSize, Span<double> hidden, Span<double> cell, Span<double> output)
    {
        int hiddenSize = hidden.Length / batchSize;
        double[] gates = new double[4 * hiddenSize];
        for (int t = 0; t < timeSteps; t++)
        {
            for (int row = 0; row < batchSize; row++)
            {
                var h = hidden.Slice(row * hiddenSize, hiddenSize);
                var c = cell.Slice(row * hiddenSize, hiddenSize);
                if (lengths.IsEmpty || t < lengths[row])
                {
                    var input = x.Slice((t * batchSize + row) * inputSize, inputSize);
                    for (int gate = 0; gate < gates.Length; gate++)
                    {
                        gates[gate] = bias[gate];
                        for (int i = 0; i < inputSize; i++)
                            gates[gate] += (double)weightInput[gate * inputSize + i] * input[i];
                        for (int i = 0; i < hiddenSize; i++)
                            gates[gate] += weightHidden[gate * hiddenSize + i] * h[i];
                    }
                    for (int i = 0; i < hiddenSize; i++)
                    {
                        double inputGate = ReferenceKernels.Sigmoid(gates[i]);
                        double forgetGate = ReferenceKernels.Sigmoid(gates[hiddenSize + i]);
                        double candidate = Math.Tanh(gates[2 * hiddenSize + i]);
                        double outputGate = ReferenceKernels.Sigmoid(gates[3 * hiddenSize + i]);
                        c[i] = forgetGate * c[i] + inputGate * candidate;
                        h[i] = outputGate * Math.Tanh(c[i]);
                    }
                }
                h.CopyTo(output[((t * batchSize + row) * hiddenSize)..]);
            }
        }
    }
}
