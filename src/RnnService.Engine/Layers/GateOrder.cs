namespace RnnService.Engine.Layers;

/// <summary>The order of gates in weights, biases and tapes: PyTorch's, so that its checkpoints need no reordering.</summary>
static class GateOrder
{
    /// <summary>G of an LSTM.</summary>
    internal const int LstmGates = 4;

    internal const int LstmInput = 0;
    internal const int LstmForget = 1;
    internal const int LstmCandidate = 2;
    internal const int LstmOutput = 3;

    /// <summary>G of a GRU.</summary>
    internal const int GruGates = 3;

    internal const int GruReset = 0;
    internal const int GruUpdate = 1;
    internal const int GruNew = 2;
}
