using System.Text.Encodings.Web;
using System.Text.Json;
using RnnService.Training.Data;

namespace RnnService.Training.Preparation;

/// <summary>Makes training data of dialogues: pairs to learn replies from, or lines to learn a language from.</summary>
public static class Dialogues
{
    static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes a row of JSONL for each reply: <c>source</c>, the turns before it, one a line as a chat is asked, and <c>target</c>, the reply.
    /// </summary>
    /// <param name="files">of dialogues; a file given twice counts twice</param>
    /// <param name="turns">the most turns of a source, 1 or more</param>
    /// <param name="output">the file to write</param>
    /// <returns>number of rows</returns>
    /// <exception cref="CorpusException">a file is malformed, or in none of them anybody replies</exception>
    public static int WritePairs(Corpus files, int turns, string output) => Write(files, output, dialogue =>
        Enumerable.Range(1, Math.Max(0, dialogue.Turns.Count - 1)).Select(reply => JsonSerializer.Serialize(
            new { source = string.Join('\n', dialogue.Turns.Take(reply).TakeLast(turns)), target = dialogue.Turns[reply] }, s_readable)));

    /// <summary>Writes each turn as a line of text.</summary>
    /// <param name="files">of dialogues</param>
    /// <param name="output">the file to write</param>
    /// <returns>number of lines</returns>
    /// <exception cref="CorpusException">a file is malformed, or all of them are empty</exception>
    public static int WriteLines(Corpus files, string output) => Write(files, output, dialogue => dialogue.Turns);

    static int Write(Corpus files, string output, Func<Dialogue, IEnumerable<string>> lines)
    {
        string[] all = [.. Dialogue.Read(files).SelectMany(lines)];
        if (all.Length == 0)
            throw new CorpusException($"{files.Files[0].Path}: found no turn to write, expected dialogues of two turns or more.");
        PreparedFile.Write(output, writer =>
        {
            foreach (string line in all)
                writer.WriteLine(line);
        });
        return all.Length;
    }
}
