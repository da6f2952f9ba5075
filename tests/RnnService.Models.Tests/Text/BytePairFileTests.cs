using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using RnnService.Models.Checkpoints;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Text;

public sealed class BytePairFileTests : IDisposable
{
    const string ForeignReader = """
        import { Tokenizer } from '@huggingface/tokenizers';
        import { readFileSync } from 'node:fs';
        const [file, lines] = process.argv.slice(1).map(path => JSON.parse(readFileSync(path, 'utf8')));
        const tokenizer = new Tokenizer(file, {});
        const options = { clean_up_tokenization_spaces: false };
        console.log(JSON.stringify(lines.map(line => {
          const ids = tokenizer.encode(line).ids;
          return { ids, text: tokenizer.decode(ids, options) };
        })));
        """;

    readonly TemporaryFolder _folder = new();

    string FilePath => _folder.At("tokenizer.json");

    public void Dispose() => _folder.Dispose();

    static ITokenizer Trained(int vocabularySize, IEnumerable<string> lines) =>
        TokenizerTrainer.Train(new TokenizerSettings { Type = TokenizerKind.Bpe, VocabularySize = vocabularySize }, lines);

    [Fact]
    public void Write_Tokenizer_HasTheShapeOfHuggingFaceFiles()
    {
        TokenizerFile.Write(Trained(262, ["ab abc", "abc 我"]), FilePath);
        var root = JsonNode.Parse(File.ReadAllText(FilePath))!;

        Assert.Equal(["<pad>", "<unk>", "<bos>", "<eos>"], root["added_tokens"]!.AsArray().Select(token => (string?)token!["content"]));
        Assert.Null(root["normalizer"]);
        Assert.Equal(["Split", "ByteLevel"], root["pre_tokenizer"]!["pretokenizers"]!.AsArray().Select(step => (string?)step!["type"]));
        Assert.Equal("ByteLevel", (string?)root["decoder"]!["type"]);
        Assert.Equal("BPE", (string?)root["model"]!["type"]);
        Assert.Equal(["a b", "ab c"], root["model"]!["merges"]!.AsArray().Select(merge => (string?)merge));
        Assert.Equal(262, root["model"]!["vocab"]!.AsObject().Count);
        Assert.Equal(261, (int?)root["model"]!["vocab"]!["abc"]);
    }

    [Fact]
    public void Read_WrittenFile_GivesTheSameMerges()
    {
        var written = (BytePairTokenizer)Trained(600, MixedText.Lines(500, seed: 4));
        TokenizerFile.Write(written, FilePath);
        Assert.Equal(written.Merges, Assert.IsType<BytePairTokenizer>(TokenizerFile.Read(FilePath)).Merges);
    }

    [Theory]
    [InlineData("model.merges", "[\"a\"]", "model.merges[0]: found 'a', expected two tokens with a blank between them")]
    [InlineData("model.merges", "[\"a 我\"]", "model.merges[0]: found 'a 我', expected two tokens")]
    [InlineData("model.merges", "[\"a <eos>\"]", "model.merges[0]: found 'a <eos>', expected two tokens")]
    [InlineData("model.merges", "[\"a c\"]", "model: found merge 0 makes 'ac', which is no token")]
    [InlineData("model.merges", "[\"a b\",\"a b\"]", "model: found merge 1, 'a b', for the second time")]
    [InlineData("model.merges", "null", "model.merges: found null, expected a value")]
    [InlineData("model.vocab", "{\"<pad>\":0,\"<unk>\":1,\"<bos>\":2,\"<eos>\":3}", "model.merges[0]: found 'a b', expected")]
    [InlineData("pre_tokenizer.type", "\"Split\"", "pre_tokenizer.type: found 'Split', expected 'Sequence'")]
    [InlineData("pre_tokenizer.pretokenizers", "[]", "pre_tokenizer.pretokenizers: found an array, expected 'Split' and 'ByteLevel'")]
    [InlineData("normalizer", "{\"type\":\"NFC\"}", "normalizer: found an object, expected null")]
    public void Read_ForeignField_IsNamedWithWhatWasExpected(string path, string value, string message)
    {
        TokenizerFile.Write(Trained(261, ["ab"]), FilePath);
        var root = JsonNode.Parse(File.ReadAllText(FilePath))!;
        string[] names = path.Split('.');
        names[..^1].Aggregate(root, (node, name) => node[name]!)[names[^1]] = JsonNode.Parse(value);
        File.WriteAllText(FilePath, root.ToJsonString());

        var wrong = Assert.Throws<CheckpointException>(() => TokenizerFile.Read(FilePath));
        Assert.StartsWith($"{FilePath}: {message}", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Encode_TenThousandLines_AgreesWithHuggingFace()
    {
        string? folder = Environment.GetEnvironmentVariable("RNN_HF_TOKENIZERS");
        if (!Directory.Exists(Path.Combine(folder ?? "", "node_modules", "@huggingface", "tokenizers")))
            Assert.Skip("NOT COMPARED with Hugging Face: set RNN_HF_TOKENIZERS to a folder where 'npm install @huggingface/tokenizers' was run.");
        string[] lines = [.. MixedText.Lines(10_000, seed: 5)];
        var tokenizer = Trained(1000, lines.Take(3000));
        TokenizerFile.Write(tokenizer, FilePath);
        await File.WriteAllTextAsync(_folder.At("lines.json"), JsonSerializer.Serialize(lines), TestContext.Current.CancellationToken);

        using var node = Process.Start(new ProcessStartInfo("node", ["--input-type=module", "-e", ForeignReader, "--", FilePath, _folder.At("lines.json")])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        })!;
        using var answer = JsonDocument.Parse(await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(lines.Length, answer.RootElement.GetArrayLength());
        foreach (var (line, theirs) in lines.Zip(answer.RootElement.EnumerateArray()))
        {
            Assert.Equal(theirs.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), tokenizer.Encode(line));
            Assert.Equal(theirs.GetProperty("text").GetString(), line);
        }
    }
}
