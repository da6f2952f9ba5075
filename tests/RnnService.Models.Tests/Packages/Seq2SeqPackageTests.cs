using System.Text.Json.Nodes;
using RnnService.Models.Checkpoints;
using RnnService.Models.Packages;
using RnnService.Models.Seq2Seq;
using RnnService.Models.Tests.Seq2Seq;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Packages;

public sealed class Seq2SeqPackageTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ContextKind.LastState, false, false)]
    [InlineData(ContextKind.Summary, true, false)]
    [InlineData(ContextKind.Additive, true, true)]
    [InlineData(ContextKind.Dot, false, true)]
    public void Load_WhatWasWritten_GivesTheSameModel(ContextKind context, bool tied, bool shared)
    {
        var model = SmallSeq2Seq.Create(
            context, network => network with { Layers = 2, TieEmbeddings = tied, Bidirectional = shared },
            around => around with { EncoderLayers = 2, ShareEmbeddings = shared });
        Write(model);
        var loaded = Assert.IsType<Seq2SeqPackage>(ModelPackage.Load(_folder.Path));
        Assert.Equal(["en", "zh"], loaded.Manifest.Languages);
        Assert.Equal(model.Seq2Seq, loaded.Model.Seq2Seq);
        Assert.Equal(SmallSeq2Seq.VocabularySize, loaded.Tokenizer.Vocabulary.Count);
        var examples = SmallSeq2Seq.SomeExamples();
        Assert.Equal(new Seq2SeqPass(model, 7, 7, 4).Measure(examples), new Seq2SeqPass(loaded.Model, 7, 7, 4).Measure(examples));
        Assert.Equal(model.Parameters.WeightCount, (long)Seq2SeqModel.WeightCount(model.Settings, model.Seq2Seq, model.VocabularySize));
    }

    [Theory]
    [InlineData("seq2seq", "null", "seq2seq: found nothing")]
    [InlineData("seq2seq.maxLength", "0", "seq2seq.maxLength: found 0, expected 1 or more")]
    [InlineData("seq2seq.maxLength", "1001", "seq2seq.maxLength: found 1001, expected 1000 at most")]
    [InlineData("seq2seq.attentionSize", "-1", "seq2seq.attentionSize: found -1")]
    [InlineData("seq2seq.attentionSize", "5", "weights: found")]
    [InlineData("seq2seq.encoderHiddenSize", "2000000000", "architecture: found")]
    [InlineData("seq2seq.encoderLayers", "2", "weights: found")]
    [InlineData("seq2seq.context", "\"dot\"", "weights: found")]
    [InlineData("seq2seq.context", "\"telepathy\"", "seq2seq.context")]
    [InlineData("seq2seq.shareEmbeddings", "true", "weights: found")]
    [InlineData("languages", "null", "languages: found nothing, expected")]
    [InlineData("languages", "[\"en\"]", "languages: found 'en'")]
    [InlineData("architecture.residual", "true", "Residual: true")]
    [InlineData("architecture.hiddenSize", "2000000000", "weights: found")]
    public void Load_ManifestThatDoesNotFit_SaysWhatAndWhere(string field, string value, string expected)
    {
        Write(SmallSeq2Seq.Create(ContextKind.Additive));
        var root = JsonNode.Parse(File.ReadAllText(_folder.At(ModelFiles.Manifest)))!;
        string[] names = field.Split('.');
        names[..^1].Aggregate(root, (node, name) => node[name]!)[names[^1]] = JsonNode.Parse(value);
        File.WriteAllText(_folder.At(ModelFiles.Manifest), root.ToJsonString());
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => ModelPackage.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    void Write(Seq2SeqModel model)
    {
        var tokenizer = new WordTokenizer(new Vocabulary(["a", "good", "bad", "film", "red", "blue", "day"]), lowercase: true);
        Seq2SeqPackage.Write(_folder.Path, new ModelManifest { Languages = ["en", "zh"] }, tokenizer, model, StorageType.Float32, "# Card\n");
    }
}
