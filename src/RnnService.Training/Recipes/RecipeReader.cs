using System.Text.RegularExpressions;
using RnnService.Models.BagsOfWords;
using RnnService.Models.Checkpoints;
using RnnService.Models.LanguageModels;
using RnnService.Models.Ngrams;
using RnnService.Models.Packages;
using RnnService.Models.Text;
using RnnService.Training.Data;
using RnnService.Training.Schedules;

namespace RnnService.Training.Recipes;

/// <summary>The fields of a recipe, their ranges, and which of them contradict each other.</summary>
static partial class RecipeReader
{
    static readonly NumberRange Counts = new(1, int.MaxValue);
    static readonly NumberRange CountsOrZero = new(0, int.MaxValue);

    public static Recipe Read(RecipeSection root)
    {
        string[] tasks = [ModelTask.LanguageModel, ModelTask.SequenceClassifier, ModelTask.Tagger, ModelTask.SeriesClassifier, ModelTask.Seq2Seq];
        string task = root.Choice("task", null, [.. tasks.Select(task => (task, task))]);
        RecipeSection model = root.RequiredSection("model"), training = root.RequiredSection("training");
        var data = DataSectionReader.Read(root, task);
        var network = ModelSectionReader.Read(model, isBidirectional: task == ModelTask.Seq2Seq);
        var classifier = task is ModelTask.SequenceClassifier or ModelTask.Tagger or ModelTask.SeriesClassifier ? ClassifierFields.Read(model, training, task) : null;
        var tokenizer = task == ModelTask.SeriesClassifier || classifier?.Encoder is not null ? NoTokenizer(root, task) : ReadTokenizer(root.RequiredSection("tokenizer"));
        CheckReading(model, training, task, network);
        var recipe = new Recipe
        {
            Task = task,
            Data = data,
            Tokenizer = tokenizer,
            Model = data is SeriesSettings series ? network with { EmbeddingSize = series.Features.Count } : network,
            Classifier = classifier,
            Seq2Seq = task == ModelTask.Seq2Seq ? Seq2SeqFields.Read(model, training, network) : null,
            Ngrams = root.Section("ngrams") is { } ngrams ? ReadNgrams(ngrams, root, task, tokenizer) : null,
            BagOfWords = root.Section("bagOfWords") is { } bag ? ReadBag(bag, root, task) : null,
            Training = ReadTraining(training, tokenizer.Type),
            Card = root.Section("card") is { } card ? ReadCard(card, task) : new CardSettings(),
            Json = "",
        };
        model.RejectUnknown();
        root.RejectUnknown();
        return recipe;
    }

    // A language model reads a stream from the left; other tasks read each sequence whole.
    static void CheckReading(RecipeSection model, RecipeSection training, string task, ModelSettings network)
    {
        if (task != ModelTask.LanguageModel)
        {
            foreach (string name in (ReadOnlySpan<string>)["bpttWindow", "order"])
                training.Forbid(name, $"task is \"{task}\", which reads each sequence whole");
        }
        else if (network.Bidirectional)
        {
            throw model.Error("bidirectional", $"but task is \"{task}\", which cannot read the words it predicts; set it to false");
        }
    }

    static TokenizerSettings NoTokenizer(RecipeSection root, string task)
    {
        root.Forbid("tokenizer", task == ModelTask.SeriesClassifier ? $"task is \"{task}\"" : "model.initializeFrom brings its own");
        return new TokenizerSettings();
    }

    static TokenizerSettings ReadTokenizer(RecipeSection section)
    {
        var type = section.Choice("type", null, ("word", TokenizerKind.Word), ("char", TokenizerKind.Char), ("bpe", TokenizerKind.Bpe));
        var settings = new TokenizerSettings
        {
            Type = type,
            VocabularySize = section.Integer(
                "vocabularySize", 20_000, new NumberRange(type == TokenizerKind.Bpe ? BytePairTokenizer.SmallestVocabulary : 5, 1_000_000)),
            Lowercase = section.Flag("lowercase", false),
            MinCount = section.Integer("minCount", 1, Counts),
            Pretokenized = section.Flag("pretokenized", false),
        };
        section.RejectUnknown();
        if (settings.Pretokenized && type != TokenizerKind.Word)
            throw section.Error("pretokenized", $"but tokenizer.type is \"{type.ToString().ToLowerInvariant()}\"; a text is split on blanks only by \"word\"");
        if (settings.Lowercase && type == TokenizerKind.Bpe)
            throw section.Error("lowercase", "but tokenizer.type is \"bpe\", which keeps every text as it is; set it to false");
        return settings;
    }

    static NgramSettings ReadNgrams(RecipeSection section, RecipeSection root, string task, TokenizerSettings tokenizer)
    {
        if (task != ModelTask.LanguageModel)
            root.Forbid("ngrams", $"task is \"{task}\", and only a language model predicts next words");
        if (tokenizer.Type != TokenizerKind.Word)
            root.Forbid("ngrams", "tokenizer.type is not \"word\", and words are what is counted");
        var settings = new NgramSettings
        {
            Order = section.Integer("order", 5, new NumberRange(2, NgramSettings.HighestOrder)),
            MinCount = section.Integer("minCount", 1, Counts),
            Discount = section.Number("discount", 0.8, NumberRange.Share),
            Share = section.Number("share", 0.35, NumberRange.Share),
        };
        section.RejectUnknown();
        return settings;
    }

    static BagSettings ReadBag(RecipeSection section, RecipeSection root, string task)
    {
        if (task != ModelTask.SequenceClassifier)
            root.Forbid("bagOfWords", $"task is \"{task}\", and only texts are classified by their words");
        var settings = new BagSettings
        {
            MinTexts = section.Integer("minTexts", 2, Counts),
            Trust = section.Number("trust", 3, NumberRange.Positive),
            Share = section.Number("share", 0.5, NumberRange.Share),
        };
        section.RejectUnknown();
        return settings;
    }

    static TrainingSettings ReadTraining(RecipeSection section, TokenizerKind tokenizer)
    {
        var settings = new TrainingSettings
        {
            Epochs = section.Integer("epochs", 10, new NumberRange(1, 100_000)),
            BatchSize = section.Integer("batchSize", 32, new NumberRange(1, 65_536)),
            BpttWindow = section.Integer("bpttWindow", 35, new NumberRange(1, 65_536)),
            Optimizer = section.Section("optimizer") is { } optimizer ? ReadOptimizer(optimizer) : new OptimizerSettings(),
            Schedule = section.Section("schedule") is { } schedule ? ReadSchedule(schedule) : new ConstantSchedule(),
            ClipNorm = section.Number("clipNorm", 1, NumberRange.NotNegative),
            Patience = section.Integer("patience", 2, CountsOrZero),
            Seed = section.Integer("seed", 1, new NumberRange(int.MinValue, int.MaxValue)),
            Order = section.Choice("order", "stream", ("stream", TextOrder.Stream), ("shuffled-lines", TextOrder.ShuffledLines)),
            Averaging = section.Section("averaging") is { } averaging ? ReadAveraging(averaging) : null,
            Storage = section.Choice("storage", "float32", ("float32", StorageType.Float32), ("float16", StorageType.Float16)),
        };
        section.RejectUnknown();
        if (settings.Order == TextOrder.ShuffledLines && tokenizer == TokenizerKind.Char)
            throw section.Error("order", "but tokenizer.type is \"char\", which reads a file as one stream; set it to \"stream\"");
        if (settings.Averaging is { } mean && mean.StartEpoch > settings.Epochs)
            throw section.Error("epochs", $"but training.averaging.startEpoch is {mean.StartEpoch}; start averaging within the epochs");
        return settings;
    }

    static OptimizerSettings ReadOptimizer(RecipeSection section)
    {
        var kind = section.Choice("type", "adam", ("sgd", OptimizerKind.Sgd), ("adam", OptimizerKind.Adam), ("adamw", OptimizerKind.AdamW));
        var settings = new OptimizerSettings
        {
            Kind = kind,
            LearningRate = section.Number("learningRate", 0.001, NumberRange.Positive),
            Momentum = section.Number("momentum", 0, NumberRange.Fraction),
            Beta1 = section.Number("beta1", 0.9, NumberRange.Fraction),
            Beta2 = section.Number("beta2", 0.999, NumberRange.Fraction),
            Epsilon = section.Number("epsilon", 1e-8, NumberRange.Positive),
            WeightDecay = section.Number("weightDecay", 0, NumberRange.NotNegative),
        };
        section.RejectUnknown();
        if (kind == OptimizerKind.Sgd)
        {
            foreach (string name in (ReadOnlySpan<string>)["beta1", "beta2", "epsilon"])
                section.Forbid(name, "training.optimizer.type is \"sgd\"");
        }
        else
        {
            section.Forbid("momentum", "training.optimizer.type is not \"sgd\"");
        }
        if (kind == OptimizerKind.Adam)
            section.Forbid("weightDecay", "training.optimizer.type is \"adam\" (\"adamw\" decays weights)");
        return settings;
    }

    static LearningRateSchedule ReadSchedule(RecipeSection section)
    {
        string type = section.Choice("type", null,
            ("constant", "constant"), ("cosine", "cosine"), ("step-decay", "step-decay"), ("plateau", "plateau"));
        LearningRateSchedule schedule = type switch
        {
            "cosine" => new CosineSchedule(section.Integer("warmupSteps", 0, CountsOrZero), section.Number("finalFactor", 0, new NumberRange(0, 1))),
            "step-decay" => new StepDecaySchedule(section.Integer("after", null, CountsOrZero), section.Number("factor", null, NumberRange.Factor)),
            "plateau" => new PlateauSchedule(section.Number("factor", null, NumberRange.Factor)),
            _ => new ConstantSchedule(),
        };
        section.RejectUnknown();
        return schedule;
    }

    static AveragingSettings ReadAveraging(RecipeSection section)
    {
        var settings = new AveragingSettings(
            section.Integer("startEpoch", 1, Counts),
            section.Number("decay", 1, NumberRange.Factor));
        section.RejectUnknown();
        return settings;
    }

    static CardSettings ReadCard(RecipeSection section, string task)
    {
        if (task == ModelTask.Seq2Seq)
            section.Forbid("language", $"task is \"{task}\", whose data section names the languages");
        else if (task == ModelTask.SeriesClassifier)
            section.Forbid("language", $"task is \"{task}\", which reads no text");
        var settings = new CardSettings(
            section.Text("description", ""), section.Text("data", ""), section.Text("licence", ""), section.Text("limitations", ""),
            section.Text("language", ""));
        section.RejectUnknown();
        if (settings.Language.Length > 0 && !LanguageTag().IsMatch(settings.Language))
            throw section.Error("language", "expected a BCP 47 tag, for example \"en\" or \"zh-Hans\"");
        return settings;
    }

    [GeneratedRegex(@"\A[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\z")]
    private static partial Regex LanguageTag();
}
