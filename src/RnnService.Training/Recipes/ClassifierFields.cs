using RnnService.Engine.Layers;
using RnnService.Models.Classification;
using RnnService.Models.Packages;

namespace RnnService.Training.Recipes;

/// <summary>Reads what the recipe of a classifier has more than that of a language model, and refuses what it must not have.</summary>
static class ClassifierFields
{
    static readonly NumberRange Units = new(1, 4096);

    /// <summary>The fields of the <c>model</c> and <c>training</c> sections.</summary>
    public static ClassifierRecipe Read(RecipeSection model, RecipeSection training, string task)
    {
        bool isTagger = task == ModelTask.Tagger, isSeries = task == ModelTask.SeriesClassifier;
        var settings = new ClassifierSettings
        {
            Pooling = isTagger ? null : model.Choice("pooling", "last",
                ("last", PoolingKind.Last), ("mean", PoolingKind.Mean), ("max", PoolingKind.Max), ("attention", PoolingKind.Attention)),
            MaxLength = isSeries ? new ClassifierSettings().MaxLength : model.Integer("maxLength", 400, new NumberRange(2, ClassifierPackage.LongestText)),
            Characters = isTagger && model.Section("characters") is { } characters ? ReadCharacters(characters) : null,
        };
        var recipe = new ClassifierRecipe(
            settings,
            training.Number("labelSmoothing", 0, NumberRange.Fraction),
            training.Choice("classWeights", "equal", ("equal", false), ("balanced", true)),
            isSeries ? null : ReadEncoder(model, training),
            task == ModelTask.SequenceClassifier && training.Section("teacher") is { } teacher ? ReadTeacher(teacher) : null);
        foreach (string name in (ReadOnlySpan<string>)["tieEmbeddings", .. isSeries ? (ReadOnlySpan<string>)["embeddingSize", "embeddingDropout"] : []])
            model.Forbid(name, $"task is \"{task}\"");
        return recipe;
    }

    static EncoderSettings? ReadEncoder(RecipeSection model, RecipeSection training)
    {
        string initializeFrom = model.Text("initializeFrom", "");
        int unfreezeEvery = training.Integer("unfreezeEvery", 0, new NumberRange(0, 1000));
        if (initializeFrom.Length > 0)
            return new EncoderSettings(initializeFrom, unfreezeEvery);
        training.Forbid("unfreezeEvery", "model.initializeFrom is not there");
        return null;
    }

    static TeacherSettings ReadTeacher(RecipeSection section)
    {
        var settings = new TeacherSettings(section.Text("model", null), section.Number("share", 0.5, NumberRange.Share));
        section.RejectUnknown();
        return settings;
    }

    static CharacterSettings ReadCharacters(RecipeSection section)
    {
        var settings = new CharacterSettings
        {
            EmbeddingSize = section.Integer("embeddingSize", 32, Units),
            HiddenSize = section.Integer("hiddenSize", 32, Units),
            Alphabet = "",
        };
        section.RejectUnknown();
        return settings;
    }
}
