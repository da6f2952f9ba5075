namespace RnnService.Engine.Layers;

/// <summary>How the outputs of a sequence become one vector.</summary>
public enum PoolingKind
{
    /// <summary>The output after the last step read: of a reverse direction, that at the first step.</summary>
    Last,

    /// <summary>The mean over a row's steps.</summary>
    Mean,

    /// <summary>The largest over a row's steps, element by element.</summary>
    Max,

    /// <summary>A mean whose weights are learnt: <see cref="AttentionPooling"/>.</summary>
    Attention,
}
