using RnnService.Engine.Layers;
using RnnService.Models.LanguageModels;
using RnnService.Models.Ngrams;
using RnnService.Models.Text;
using RnnService.Training.Recipes;
using RnnService.Training.Schedules;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Recipes;

public sealed class RecipeTests
{
    [Fact]
    public void Parse_AllFields_ReadsEach()
    {
        var recipe = Some.Recipe("""
            {
              "task": "language-model",
              "tokenizer": { "type": "word", "vocabularySize": 9000, "lowercase": true, "minCount": 2, "pretokenized": true },
              "model": { "cell": "lstm", "layers": 3, "hiddenSize": 384, "embeddingSize": 200, "bidirectional": false, "dropout": 0.4,
                         "dropoutKind": "locked", "embeddingDropout": 0.1, "tieEmbeddings": true, "initRange": 0.1 },
              "training": { "epochs": 13, "batchSize": 20, "bpttWindow": 21, "clipNorm": 0.25, "patience": 3, "seed": 7, "order": "shuffled-lines",
                            "optimizer": { "type": "sgd", "learningRate": 20, "momentum": 0.5, "weightDecay": 1e-6 },
                            "schedule": { "type": "step-decay", "after": 4, "factor": 0.5 },
                            "averaging": { "startEpoch": 5, "decay": 0.999 }, "storage": "float16" },
              "card": { "description": "d", "data": "t", "licence": "l", "limitations": "x", "language": "zh-Hans" }
            }
            """);

        Assert.Equal(
            new TokenizerSettings { Type = TokenizerKind.Word, VocabularySize = 9000, Lowercase = true, MinCount = 2, Pretokenized = true },
            recipe.Tokenizer);
        Assert.Equal((3, 384, 200), (recipe.Model.Layers, recipe.Model.HiddenSize, recipe.Model.EmbeddingSize));
        Assert.Equal((0.4, DropoutKind.Locked, 0.1, true), (recipe.Model.Dropout, recipe.Model.DropoutKind, recipe.Model.EmbeddingDropout, recipe.Model.TieEmbeddings));
        Assert.Equal(
            new OptimizerSettings { Kind = OptimizerKind.Sgd, LearningRate = 20, Momentum = 0.5, WeightDecay = 1e-6 }, recipe.Training.Optimizer);
        Assert.Equal(new StepDecaySchedule(4, 0.5), recipe.Training.Schedule);
        Assert.Equal(new AveragingSettings(5, 0.999), recipe.Training.Averaging);
        Assert.Equal((13, 20, 21, 0.25, 3, 7, TextOrder.ShuffledLines),
            (recipe.Training.Epochs, recipe.Training.BatchSize, recipe.Training.BpttWindow, recipe.Training.ClipNorm, recipe.Training.Patience,
             recipe.Training.Seed, recipe.Training.Order));
        Assert.Equal(new CardSettings("d", "t", "l", "x", "zh-Hans"), recipe.Card);
    }

    [Theory]
    [InlineData("""{ "type": "constant" }""", typeof(ConstantSchedule))]
    [InlineData("""{ "type": "cosine", "warmupSteps": 10, "finalFactor": 0.1 }""", typeof(CosineSchedule))]
    [InlineData("""{ "type": "plateau", "factor": 0.25 }""", typeof(PlateauSchedule))]
    public void Parse_Schedule_MakesItsKind(string schedule, Type expected) =>
        Assert.IsType(expected, Some.Recipe(Some.RecipeJson(training: $"\"schedule\": {schedule}")).Training.Schedule);

    public static TheoryData<string, ModelSettings> Cells
    {
        get
        {
            var settings = new ModelSettings { Layers = 2, HiddenSize = 512, EmbeddingSize = 256 };
            return new()
            {
                { """ "cell": "lstm", "forgetBias": 2, "initialization": "orthogonal" """, settings with { ForgetBias = 2, Initialization = RecurrentInitialization.Orthogonal } },
                { """ "cell": "gru", "residual": true """, settings with { Cell = CellKind.Gru, Residual = true } },
                { """ "cell": "gru", "gruForm": "reset-before", "leak": 0.25 """, settings with { Cell = CellKind.Gru, GruForm = GruForm.ResetBefore, Leak = 0.25 } },
                { """ "cell": "rnn", "activation": "sigmoid", "timeSkip": 4 """, settings with { Cell = CellKind.Rnn, Activation = CellActivation.Sigmoid, TimeSkip = 4 } },
                { """ "cell": "rnn", "recurrence": "jordan" """, settings with { Cell = CellKind.Rnn, Recurrence = Recurrence.Jordan } },
                {
                    """ "cell": "rnn", "activation": "relu", "initialization": "identity" """,
                    settings with { Cell = CellKind.Rnn, Activation = CellActivation.Relu, Initialization = RecurrentInitialization.Identity }
                },
            };
        }
    }

    [Theory, MemberData(nameof(Cells))]
    public void Parse_Cell_IsRead(string model, ModelSettings expected) => Assert.Equal(expected, Some.Recipe(Some.RecipeJson(model: model)).Model);

    public static TheoryData<string, string> Errors => new()
    {
        { Some.RecipeJson(more: """, "tasks": 1 """), "recipe.json line 5: unknown field tasks; did you mean \"task\"? Fields allowed: task, model, training, tokenizer, ngrams, bagOfWords, card." },
        { Some.RecipeJson(more: """, "ngrams": { "order": 9 } """), "ngrams.order is 9, expected a whole number, 2 or more and at most 8." },
        { Some.RecipeJson(more: """, "ngrams": { "share": 1 } """), "ngrams.share is 1, expected a number, more than 0 and less than 1." },
        { Some.RecipeJson(tokenizer: "\"type\": \"char\"", more: """, "ngrams": { } """), "tokenizer.type is not \"word\", and words are what is counted; remove it." },
        { Some.RecipeJson(more: """, "bagOfWords": { } """), "bagOfWords is an object, but task is \"language-model\", and only texts are classified by their words; remove it." },
        { Some.RecipeJson(more: """, "card": { "language": "in English" } """), "card.language is \"in English\", expected a BCP 47 tag, for example \"en\" or \"zh-Hans\"." },
        { Some.RecipeJson(training: "\"epoch\": 3"), "recipe.json line 5: unknown field training.epoch; did you mean \"epochs\"? Fields allowed: " },
        { Some.RecipeJson(training: "\"zzzzzzzz\": 3"), "recipe.json line 5: unknown field training.zzzzzzzz; Fields allowed: " },
        { Some.RecipeJson(training: "\"batchSize\": 0"), "line 5: training.batchSize is 0, expected a whole number, 1 or more and at most 65536." },
        { Some.RecipeJson(training: "\"batchSize\": 2.5"), "training.batchSize is 2.5, expected a whole number" },
        { Some.RecipeJson(training: "\"batchSize\": \"20\""), "training.batchSize is \"20\", expected a whole number" },
        { Some.RecipeJson(training: "\"epochs\": 1, \"epochs\": 2"), "line 5: field \"epochs\" is given twice" },
        { Some.RecipeJson(training: "\"clipNorm\": -1"), "training.clipNorm is -1, expected a number, 0 or more." },
        { Some.RecipeJson(training: "\"clipNorm\": 1e999"), "training.clipNorm is 1e999, expected a number" },
        { Some.RecipeJson(training: "\"order\": \"random\""), "training.order is \"random\", expected \"stream\" or \"shuffled-lines\"." },
        { Some.RecipeJson(training: "\"optimizer\": \"adam\""), "training.optimizer is \"adam\", expected an object" },
        { Some.RecipeJson(training: """ "optimizer": { "type": "adagrad" } """), "training.optimizer.type is \"adagrad\", expected \"sgd\" or \"adam\" or \"adamw\"." },
        { Some.RecipeJson(training: """ "optimizer": { "type": "adam", "momentum": 0.9 } """), "training.optimizer.momentum is 0.9, but training.optimizer.type is not \"sgd\"; remove it." },
        { Some.RecipeJson(training: """ "optimizer": { "type": "sgd", "beta1": 0.9 } """), "training.optimizer.beta1 is 0.9, but training.optimizer.type is \"sgd\"; remove it." },
        { Some.RecipeJson(training: """ "optimizer": { "type": "adam", "weightDecay": 0.1 } """), "(\"adamw\" decays weights); remove it." },
        { Some.RecipeJson(training: """ "optimizer": { "learningRate": 0 } """), "training.optimizer.learningRate is 0, expected a number, more than 0." },
        { Some.RecipeJson(training: """ "optimizer": { "beta2": 0.99999999 } """), "line 5: training.optimizer.beta2 is 0.99999999, which is 1 in 32 bits, expected a number, 0 or more and less than 1." },
        { Some.RecipeJson(training: """ "optimizer": { "type": "sgd", "momentum": 0.99999999 } """), "training.optimizer.momentum is 0.99999999, which is 1 in 32 bits" },
        { Some.RecipeJson(training: """ "optimizer": { "epsilon": 1e-50 } """), "training.optimizer.epsilon is 1e-50, which is 0 in 32 bits, expected a number, more than 0." },
        { Some.RecipeJson(training: """ "schedule": { "factor": 0.5 } """), "training.schedule.type is missing." },
        { Some.RecipeJson(training: """ "schedule": { "type": "plateau" } """), "training.schedule.factor is missing." },
        { Some.RecipeJson(training: """ "schedule": { "type": "constant", "after": 4 } """), "unknown field training.schedule.after" },
        { Some.RecipeJson(training: """ "epochs": 3, "averaging": { "startEpoch": 4 } """), "training.averaging.startEpoch is 4" },
        { Some.RecipeJson(training: """ "storage": "int8" """), "training.storage is \"int8\", expected \"float32\" or \"float16\"." },
        { Some.RecipeJson(model: "\"dropout\": 1"), "model.dropout is 1, expected a number, 0 or more and less than 1." },
        { Some.RecipeJson(model: "\"tieEmbeddings\": 1"), "model.tieEmbeddings is 1, expected true or false." },
        { Some.RecipeJson(model: "\"cell\": \"rnn\", \"activation\": \"gelu\""), "line 4: model.activation is \"gelu\", expected \"tanh\" or \"relu\" or \"sigmoid\"." },
        { Some.RecipeJson(model: "\"cell\": \"gru\", \"activation\": \"relu\""), "line 4: model.activation is \"relu\", but model.cell is not \"rnn\"; remove it." },
        { Some.RecipeJson(model: """ "cell": "lstm", "recurrence": "jordan" """), "line 4: model.recurrence is \"jordan\", but model.cell is not \"rnn\"; remove it." },
        { Some.RecipeJson(model: """ "cell": "lstm", "gruForm": "reset-before" """), "line 4: model.gruForm is \"reset-before\", but model.cell is not \"gru\"; remove it." },
        { Some.RecipeJson(model: """ "cell": "gru", "forgetBias": 1 """), "line 4: model.forgetBias is 1, but model.cell is not \"lstm\", which alone has a forget gate; remove it." },
        { Some.RecipeJson(model: """ "cell": "rnn", "initialization": "identity" """), "line 4: model.initialization is \"identity\", but model.cell is not \"rnn\" with model.activation \"relu\"" },
        { Some.RecipeJson(model: """ "cell": "rnn", "recurrence": "jordan", "bidirectional": true """), "line 4: model.bidirectional is true, but model.recurrence is \"jordan\"" },
        { Some.RecipeJson(model: """ "layers": 1, "residual": true """), "line 4: model.residual is true, but model.layers is 1;" },
        { Some.RecipeJson(model: "\"leak\": 1"), "line 4: model.leak is 1, expected a number, 0 or more and less than 1." },
        { Some.RecipeJson(model: "\"timeSkip\": -1"), "line 4: model.timeSkip is -1, expected a whole number, 0 or more and at most 4096." },
        { Some.RecipeJson(model: "\"cell\": \"transformer\""), "model.cell is \"transformer\", expected \"rnn\" or \"lstm\" or \"gru\"." },
        { Some.RecipeJson(model: "\"bidirectional\": true"), "model.bidirectional is true, but task is \"language-model\"" },
        { Some.RecipeJson(task: "tagger"), "line 1: data is missing." },
        { Some.RecipeJson(task: "poetry"), "task is \"poetry\", expected \"language-model\" or \"sequence-classifier\"" },
        { Some.RecipeJson(tokenizer: """ "type": "bpe", "vocabularySize": 259 """), "tokenizer.vocabularySize is 259, expected a whole number, 260 or more" },
        { Some.RecipeJson(tokenizer: """ "type": "bpe", "lowercase": true """), "tokenizer.lowercase is true, but tokenizer.type is \"bpe\"" },
        { Some.RecipeJson(tokenizer: """ "type": "bpe", "pretokenized": true """), "tokenizer.pretokenized is true, but tokenizer.type is \"bpe\"" },
        { Some.RecipeJson(tokenizer: "\"lowercase\": true"), "tokenizer.type is missing." },
        { Some.RecipeJson(tokenizer: """ "type": "char", "pretokenized": true """), "tokenizer.pretokenized is true, but tokenizer.type is \"char\"" },
        { Some.RecipeJson(tokenizer: "\"type\": \"char\"", training: "\"order\": \"shuffled-lines\""), "training.order is \"shuffled-lines\", but tokenizer.type is \"char\"" },
        { """{ "task": "language-model", "tokenizer": { "type": "word" }, "model": {} }""", "line 1: training is missing." },
        { "{\n \"task\": \"language-model\",\n oops }", "recipe.json line 3: not valid JSON: " },
        { "", "recipe.json line 1: not valid JSON: " },
        { "{} {}", "recipe.json line 1: not valid JSON: " },
        { "[1]", "line 1: the recipe is a list, expected an object" },
    };

    [Theory, MemberData(nameof(Errors))]
    public void Parse_WrongRecipe_SaysWhatAndWhere(string json, string expected)
    {
        var exception = Assert.Throws<RecipeException>(() => Some.Recipe(json));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    public static TheoryData<string, string, string, string> ClassifierErrors => new()
    {
        { "sequence-classifier", "\"pooling\": \"max\"", "\"pooling\": \"best\"", "model.pooling is \"best\", expected \"last\" or \"mean\" or \"max\" or \"attention\"." },
        { "sequence-classifier", "\"pooling\": \"max\"", "\"characters\": {}", "unknown field model.characters" },
        { "sequence-classifier", "\"pooling\": \"max\"", "\"tieEmbeddings\": true", "model.tieEmbeddings is true, but task is \"sequence-classifier\"; remove it." },
        { "sequence-classifier", "\"pooling\": \"max\"", "\"maxLength\": 1", "model.maxLength is 1, expected a whole number, 2 or more" },
        { "sequence-classifier", "\"pooling\": \"max\"", "\"initializeFrom\": \"lm\"", "tokenizer is an object, but model.initializeFrom brings its own; remove it." },
        { "sequence-classifier", "\"epochs\": 40", "\"bpttWindow\": 9", "training.bpttWindow is 9, but task is \"sequence-classifier\", which reads each sequence whole; remove it." },
        { "sequence-classifier", "\"epochs\": 40", "\"unfreezeEvery\": 1", "training.unfreezeEvery is 1, but model.initializeFrom is not there; remove it." },
        { "sequence-classifier", "\"epochs\": 40", "\"labelSmoothing\": 1", "training.labelSmoothing is 1, expected a number, 0 or more and less than 1." },
        { "sequence-classifier", "\"epochs\": 40", "\"teacher\": {}", "training.teacher.model is missing" },
        { "sequence-classifier", "\"epochs\": 40", "\"teacher\": { \"model\": \"a\", \"share\": 1 }", "training.teacher.share is 1, expected a number, more than 0 and less than 1." },
        { "tagger", "\"epochs\": 40", "\"teacher\": { \"model\": \"a\" }", "unknown field training.teacher" },
        { "tagger", "\"layers\": 1", "\"pooling\": \"max\"", "unknown field model.pooling" },
        { "series-classifier", "\"model\"", "\"card\": { \"language\": \"en\" }, \"model\"", "card.language is \"en\", but task is \"series-classifier\", which reads no text; remove it." },
        { "series-classifier", "\"layers\": 1", "\"embeddingSize\": 4", "model.embeddingSize is 4, but task is \"series-classifier\"; remove it." },
        { "series-classifier", "\"model\"", "\"tokenizer\": { \"type\": \"word\" }, \"model\"", "tokenizer is an object, but task is \"series-classifier\"; remove it." },
    };

    [Theory, MemberData(nameof(ClassifierErrors))]
    public void Parse_WrongClassifierRecipe_SaysWhat(string task, string field, string changed, string expected)
    {
        string json = SmallClassification.RecipeJson(task);
        Assert.NotNull(Some.Recipe(json).Classifier);
        Assert.Contains(field, json, StringComparison.Ordinal);
        var exception = Assert.Throws<RecipeException>(() => Some.Recipe(json.Replace(field, changed, StringComparison.Ordinal)));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_BytesThatAreNotUtf8_ThrowsRecipeException() =>
        Assert.Throws<RecipeException>(() => Recipe.Parse([(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}'], "recipe.json"));

    [Fact]
    public void Parse_Ngrams_HaveDefaults() => Assert.Equal(
        new NgramSettings { MinCount = 2 }, Some.Recipe(Some.RecipeJson(more: """, "ngrams": { "minCount": 2 } """)).Ngrams);

    [Fact]
    public void Parse_ByteOrderMark_IsSkipped() => Assert.Equal(2, Some.Recipe('\uFEFF' + Some.RecipeJson()).Training.Epochs);

    [Fact]
    public void Read_MissingFile_SaysSo()
    {
        var exception = Assert.Throws<RecipeException>(() => Recipe.Read("nowhere/recipe.json"));
        Assert.Equal("nowhere/recipe.json: no such recipe file.", exception.Message);
    }
}
