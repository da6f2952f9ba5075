using System.Text.Json.Nodes;
using RnnService.Models.Checkpoints;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Text;

public sealed class TokenizerFileTests : IDisposable
{
    const string Text = "Tom doesn't like 世界 \"much\" 👍.";
    readonly TemporaryFolder _folder = new();

    string FilePath => _folder.At("tokenizer.json");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TokenizerKind.Word, true, false)]
    [InlineData(TokenizerKind.Word, false, false)]
    [InlineData(TokenizerKind.Word, false, true)]
    [InlineData(TokenizerKind.Char, false, false)]
    [InlineData(TokenizerKind.Char, true, false)]
    [InlineData(TokenizerKind.Bpe, false, false)]
    public void Read_WrittenTokenizer_EncodesTheSame(TokenizerKind kind, bool lowercase, bool pretokenized)
    {
        var settings = new TokenizerSettings { Type = kind, Lowercase = lowercase, Pretokenized = pretokenized };
        var written = TokenizerTrainer.Train(settings, [Text, "and Tom"]);
        TokenizerFile.Write(written, FilePath);
        var read = TokenizerFile.Read(FilePath, (written as WordTokenizer)?.SurfaceForms);

        Assert.Equal(written.GetType(), read.GetType());
        Assert.Equal(written.Encode(Text.ToUpperInvariant() + Text), read.Encode(Text.ToUpperInvariant() + Text));
        Assert.Equal(written.Decode(written.Encode(Text)), read.Decode(read.Encode(Text)));
        Assert.DoesNotContain(Vocabulary.UnknownId, read.Encode(Text));
    }

    [Fact]
    public void Write_WordTokenizer_HasTheShapeOfHuggingFaceFiles()
    {
        TokenizerFile.Write(TokenizerTrainer.Train(new() { Lowercase = true }, ["a b"]), FilePath);
        var root = JsonNode.Parse(File.ReadAllText(FilePath))!;

        Assert.Equal("1.0", (string?)root["version"]);
        Assert.Equal(["<pad>", "<unk>", "<bos>", "<eos>"], root["added_tokens"]!.AsArray().Select(token => (string?)token!["content"]));
        Assert.All(root["added_tokens"]!.AsArray(), token => Assert.True((bool)token!["special"]!));
        Assert.Equal("Lowercase", (string?)root["normalizer"]!["normalizers"]!.AsArray()[^1]!["type"]);
        Assert.Equal("Split", (string?)root["pre_tokenizer"]!["type"]);
        Assert.Equal("Removed", (string?)root["pre_tokenizer"]!["behavior"]);
        Assert.True((bool)root["pre_tokenizer"]!["invert"]!);
        Assert.StartsWith("(?:(?![", (string?)root["pre_tokenizer"]!["pattern"]!["Regex"], StringComparison.Ordinal);
        Assert.Equal("WordLevel", (string?)root["model"]!["type"]);
        Assert.Equal("<unk>", (string?)root["model"]!["unk_token"]);
        Assert.Equal(5, (int?)root["model"]!["vocab"]!["b"]);
    }

    [Fact]
    public void Write_SameTokenizer_GivesTheSameBytes()
    {
        var tokenizer = TokenizerTrainer.Train(new(), ["a b 世 👍"]);
        TokenizerFile.Write(tokenizer, FilePath);
        TokenizerFile.Write(tokenizer, _folder.At("again.json"));
        Assert.Equal(File.ReadAllBytes(FilePath), File.ReadAllBytes(_folder.At("again.json")));
    }

    [Theory]
    [InlineData("model.type", "\"Unigram\"", "model.type: found 'Unigram', expected 'WordLevel' or 'BPE'")]
    [InlineData("model.vocab.b", "9", "model.vocab.b: found 9, expected an id below 6")]
    [InlineData("model.vocab.b", "4", "model.vocab.b: found 4, expected an id other than that of 'a'")]
    [InlineData("model.vocab.b", "-1", "model.vocab.b: found -1, expected a whole number of at least 0")]
    [InlineData("model.vocab", "{\"a\":0}", "model.vocab: found 'a' with id 0, expected '<pad>'")]
    [InlineData("model.vocab", "[]", "model.vocab: found an array, expected an object")]
    [InlineData("model", "null", "model: found null, expected a value")]
    [InlineData("pre_tokenizer.type", "\"ByteLevel\"", "pre_tokenizer.type: found 'ByteLevel', expected 'Split' or 'WhitespaceSplit'")]
    [InlineData("pre_tokenizer.pattern.Regex", "\"(a+)+\"", "pre_tokenizer.pattern.Regex: found '(a+)+', expected the pattern of")]
    [InlineData("normalizer.normalizers", "[{\"type\":\"NFD\"}]", "normalizer.normalizers[0].type: found 'NFD', expected")]
    public void Read_ForeignField_IsNamedWithWhatWasExpected(string path, string value, string message)
    {
        TokenizerFile.Write(TokenizerTrainer.Train(new(), ["a b"]), FilePath);
        var root = JsonNode.Parse(File.ReadAllText(FilePath))!;
        string[] names = path.Split('.');
        names[..^1].Aggregate(root, (node, name) => node[name]!)[names[^1]] = JsonNode.Parse(value);
        File.WriteAllText(FilePath, root.ToJsonString());

        var wrong = Assert.Throws<CheckpointException>(() => TokenizerFile.Read(FilePath));
        Assert.StartsWith($"{FilePath}: {message}", wrong.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(""), InlineData("{"), InlineData("[]"), InlineData("\"\\ud800\""), InlineData("{\"model\":{\"type\":\"\\ud800\"}}"), InlineData("{\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"\\ud800\":0}}}")]
    public void Read_BrokenFile_IsACheckpointException(string content)
    {
        File.WriteAllText(FilePath, content);
        Assert.DoesNotContain('\n', Assert.Throws<CheckpointException>(() => TokenizerFile.Read(FilePath)).Message);
    }

    [Fact]
    public void Read_MissingFile_SaysSo() =>
        Assert.Contains("found nothing, expected a JSON file", Assert.Throws<CheckpointException>(() => TokenizerFile.Read(FilePath)).Message, StringComparison.Ordinal);
}
