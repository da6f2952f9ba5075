using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Models.LanguageModels;
using RnnService.Models.Seq2Seq;

namespace RnnService.Models.Tests.Seq2Seq;

/// <summary>Encoder-decoders of 11 tokens, and examples of several lengths for them.</summary>
static class SmallSeq2Seq
{
    internal const int VocabularySize = 11, MostSteps = 7, Examples = 4;

    internal static readonly ModelSettings Network = new()
    {
        Cell = CellKind.Gru,
        Layers = 1,
        HiddenSize = 5,
        EmbeddingSize = 3,
        Bidirectional = true,
        InitRange = 1,
    };

    internal static readonly Seq2SeqSettings Around = new() { AttentionSize = 4, EncoderHiddenSize = 3, MaxLength = 6 };

    internal static Seq2SeqModel Create(ContextKind context, Func<ModelSettings, ModelSettings>? network = null, Func<Seq2SeqSettings, Seq2SeqSettings>? around = null)
    {
        var model = new Seq2SeqModel(network?.Invoke(Network) ?? Network, (around?.Invoke(Around) ?? Around) with { Context = context }, VocabularySize);
        model.Initialize(seed: 3);
        // So that attention has something to choose from.
        foreach (var parameter in model.Parameters.Where(parameter => parameter.Name.StartsWith("attention.", StringComparison.Ordinal)))
            VectorKernel.Scale(parameter.Value.Span, 3, parameter.Value.Span);
        model.WeightsChanged();
        return model;
    }

    /// <summary>Sources of 5, 0, 6 and 2 tokens, targets of 2, 4, 0 and 5.</summary>
    internal static Seq2SeqExample[] SomeExamples() =>
        [.. new[] { (5, 2), (0, 4), (6, 0), (2, 5) }.Select((sizes, row) => new Seq2SeqExample(Tokens(sizes.Item1, row), Tokens(sizes.Item2, row + 5)))];

    static int[] Tokens(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => 4 + (i * 3 + seed) % (VocabularySize - 4))];
}
