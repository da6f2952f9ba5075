namespace RnnService.Models.Text;

/// <summary>Two neighbouring tokens that become the token of their joined text.</summary>
/// <param name="Left">id of the first</param>
/// <param name="Right">id of the second</param>
public readonly record struct BytePairMerge(int Left, int Right);
