namespace RnnService.Engine.Layers;

/// <summary>Where the reset gate of a GRU acts.</summary>
public enum GruForm
{
    /// <summary>On the recurrent product: tanh(W x + r*(U h)), as cuDNN and PyTorch; one product a step.</summary>
    ResetAfter,

    /// <summary>On the state before the product: tanh(W x + U (r*h)), as Cho et al. 2014 published it; two products a step.</summary>
    ResetBefore,
}
