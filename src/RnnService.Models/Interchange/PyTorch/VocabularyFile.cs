using System.Text;
using RnnService.Models.Checkpoints;
using RnnService.Models.Text;

namespace RnnService.Models.Interchange.PyTorch;

/// <summary>
/// The tokens of a model from elsewhere, and which row of its matrices belongs to each of them here, where the special tokens come first.
/// </summary>
/// <param name="Tokenizer">the tokenizer</param>
/// <param name="Rows">[V] for each token id here its id there, or -1 for a special token that the model does not have</param>
/// <param name="RowCount">tokens there</param>
sealed record VocabularyFile(ITokenizer Tokenizer, IReadOnlyList<int> Rows, int RowCount)
{
    /// <summary>Reads a <c>tokenizer.json</c> of this program's kinds, or any other file as a list: one token a line, the first has id 0.</summary>
    /// <exception cref="CheckpointException">the file is missing or broken, or a token is empty or there twice</exception>
    public static VocabularyFile Read(string path, VocabularyMapping? mapping)
    {
        if (Path.GetExtension(path) == ".json")
        {
            if (mapping is not null)
                throw new CheckpointException(path, "the mapping's 'tokenizer'", "a section", "none: a tokenizer.json tells all by itself");
            var tokenizer = TokenizerFile.Read(path);
            return new VocabularyFile(tokenizer, [.. Enumerable.Range(0, tokenizer.Vocabulary.Count)], tokenizer.Vocabulary.Count);
        }
        mapping ??= new VocabularyMapping();
        bool isCharacters = mapping.Type == TokenizerKind.Char;
        var tokens = ReadLines(path, isCharacters);
        int[] special = [.. mapping.SpecialTokens.Select(token => tokens.IndexOf(token))];
        int[] ordinary = [.. Enumerable.Range(0, tokens.Count).Except(special)];
        foreach (int row in ordinary)
            if (Vocabulary.SpecialTokens.Contains(tokens[row]))
                throw new CheckpointException(
                    path, $"line {row + 1}", $"'{tokens[row]}'", "an ordinary token, as the mapping's tokenizer names another special token for it");
        var vocabulary = new Vocabulary(ordinary.Select(row => tokens[row]));
        return new VocabularyFile(
            isCharacters
                ? new CharTokenizer(vocabulary, mapping.Lowercase)
                : new WordTokenizer(vocabulary, mapping.Lowercase, mapping.Pretokenized),
            [.. special, .. ordinary], tokens.Count);
    }

    static List<string> ReadLines(string path, bool isCharacters)
    {
        var firstLines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string line in Lines(path))
        {
            string token = isCharacters ? Unescape(line) : line;
            int number = firstLines.Count + 1;
            if (token.Length == 0)
                throw new CheckpointException(path, $"line {number}", "nothing", "a token");
            if (!firstLines.TryAdd(token, number))
                throw new CheckpointException(path, $"line {number}", $"'{line}', which stands in line {firstLines[token]} too", "each token once");
        }
        return [.. firstLines.OrderBy(pair => pair.Value).Select(pair => pair.Key)];
    }

    static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException(path, "file", "nothing", "a tokenizer.json or a list of tokens, one a line", missing);
        }
        catch (DecoderFallbackException wrong)
        {
            throw new CheckpointException(path, "text", "bytes that are not UTF-8", "a list of tokens in UTF-8, one a line", wrong);
        }
    }

    // A line cannot hold a line end.
    static string Unescape(string line) => line switch
    {
        @"\n" => "\n",
        @"\r" => "\r",
        @"\t" => "\t",
        @"\\" => @"\",
        _ => line,
    };
}
