using RnnService.Engine.Tensors;

namespace RnnService.Models.LanguageModels;

/// <summary>Embedding, stacked recurrent layers and a softmax over the vocabulary: P(next token | all before).</summary>
public sealed class LanguageModel
{
    /// <summary>A model with zero weights; <see cref="Initialize"/> or a checkpoint fills them.</summary>
    /// <param name="settings">the architecture</param>
    /// <param name="vocabularySize">V</param>
    public LanguageModel(ModelSettings settings, int vocabularySize)
    {
        Settings = settings;
        VocabularySize = vocabularySize;
    }

    /// <summary>The architecture.</summary>
    public ModelSettings Settings { get; }

    /// <summary>V.</summary>
    public int VocabularySize { get; }

    /// <summary>All weights under their checkpoint names.</summary>
    public ParameterSet Parameters { get; } = new();

    /// <summary>Random initial weights from <paramref name="seed"/>.</summary>
    public void Initialize(int seed) => throw new NotImplementedException();

    /// <summary>A new reader in the zero state.</summary>
    public StepSession CreateSession() => new(this);
}
