using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;

namespace RnnService.Benchmarks;

/// <summary>Embedding, recurrent layers and a linear layer with random weights, packed; for workloads that no model of the product is.</summary>
sealed class LayerNet
{
    readonly StackTape _tape;
    readonly Tensor _embedded;
    readonly int _timeSteps;

    /// <param name="vocabularySize">V</param>
    /// <param name="embeddingSize">E</param>
    /// <param name="options">the recurrent layers</param>
    /// <param name="outputs">of the linear layer</param>
    /// <param name="timeSteps">T</param>
    /// <param name="batchSize">B</param>
    /// <param name="format">of the weights</param>
    public LayerNet(int vocabularySize, int embeddingSize, RecurrentOptions options, int outputs, int timeSteps, int batchSize, WeightFormat format)
    {
        var parameters = new ParameterSet();
        Embedding = new Embedding(vocabularySize, embeddingSize, parameters);
        Stack = new RecurrentStack(options, embeddingSize, parameters);
        Output = new Linear(Stack.OutputSize, outputs, parameters, "output");
        foreach (var parameter in parameters)
            Workloads.Fill(parameter.Value, 0.05f);
        format.Round(parameters);
        Stack.Pack(forTraining: false, format.Type);
        Output.Pack(format.Type);
        _timeSteps = timeSteps;
        _tape = Stack.CreateTape(timeSteps, batchSize, forTraining: false);
        _embedded = new Tensor(timeSteps, batchSize, embeddingSize);
    }

    public Embedding Embedding { get; }

    public RecurrentStack Stack { get; }

    public Linear Output { get; }

    /// <summary>The outputs of the recurrent layers from the zero state, [T,B,O]; valid until the next call.</summary>
    /// <param name="ids">[T,B]</param>
    public ReadOnlySpan<float> Read(ReadOnlySpan<int> ids)
    {
        Embedding.Forward(ids, DropoutMask.None, _embedded.Span);
        _tape.ResetState();
        Stack.Forward(_embedded.Span, [], _tape);
        return _tape.Outputs(_timeSteps);
    }
}
