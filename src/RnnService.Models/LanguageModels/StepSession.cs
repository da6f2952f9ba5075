namespace RnnService.Models.LanguageModels;

/// <summary>One reader of a language model: carries the recurrent state from token to token. Not thread-safe; the model behind it is shared.</summary>
public sealed class StepSession
{
    internal StepSession(LanguageModel model) => Model = model;

    /// <summary>The model whose weights are read.</summary>
    public LanguageModel Model { get; }

    /// <summary>Back to the zero state, as before the first token.</summary>
    public void Reset() => throw new NotImplementedException();

    /// <summary>Reads one token and computes <see cref="Logits"/>.</summary>
    public void Feed(int tokenId) => Feed([tokenId]);

    /// <summary>Reads tokens in order; only the last one's logits are computed.</summary>
    public void Feed(ReadOnlySpan<int> tokenIds) => throw new NotImplementedException();

    /// <summary>Logits of the next token after the last one read, [V]; valid until the next call.</summary>
    public ReadOnlySpan<float> Logits => throw new NotImplementedException();
}
