using System.Text.Json;
using System.Text.Json.Nodes;
using RnnService.Engine.Layers;
using RnnService.Models.Checkpoints;
using RnnService.Models.LanguageModels;
using RnnService.Models.Ngrams;
using RnnService.Models.Packages;
using RnnService.Models.Tests.LanguageModels;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Packages;

public sealed class LanguageModelPackageTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static ModelSettings Settings(bool tied = true, int embeddingSize = 6) =>
        new() { Layers = 2, HiddenSize = 8, EmbeddingSize = embeddingSize, TieEmbeddings = tied, Dropout = 0.25 };

    LanguageModelPackage Write(ModelSettings? settings = null, StorageType storage = StorageType.Float32)
    {
        var tokenizer = TokenizerTrainer.Train(new() { Lowercase = true }, ["the man saw Tom's dog in Boston ."]);
        var model = new LanguageModel(settings ?? Settings(), tokenizer.Vocabulary.Count);
        model.Initialize(seed: 3);
        var manifest = new ModelManifest
        {
            Languages = ["en"],
            Metrics = new Dictionary<string, double> { ["validationPerplexity"] = 12.5 },
            Recipe = JsonDocument.Parse("""{"task":"language-model"}""").RootElement,
            DataHash = "abc",
            CreatedBy = "rnn 0.1.0",
            Created = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        };
        LanguageModelPackage.Write(_folder.Path, manifest, tokenizer, model, storage, "# Card\n");
        return new LanguageModelPackage(manifest, tokenizer, model);
    }

    static float[] Logits(LanguageModelPackage package)
    {
        var session = package.Model.CreateSession();
        session.Feed(package.Tokenizer.Encode("the man saw"));
        return session.Logits.ToArray();
    }

    void Edit(string file, string field, string value)
    {
        var root = JsonNode.Parse(File.ReadAllText(_folder.At(file)))!;
        string[] names = field.Split('.');
        names[..^1].Aggregate(root, (node, name) => node[name]!)[names[^1]] = JsonNode.Parse(value);
        File.WriteAllText(_folder.At(file), root.ToJsonString());
    }

    CheckpointException LoadFails() => Assert.Throws<CheckpointException>(() => LanguageModelPackage.Load(_folder.Path));

    [Theory]
    [InlineData(true, 6), InlineData(true, 8), InlineData(false, 6)]
    public void Load_WrittenPackage_PredictsTheSame(bool tied, int embeddingSize)
    {
        var written = Write(Settings(tied, embeddingSize));
        var loaded = LanguageModelPackage.Load(_folder.Path);

        Assert.Equal(Logits(written), Logits(loaded));
        Assert.Equal(written.Model.Settings, loaded.Manifest.Architecture);
        Assert.Equal(12.5, loaded.Manifest.Metrics!["validationPerplexity"]);
        Assert.Equal(written.Manifest.Created, loaded.Manifest.Created);
        Assert.Equal("language-model", loaded.Manifest.Recipe!.Value.GetProperty("task").GetString());
        Assert.Equal("Boston", loaded.Tokenizer.Display(loaded.Tokenizer.Encode("boston")[0]));
    }

    public static TheoryData<string> CellNames => CellModels.Names;

    [Theory, MemberData(nameof(CellNames))]
    public void Load_EachCell_PredictsTheSame(string name)
    {
        var settings = CellModels.Settings(name);
        var written = Write(settings);
        var loaded = LanguageModelPackage.Load(_folder.Path);
        Assert.Equal(settings, loaded.Manifest.Architecture);
        Assert.Equal(Logits(written), Logits(loaded));
    }

    [Fact]
    public void Write_Cell_IsNamedAsInRecipes()
    {
        Write(Settings() with { Cell = CellKind.Gru, GruForm = GruForm.ResetBefore });
        var architecture = JsonNode.Parse(File.ReadAllText(_folder.At("model.json")))!["architecture"]!.AsObject();
        Assert.Equal(("gru", "reset-before"), ((string?)architecture["cell"], (string?)architecture["gruForm"]));
        Assert.False(architecture.ContainsKey("activation"));
    }

    [Theory, InlineData(StorageType.Float16, 1e-2f), InlineData(StorageType.BFloat16, 5e-2f), InlineData(StorageType.Int8, 5e-2f)]
    public void Load_NarrowStorage_PredictsAlmostTheSame(StorageType storage, float tolerance)
    {
        var written = Logits(Write(storage: storage));
        var loaded = Logits(LanguageModelPackage.Load(_folder.Path));
        Assert.All(written.Zip(loaded), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    [Fact]
    public void Load_Ngrams_AddTheSameToPredictions()
    {
        var (written, mixture) = WriteNgrams();
        var loaded = LanguageModelPackage.Load(_folder.Path);
        Assert.Null(written.Ngrams);
        Assert.Equal(mixture.Settings, loaded.Ngrams!.Settings);
        float[] expected = new float[written.Tokenizer.Vocabulary.Count], actual = new float[expected.Length];
        int[] context = written.Tokenizer.Encode("the man");
        mixture.Mix(context, expected);
        loaded.Ngrams.Mix(context, actual);
        Assert.Equal(expected, actual);
        Assert.NotEqual(0, actual[written.Tokenizer.Encode("saw")[0]]);
    }

    [Theory]
    [InlineData("ngrams.share", "1", "ngrams.share: found 1, expected a number between 0 and 1")]
    [InlineData("ngrams.discount", "\"x\"", "ngrams.discount: found 'x', expected a number between 0 and 1")]
    [InlineData("ngrams.order", "1", "ngrams.order: found 1, expected a whole number of at least 2")]
    [InlineData("ngramsSha256", "\"ab\"", "ngramsSha256: found 'ab', expected 64 lower-case hexadecimal digits")]
    [InlineData("ngramsSha256", "\"0000000000000000000000000000000000000000000000000000000000000000\"", "expected 0000000000000000000000000000000000000000000000000000000000000000, the ngramsSha256 of model.json")]
    public void Load_NgramsNotAsSaid_IsAnError(string field, string value, string expected)
    {
        WriteNgrams();
        Edit("model.json", field, value);
        Assert.Contains(expected, LoadFails().Message, StringComparison.Ordinal);
    }

    (LanguageModelPackage Written, NgramMixture Mixture) WriteNgrams()
    {
        var written = Write();
        var settings = new NgramSettings { Order = 3, Share = 0.4 };
        int[] text = [Vocabulary.EosId, .. written.Tokenizer.Encode("the man saw Tom's dog ."), Vocabulary.EosId];
        var mixture = new NgramMixture(NgramCounter.Count(text, Vocabulary.EosId, written.Tokenizer.Vocabulary.Count, settings), settings);
        LanguageModelPackage.Write(_folder.Path, written.Manifest, written.Tokenizer, written.Model, StorageType.Float32, "# Card\n", mixture);
        return (written, mixture);
    }

    [Fact]
    public void Write_Manifest_IsReadableJsonOfTheContract()
    {
        Write();
        string text = File.ReadAllText(_folder.At("model.json"));
        var root = JsonNode.Parse(text)!;
        Assert.Equal("lstm", (string?)root["architecture"]!["cell"]);
        Assert.Equal("word", (string?)root["tokenizer"]!["type"]);
        Assert.Equal("Boston", (string?)root["tokenizer"]!["surfaceForms"]!["boston"]);
        Assert.Contains("Tom's", text, StringComparison.Ordinal);
        Assert.Equal(ModelFiles.Sha256(_folder.At("model.safetensors")), (string?)root["weightsSha256"]);
        Assert.Null(root["labels"]);
    }

    [Fact]
    public void Load_UnknownFields_AreTolerated()
    {
        Write();
        Edit("model.json", "futureField", """{"a":1}""");
        Edit("model.json", "architecture.futureField", "true");
        Assert.Equal("the", LanguageModelPackage.Load(_folder.Path).Tokenizer.Display(LanguageModelPackage.Load(_folder.Path).Tokenizer.Encode("the")[0]));
    }

    [Theory]
    [InlineData("formatVersion", "2", "formatVersion: found 2, expected at most 1; the model was written by a later version")]
    [InlineData("formatVersion", "null", "formatVersion: found null, expected a value")]
    [InlineData("task", "\"tagger\"", "task: found 'tagger', expected 'language-model'")]
    [InlineData("architecture.cell", "\"transformer\"", "architecture.cell: found 'transformer', expected rnn, lstm or gru")]
    [InlineData("architecture.gruForm", "\"reset-before\"", "architecture: found GruForm: ResetBefore is of cell Gru; found cell Lstm.")]
    [InlineData("architecture.leak", "1", "architecture: found Leak must be from 0 to below 1; found 1.")]
    [InlineData("architecture.timeSkip", "2000000000", "architecture: found TimeSkip must be from 0 to 4096; found 2000000000.")]
    [InlineData("architecture.timeSkip", "\"a\"", "$.architecture.timeSkip: found a value of another kind")]
    [InlineData("architecture.hiddenSize", "0", "architecture.hiddenSize: found 0, expected a whole number of at least 1")]
    [InlineData("architecture.tieEmbeddings", "7", "$.architecture.tieEmbeddings: found a value of another kind")]
    [InlineData("architecture.bidirectional", "true", "architecture: found bidirectional")]
    [InlineData("tokenizer.type", "\"letters\"", "$.tokenizer.type: found a value of another kind")]
    [InlineData("tokenizer.surfaceForms", "{\"boston\":null}", "tokenizer.surfaceForms.boston: found null, expected a string")]
    [InlineData("tokenizer.surfaceForms", "{\"boston\":\"\"}", "tokenizer.surfaceForms.boston: found '', expected at least one")]
    [InlineData("weightsSha256", "\"ABC\"", "weightsSha256: found 'ABC', expected 64 lower-case")]
    [InlineData("metrics", "{\"loss\":\"low\"}", "$.metrics.loss: found a value of another kind")]
    public void Load_WrongManifestField_IsNamed(string field, string value, string message)
    {
        Write();
        Edit("model.json", field, value);
        Assert.StartsWith($"{_folder.At("model.json")}: {message}", LoadFails().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("architecture.hiddenSize", "2000000000")]
    [InlineData("architecture.layers", "2000000000")]
    [InlineData("architecture.embeddingSize", "2000000000")]
    public void Load_ArchitectureLargerThanItsWeights_IsRefusedBeforeMemoryIsTaken(string field, string value)
    {
        Write();
        Edit("model.json", field, value);
        Assert.Contains("model.safetensors: weights: found", LoadFails().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OtherVocabularySize_NamesBothFiles()
    {
        Write();
        Edit("model.json", "vocabularySize", "99");
        Assert.Contains("tokenizer.json: model.vocab: found 12 tokens, expected 99, the vocabularySize of model.json", LoadFails().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ChangedWeights_FailTheirHash()
    {
        Write();
        byte[] bytes = File.ReadAllBytes(_folder.At("model.safetensors"));
        bytes[^5] ^= 1;
        File.WriteAllBytes(_folder.At("model.safetensors"), bytes);
        Assert.Contains("SHA-256: found", LoadFails().Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("model.json"), InlineData("tokenizer.json"), InlineData("model.safetensors")]
    public void Load_MissingFile_IsNamed(string file)
    {
        Write();
        File.Delete(_folder.At(file));
        Assert.StartsWith($"{_folder.At(file)}: file: found nothing", LoadFails().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Publish_Package_IsLoadedByItsName()
    {
        var repository = new ModelRepository(null, _folder.At("repository"));
        var written = Write();
        repository.Publish("tiny", folder => LanguageModelPackage.Write(
            folder, written.Manifest, written.Tokenizer, written.Model, StorageType.Float32, "# Card\n"));
        var version = repository.Resolve("tiny");

        Assert.Equal(Logits(written), Logits(LanguageModelPackage.Load(version.Folder)));
        Assert.Equal(["en"], version.ReadManifest().Languages!);
        Assert.Equal("# Card\n", File.ReadAllText(Path.Combine(version.Folder, ModelFiles.Card)));
    }
}
