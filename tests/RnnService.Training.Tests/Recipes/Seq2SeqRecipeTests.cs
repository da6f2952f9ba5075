using RnnService.Models.Packages;
using RnnService.Models.Seq2Seq;
using RnnService.Training.Data;
using RnnService.Training.Recipes;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Recipes;

public sealed class Seq2SeqRecipeTests
{
    [Fact]
    public void Parse_AllFields_ReadsEach()
    {
        var recipe = Some.Recipe("""
            {
              "task": "seq2seq",
              "data": { "format": "csv", "source": "text", "target": "translation", "sourceLanguage": "en", "targetLanguage": "zh" },
              "tokenizer": { "type": "bpe", "vocabularySize": 8000 },
              "model": { "cell": "gru", "layers": 2, "hiddenSize": 512, "embeddingSize": 256, "bidirectional": false, "encoderHiddenSize": 300, "encoderLayers": 3,
                         "context": "additive", "attentionSize": 200, "maxLength": 60, "wholeSentences": true, "shareEmbeddings": true, "tieEmbeddings": true, "dropout": 0.3 },
              "training": { "labelSmoothing": 0.1, "averaging": { "startEpoch": 2 }, "storage": "float16" }
            }
            """);
        Assert.Equal(ModelTask.Seq2Seq, recipe.Task);
        Assert.Equal(new PairSettings(TableFormat.Csv, "text", "translation", "en", "zh"), recipe.Data);
        Assert.Equal(new Seq2SeqRecipe(
            new Seq2SeqSettings { Context = ContextKind.Additive, AttentionSize = 200, EncoderHiddenSize = 300, EncoderLayers = 3, MaxLength = 60, WholeSentences = true, ShareEmbeddings = true },
            LabelSmoothing: 0.1), recipe.Seq2Seq);
        Assert.Equal((false, true, 2), (recipe.Model.Bidirectional, recipe.Model.TieEmbeddings, recipe.Model.Layers));
    }

    [Fact]
    public void Parse_FewFields_TheEncoderIsBidirectionalAndAsLargeAsTheDecoder()
    {
        var recipe = Some.Recipe(SmallTranslation.RecipeJson(""" "layers": 2, "hiddenSize": 30 """));
        Assert.Equal((true, 15, 2), (recipe.Model.Bidirectional, recipe.Seq2Seq!.Model.EncoderHiddenSize, recipe.Seq2Seq.Model.EncoderLayers));
        Assert.Equal((ContextKind.Additive, 0.0, false), (recipe.Seq2Seq.Model.Context, recipe.Seq2Seq.LabelSmoothing, recipe.Seq2Seq.Model.ShareEmbeddings));
        var oneWay = Some.Recipe(SmallTranslation.RecipeJson(""" "hiddenSize": 30, "bidirectional": false """));
        Assert.Equal(30, oneWay.Seq2Seq!.Model.EncoderHiddenSize);
        var pairs = Assert.IsType<PairSettings>(oneWay.Data);
        Assert.Equal(("en", "de"), (pairs.SourceLanguage, pairs.TargetLanguage));
    }

    [Theory]
    [InlineData("last-state", ContextKind.LastState)]
    [InlineData("summary", ContextKind.Summary)]
    [InlineData("dot", ContextKind.Dot)]
    public void Parse_Context_IsRead(string name, ContextKind expected) =>
        Assert.Equal(expected, Some.Recipe(SmallTranslation.RecipeJson($""" "context": "{name}" """)).Seq2Seq!.Model.Context);

    public static TheoryData<string, string> Errors => new()
    {
        { SmallTranslation.RecipeJson(""" "context": "luong" """), "model.context is \"luong\", expected \"last-state\" or \"summary\" or \"additive\" or \"dot\"." },
        { SmallTranslation.RecipeJson(""" "context": "dot", "attentionSize": 9 """), "model.attentionSize is 9, but model.context is not \"additive\", whose scores alone have a hidden layer; remove it." },
        { SmallTranslation.RecipeJson(""" "maxLength": 1 """), "model.maxLength is 1, expected a whole number, 2 or more and at most 1000." },
        { SmallTranslation.RecipeJson(""" "pooling": "max" """), "unknown field model.pooling" },
        { SmallTranslation.RecipeJson(training: ", \"bpttWindow\": 9"), "training.bpttWindow is 9, but task is \"seq2seq\", which reads each sequence whole; remove it." },
        { SmallTranslation.RecipeJson(training: ", \"labelSmoothing\": 1"), "training.labelSmoothing is 1, expected a number, 0 or more and less than 1." },
        { SmallTranslation.RecipeJson(training: ", \"classWeights\": \"balanced\""), "unknown field training.classWeights" },
        { SmallTranslation.RecipeJson().Replace("\"target\": \"de\"", "\"target\": \"en\"", StringComparison.Ordinal), "data.target is \"en\", but data.source is the same column; a model must not read what it is to write." },
        { SmallTranslation.RecipeJson().Replace("\"target\"", "\"text\"", StringComparison.Ordinal), "data.target is missing." },
        { Some.RecipeJson(task: "seq2seq"), "line 1: data is missing." },
    };

    [Theory, MemberData(nameof(Errors))]
    public void Parse_WrongField_SaysWhat(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<RecipeException>(() => Some.Recipe(json)).Message, StringComparison.Ordinal);
}
