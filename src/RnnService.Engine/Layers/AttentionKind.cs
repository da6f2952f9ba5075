namespace RnnService.Engine.Layers;

/// <summary>How much each step of a sequence counts in its mean.</summary>
public enum AttentionKind
{
    /// <summary>As much as any other, whatever the query.</summary>
    Mean,

    /// <summary>By the softmax of v·tanh(K m + b + W q), m a step and q the query (Bahdanau et al. 2015).</summary>
    Additive,

    /// <summary>By the softmax of m·(W q) (Luong et al. 2015, "general").</summary>
    Dot,
}
