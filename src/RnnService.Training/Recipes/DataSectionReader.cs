using RnnService.Models.Packages;
using RnnService.Training.Data;

namespace RnnService.Training.Recipes;

/// <summary>The fields of a recipe's <c>data</c> section, which depend on its task.</summary>
static class DataSectionReader
{
    static readonly NumberRange Columns = new(1, 1000);
    static readonly NumberRange Steps = new(1, ClassifierPackage.LongestWindow);

    /// <summary>The section of a task; null for a language model, whose files are text.</summary>
    public static DataSettings? Read(RecipeSection root, string task) => task switch
    {
        ModelTask.LanguageModel => null,
        ModelTask.SequenceClassifier => ReadLabelledText(root.RequiredSection("data")),
        ModelTask.Tagger => ReadTaggedTokens(root.RequiredSection("data")),
        ModelTask.Seq2Seq => ReadPairs(root.RequiredSection("data")),
        _ => ReadSeries(root.RequiredSection("data")),
    };

    public static LabelledTextSettings ReadLabelledText(RecipeSection section)
    {
        var settings = new LabelledTextSettings(ReadTableFormat(section), section.Texts("text"), section.Text("label", null));
        section.RejectUnknown();
        if (settings.Text.Contains(settings.Label))
            throw section.Error("label", "which is a column of the text as well; a model must not read the label");
        return settings;
    }

    public static TaggedTokenSettings ReadTaggedTokens(RecipeSection section)
    {
        var format = section.Choice("format", null, ("conll", TokenFileFormat.Conll), ("conllu", TokenFileFormat.Conllu));
        bool universal = format == TokenFileFormat.Conllu;
        var settings = new TaggedTokenSettings(
            format, section.Integer("form", universal ? 2 : 1, Columns), section.Integer("tag", universal ? 4 : 2, Columns));
        section.RejectUnknown();
        if (settings.Form == settings.Tag)
            throw section.Error("tag", $"but data.form is {settings.Form} as well; a model must not read the tag");
        return settings;
    }

    public static SeriesSettings ReadSeries(RecipeSection section)
    {
        string current = section.Text("current", "");
        var settings = new SeriesSettings(
            ReadTableFormat(section), section.Text("series", null), section.Texts("features"), section.Text("label", null),
            current.Length == 0 ? null : current, section.Integer("window", 10, Steps));
        section.RejectUnknown();
        if (settings.Features.Contains(settings.Label))
            throw section.Error("label", "which is one of data.features as well; a model must not read the label");
        return settings;
    }

    public static PairSettings ReadPairs(RecipeSection section)
    {
        var format = ReadTableFormat(section);
        string source = section.Text("source", null), target = section.Text("target", null);
        var settings = new PairSettings(
            format, source, target, section.Text("sourceLanguage", source), section.Text("targetLanguage", target));
        section.RejectUnknown();
        if (source == target)
            throw section.Error("target", "but data.source is the same column; a model must not read what it is to write");
        return settings;
    }

    static TableFormat ReadTableFormat(RecipeSection section) =>
        section.Choice("format", null, ("csv", TableFormat.Csv), ("tsv", TableFormat.Tsv), ("jsonl", TableFormat.Jsonl));
}
