namespace RnnService.Training.Data;

/// <summary>The name of a class or tag as a file gives it.</summary>
/// <param name="Name">not empty</param>
/// <param name="Path">the file</param>
/// <param name="Line">its line, from 1</param>
public readonly record struct Label(string Name, string Path, int Line);
