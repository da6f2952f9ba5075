namespace RnnService.Models.Seq2Seq;

/// <summary>What a decoder's step knows of the source beside its own state.</summary>
public enum ContextKind
{
    /// <summary>Nothing: the source reaches the decoder through its initial state only (Sutskever et al. 2014).</summary>
    LastState,

    /// <summary>The mean of the encoder's outputs, the same at every step (Cho et al. 2014).</summary>
    Summary,

    /// <summary>The mean of the encoder's outputs weighted anew at every step, scores v·tanh(K + W s) (Bahdanau et al. 2015).</summary>
    Additive,

    /// <summary>The same with scores (W s)·memory (Luong et al. 2015, "general").</summary>
    Dot,
}
