using System.Diagnostics.CodeAnalysis;

namespace RnnService.Models.Checkpoints;

/// <summary>A file of a model cannot be used. The message is one line: file, place in it, what was found, what was expected.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Every message has the same four parts.")]
public sealed class CheckpointException : IOException
{
    const int LongestPart = 200;

    /// <param name="file">the file</param>
    /// <param name="place">the tensor or field in it</param>
    /// <param name="found">what is there</param>
    /// <param name="expected">what should be</param>
    /// <param name="cause">the exception that told, if any</param>
    public CheckpointException(string file, string place, string found, string expected, Exception? cause = null)
        : base($"{file}: {OneLine(place)}: found {OneLine(found)}, expected {OneLine(expected)}.", cause) { }

    // Parts may quote the file, which may hold anything.
    static string OneLine(string text)
    {
        string line = string.Concat(text.Select(unit => char.IsControl(unit) || char.IsSurrogate(unit) ? '?' : unit).Take(LongestPart));
        return text.Length > LongestPart ? line + "…" : line;
    }
}
