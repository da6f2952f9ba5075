using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;
using RnnService.Models.Checkpoints;
using RnnService.Models.Interchange.PyTorch;
using RnnService.Models.LanguageModels;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Interchange.PyTorch;

/// <summary>What follows from the shapes of a <c>state_dict</c>, and what is said when they do not fit.</summary>
public sealed class PyTorchImportTests
{
    static readonly ModelSettings s_plain = new() { Layers = 2, HiddenSize = 4, EmbeddingSize = 3 };
    static readonly ModelSettings s_square = s_plain with { EmbeddingSize = 4 };

    public static TheoryData<ModelSettings> Architectures => new(
        s_plain, s_square, s_plain with { Layers = 1 }, s_plain with { EmbeddingSize = 7 }, s_square with { TieEmbeddings = true }, s_plain with { TieEmbeddings = true },
        s_plain with { Cell = CellKind.Gru }, s_square with { Cell = CellKind.Rnn, TieEmbeddings = true });

    [Theory, MemberData(nameof(Architectures))]
    public void Read_AnyArchitecture_IsFoundByShapesAndGivesTheSameWeights(ModelSettings settings)
    {
        using var file = new StateDictFile(settings);
        var imported = file.Import();
        Assert.Equal(settings, imported.Model.Settings);
        Assert.Empty(imported.AbsentTokens);
        Assert.Equal(Weights(file.Model), Weights(imported.Model));
    }

    [Fact]
    public void Read_OutputThatEqualsTheEmbedding_IsTied()
    {
        using var file = new StateDictFile(s_square);
        file["decoder.weight"] = file["encoder.weight"];
        var imported = file.Import();
        Assert.True(imported.Model.Settings.TieEmbeddings);
        Assert.False(imported.Model.Parameters.Contains("output.weight"));
    }

    [Fact]
    public void Read_NoBiases_AreZeros()
    {
        using var file = new StateDictFile(s_plain with { Layers = 1 });
        file.Remove("rnn.bias_ih_l0").Remove("rnn.bias_hh_l0").Remove("decoder.bias");
        var parameters = file.Import().Model.Parameters;
        foreach (string bias in new[] { "rnn.bias_ih_l0", "rnn.bias_hh_l0", "output.bias" })
            Assert.All(parameters[bias].Value.Span.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Read_SpecialTokensElsewhere_MovesTheirRowsToTheFront()
    {
        using var file = new StateDictFile(s_plain);
        file.Tokens = ["one", "UNK", "two", "EOS", "three", "four", "five"];
        file.Mapping = """{ "tokenizer": { "unknown": "UNK", "endOfSequence": "EOS", "lowercase": true } }""";
        var imported = file.Import();
        var vocabulary = imported.Tokenizer.Vocabulary;
        Assert.Equal(["<pad>", "<unk>", "<bos>", "<eos>", "one", "two", "three", "four", "five"], Enumerable.Range(0, vocabulary.Count).Select(id => vocabulary[id]));
        Assert.True(Assert.IsType<WordTokenizer>(imported.Tokenizer).Lowercase);
        int[] rows = [-1, 1, -1, 3, 0, 2, 4, 5, 6];
        foreach (string name in new[] { "embedding.weight", "output.weight", "output.bias" })
            for (int id = 0; id < rows.Length; id++)
                if (rows[id] >= 0)
                    Assert.Equal(file.Model.Parameters[name].Value.Row(rows[id]), imported.Model.Parameters[name].Value.Row(id));
        Assert.Equal(["<pad>", "<bos>"], imported.AbsentTokens);
        var session = imported.Model.CreateSession();
        session.Feed(vocabulary.IdOf("two"));
        Assert.Equal(0, Math.Exp(session.Logits[Vocabulary.PadId] - session.Logits[Vocabulary.UnknownId]));
    }

    [Fact]
    public void Read_CharacterVocabulary_HasLineEnds()
    {
        using var file = new StateDictFile(s_plain);
        file.Tokens = ["a", @"\n", " ", @"\\", "b", "n", "c"];
        file.Mapping = """{ "tokenizer": { "type": "char" } }""";
        var imported = file.Import();
        Assert.Equal([5, 6, 7, 9], Assert.IsType<CharTokenizer>(imported.Tokenizer).Encode("\n \\n"));
    }

    [Fact]
    public void Read_TokenizerOfThisProgram_KeepsItsIds()
    {
        using var file = new StateDictFile(s_plain);
        string tokenizer = Path.ChangeExtension(file.VocabularyPath, ".json");
        TokenizerFile.Write(new WordTokenizer(new Vocabulary(["x", "y", "z"]), lowercase: true), tokenizer);
        file.Import();
        var imported = PyTorchImport.Read(file.FilePath, new(), tokenizer);
        Assert.Equal(6, imported.Tokenizer.Vocabulary.IdOf("z"));
        Assert.Equal(Weights(file.Model), Weights(imported.Model));
    }

    [Theory, MemberData(nameof(Mistakes))]
    public void Read_Mistake_SaysWhatWasFoundAndExpectedInOneLine(string message)
    {
        using var file = new StateDictFile(s_plain);
        s_mistakes[message](file);
        var error = Assert.Throws<CheckpointException>(() => file.Import());
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Read_TokenizerSectionForATokenizerFile_IsRefused()
    {
        using var file = new StateDictFile(s_plain);
        file.Import();
        string tokenizer = Path.ChangeExtension(file.VocabularyPath, ".json");
        var error = Assert.Throws<CheckpointException>(() => PyTorchImport.Read(file.FilePath, new() { Tokenizer = new() }, tokenizer));
        Assert.Contains("the mapping's 'tokenizer': found a section, expected none", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Mistakes => [.. s_mistakes.Keys];

    static float[] Weights(LanguageModel model) => [.. model.Parameters.SelectMany(parameter => parameter.Value.Span.ToArray())];

    static readonly Dictionary<string, Action<StateDictFile>> s_mistakes = new()
    {
        ["narrow.weight: found float32 [5,4], expected its name in the mapping as that of a part of the model, or under 'ignore'"] = file => file["narrow.weight"] = new Tensor(5, 4),
        ["decoder.weight: found float32 [7,5], expected its name in the mapping as that of a part of the model, or under 'ignore'"] =
            file => (file["decoder.weight"], file["encoder.weight"], file["rnn.weight_ih_l0"]) = (new Tensor(7, 5), new Tensor(7, 4), new Tensor(16, 4)),
        ["decoder.bias: found float32 [8], expected [7]"] = file => file["decoder.bias"] = new Tensor(8),
        ["encoder.weight: found float32 [8,3], expected [7,3], a row for each token of"] = file =>
            (file["encoder.weight"], file["decoder.weight"], file["decoder.bias"]) = (new Tensor(8, 3), new Tensor(8, 4), new Tensor(8)),
        ["embedding: found nothing, expected a matrix [V,3] without a bias, or its name in the mapping's 'embedding'"] = file => file.Remove("encoder.weight"),
        ["embedding: found encoder.weight and other.weight, expected one tensor of this shape, or its name in the mapping's 'embedding'"] =
            file => file["other.weight"] = new Tensor(2, 3),
        ["rnn: found nothing, expected a tensor called …weight_hh_l0"] = file => file.Remove("rnn.weight_hh_l0"),
        ["rnn.weight_hh_l0: found float32 [18,4], expected [G*4,4] with 1, 3 or 4 gates"] = file => file["rnn.weight_hh_l0"] = new Tensor(18, 4),
        ["rnn.weight_hh_l0: found float32 [8,4], expected [G*4,4] with 1, 3 or 4 gates"] = file => file["rnn.weight_hh_l0"] = new Tensor(8, 4),
        ["rnn.weight_ih_l1: found float32 [16,3], expected [16,4]"] = file => file["rnn.weight_ih_l1"] = new Tensor(16, 3),
        ["rnn.bias_hh_l1: found nothing, expected a tensor [16]"] = file => file.Remove("rnn.bias_hh_l1"),
        ["rnn.weight_ih_l0: found float32 [16], expected a matrix"] = file => file["rnn.weight_ih_l0"] = new Tensor(16),
        ["rnn.weight_hr_l0: found float32 [2,4], expected no tensor of this name: an LSTM with projected states"] =
            file => file["rnn.weight_hr_l0"] = new Tensor(2, 4),
        ["rnn.weight_ho_l0: found float32 [4,4], expected no tensor of this name: a network that feeds its outputs back (Jordan)"] =
            file => file["rnn.weight_ho_l0"] = new Tensor(4, 4),
        ["rnn.weight_hh_l0: found float32 [16,4], expected 1 gate, as the mapping's 'activation' is of cell Rnn"] =
            file => file.Mapping = """{ "activation": "relu" }""",
        ["rnn.weight_hh_l0: found float32 [16,4], expected 3 gates, as the mapping's 'gruForm' is of cell Gru"] =
            file => file.Mapping = """{ "gruForm": "reset-before" }""",
        ["rnn.weight_hh_l0: found float32 [16,4], expected 3 gates, as the mapping's 'updateGate' is of cell Gru"] =
            file => file.Mapping = """{ "updateGate": "renews" }""",
        ["rnn.weight_ih_l1: found nothing, expected a second layer, as the mapping's 'residual' goes around layers above the first"] = file =>
        {
            foreach (string name in new[] { "weight_ih", "weight_hh", "bias_ih", "bias_hh" })
                file.Remove($"rnn.{name}_l1");
            file.Mapping = """{ "residual": true }""";
        },
        ["mapping.json: activation: found 'swish', expected 'tanh', 'relu' or 'sigmoid'"] = file => file.Mapping = """{ "activation": "swish" }""",
        ["mapping.json: leak: found 0.5, expected no field of this name"] = file => file.Mapping = """{ "leak": 0.5 }""",
        ["rnn.weight_ih_l0_reverse: found float32 [16,3], expected no tensor of this name: a language model cannot be bidirectional"] =
            file => file["rnn.weight_ih_l0_reverse"] = new Tensor(16, 3),
        ["output: found nothing, expected a matrix [7,4], or a projection [3,4]"] = file => file.Remove("decoder.weight"),
        ["projection: found one 4 → 3, expected one only between recurrent layers and a tied output"] =
            file => (file["narrow.weight"], file["decoder.weight"]) = (new Tensor(3, 4), new Tensor(7, 3)),
        ["decoder.weight: found float32 [7,5], expected [7,4]"] =
            file => (file["decoder.weight"], file.Mapping) = (new Tensor(7, 5), """{ "output": "decoder." }"""),
        ["steps: found nothing, expected a tensor, as the mapping's 'ignore' names it"] = file => file.Mapping = """{ "ignore": ["steps"] }""",
        ["embed.weight: found nothing, expected a matrix"] = file => file.Mapping = """{ "embedding": "embed.weight" }""",
        ["decoder.weight: found float32 [7,4], expected [V,3], as wide as rnn.weight_ih_l0"] = file => file.Mapping = """{ "embedding": "decoder.weight" }""",
        ["decode.weight: found nothing, expected a matrix [7,4], as the mapping's 'output' names it"] = file => file.Mapping = """{ "output": "decode." }""",
        ["mapping.json: embeding: found 'x', expected no field of this name; there are: embedding, rnn"] = file => file.Mapping = """{ "embeding": "x" }""",
        ["mapping.json: output: found 3, expected a string"] = file => file.Mapping = """{ "output": 3 }""",
        ["mapping.json: tokenizer.lowercase: found 'yes', expected true or false"] = file => file.Mapping = """{ "tokenizer": { "lowercase": "yes" } }""",
        ["mapping.json: tokenizer.type: found 'bpe', expected 'word' or 'char'"] = file => file.Mapping = """{ "tokenizer": { "type": "bpe" } }""",
        ["mapping.json: tokenizer.pretokenized: found true, expected it with type 'word' only"] =
            file => file.Mapping = """{ "tokenizer": { "type": "char", "pretokenized": true } }""",
        ["vocab.txt: line 2: found 'a', which stands in line 1 too, expected each token once"] = file => file.Tokens = ["a", "a"],
        ["vocab.txt: line 2: found nothing, expected a token"] = file => file.Tokens = ["a", "", "b"],
        ["vocab.txt: line 1: found '<unk>', expected an ordinary token"] = file =>
            (file.Tokens, file.Mapping) = (["<unk>", "UNK", "a", "b", "c", "d", "e"], """{ "tokenizer": { "unknown": "UNK" } }"""),
    };
}
