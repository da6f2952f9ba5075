using System.Security.Cryptography;
using System.Text;
using RnnService.Models.Text;

namespace RnnService.Training.Data;

/// <summary>The text files of a training or an evaluation, in the order given.</summary>
/// <param name="Files">one or more files</param>
public sealed record Corpus(IReadOnlyList<TextFile> Files)
{
    /// <summary>Reads the files.</summary>
    /// <exception cref="CorpusException">a file is missing, empty or not UTF-8</exception>
    public static Corpus Read(IEnumerable<string> paths) => new([.. paths.Select(TextFile.Read)]);

    /// <summary>Hash of all files' hashes, lower-case hexadecimal: the same text in the same order has the same hash, wherever it lies.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Files.Select(file => file.Sha256)))));

    /// <summary>All lines that hold more than blanks.</summary>
    public IEnumerable<string> Lines => Files.SelectMany(file => file.Lines);

    /// <summary>The tokens of all files: each line followed by eos for a word tokenizer, the running text for a character tokenizer.</summary>
    /// <exception cref="CorpusException">fewer than two tokens, so that there is nothing to predict</exception>
    public TokenLines Encode(ITokenizer tokenizer)
    {
        var lines = tokenizer is CharTokenizer
            ? TokenLines.FromText(Files.Select(file => tokenizer.Encode(file.Text)))
            : TokenLines.FromLines(Lines.Select(tokenizer.Encode));
        return lines.Stream.Length >= 2
            ? lines
            : throw new CorpusException($"{Files[0].Path}: the text has {lines.Stream.Length} token; at least two are needed to predict one.");
    }
}
