namespace RnnService.Models.Interchange.Onnx;

/// <summary>A recurrent state that an exported graph reads and returns, [1,B,H].</summary>
/// <param name="Input">the name of the state before the first step, for example <c>h_l0</c></param>
/// <param name="Output">the name of the state after the last step, for example <c>h_l0_next</c></param>
/// <param name="HiddenSize">H</param>
public sealed record OnnxState(string Input, string Output, int HiddenSize);
