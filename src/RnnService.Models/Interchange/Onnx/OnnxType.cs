namespace RnnService.Models.Interchange.Onnx;

/// <summary>The kinds of elements used here, by their numbers in the format.</summary>
enum OnnxType
{
    Float32 = 1,
    Int64 = 7,
}
