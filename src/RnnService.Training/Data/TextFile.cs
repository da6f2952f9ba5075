using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using RnnService.Models.Text;

namespace RnnService.Training.Data;

/// <summary>A text file in memory: UTF-8, checked; line ends are <c>\n</c> and letters with marks one character, whatever they were on disk.</summary>
/// <param name="Path">as given</param>
/// <param name="Text">the content without a byte order mark</param>
/// <param name="Sha256">of the file's bytes, lower-case hexadecimal</param>
public sealed record TextFile(string Path, string Text, string Sha256)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="CorpusException">missing, unreadable, without text, or not UTF-8</exception>
    public static TextFile Read(string path)
    {
        if (Directory.Exists(path))
            throw new CorpusException($"{path}: is a folder; give a text file.");
        if (!File.Exists(path))
            throw new CorpusException($"{path}: no such file; give the path of a UTF-8 text file.");
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CorpusException($"{path}: cannot be read: {exception.Message}");
        }
        RequireUtf8(bytes, path);
        string text = ComposedText.Of(Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF')
            .Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'));   // U+2028 and its like are part of a line
        if (string.IsNullOrWhiteSpace(text))
            throw new CorpusException($"{path}: the file is empty; give a file with at least one line of text.");
        return new TextFile(path, text, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>The lines that hold more than blanks.</summary>
    public IEnumerable<string> Lines
    {
        get
        {
            foreach (string line in Text.Split('\n'))
            {
                if (!string.IsNullOrWhiteSpace(line))
                    yield return line;
            }
        }
    }

    static void RequireUtf8(ReadOnlySpan<byte> bytes, string path)
    {
        int offset = 0;
        while (offset < bytes.Length)
        {
            if (Rune.DecodeFromUtf8(bytes[offset..], out _, out int length) != OperationStatus.Done)
            {
                int line = 1 + bytes[..offset].Count((byte)'\n');
                throw new CorpusException($"{path} line {line}: byte {offset} (0x{bytes[offset]:X2}) is not UTF-8; save the file as UTF-8.");
            }
            offset += length;
        }
    }
}
