using RnnService.Training.Data;
using RnnService.Training.Recipes;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Recipes;

public sealed class DataSectionReaderTests
{
    [Theory]
    [InlineData(""" "text": "review" """, "review")]
    [InlineData(""" "text": ["title", "review"] """, "title+review")]
    public void ReadLabelledText_OneOrMoreTextColumns_AreRead(string text, string expected)
    {
        var settings = Texts($""" "format": "tsv", {text}, "label": "class" """);
        Assert.Equal((TableFormat.Tsv, expected, "class"), (settings.Format, string.Join('+', settings.Text), settings.Label));
    }

    [Fact]
    public void ReadTaggedTokens_Columns_DependOnTheFormat()
    {
        Assert.Equal(new TaggedTokenSettings(TokenFileFormat.Conll, 1, 2), Tags(""" "format": "conll" """));
        Assert.Equal(new TaggedTokenSettings(TokenFileFormat.Conllu, 2, 4), Tags(""" "format": "conllu" """));
        Assert.Equal(new TaggedTokenSettings(TokenFileFormat.Conll, 2, 3), Tags(""" "format": "conll", "form": 2, "tag": 3 """));
    }

    [Fact]
    public void ReadSeries_AllFields_AreRead()
    {
        var settings = Series(""" "format": "csv", "series": "player", "features": ["G", "HR"], "label": "next", "current": "now", "window": 5 """);
        Assert.Equal(["G", "HR"], settings.Features);
        Assert.Equal(new SeriesSettings(TableFormat.Csv, "player", settings.Features, "next", "now", 5), settings);
    }

    [Theory]
    [InlineData(""" "format": "xlsx", "text": "a", "label": "b" """, "recipe.json line 1: data.format is \"xlsx\", expected \"csv\" or \"tsv\" or \"jsonl\".")]
    [InlineData(""" "format": "csv", "label": "b" """, "recipe.json line 1: data.text is missing.")]
    [InlineData(""" "format": "csv", "text": "a" """, "recipe.json line 1: data.label is missing.")]
    [InlineData(""" "format": "csv", "text": [], "label": "b" """, "recipe.json line 1: data.text is an empty list, expected a text in quotes or a list of them.")]
    [InlineData(""" "format": "csv", "text": ["a", 1], "label": "b" """, "recipe.json line 1: data.text is a list, expected a text in quotes or a list of them.")]
    [InlineData(""" "format": "csv", "text": 1, "label": "b" """, "recipe.json line 1: data.text is 1, expected a text in quotes or a list of them.")]
    [InlineData(""" "format": "csv", "text": ["a", "a"], "label": "b" """, "recipe.json line 1: data.text has \"a\" twice; keep one of them.")]
    [InlineData(""" "format": "csv", "text": "a", "label": "a" """, "recipe.json line 1: data.label is \"a\", which is a column of the text as well; a model must not read the label.")]
    [InlineData(""" "format": "csv", "texts": "a", "text": "a", "label": "b" """, "recipe.json line 1: unknown field data.texts; did you mean \"text\"? Fields allowed: format, text, label.")]
    public void ReadLabelledText_WrongSection_SaysWhatAndWhere(string section, string expected) =>
        Assert.Equal(expected, Assert.Throws<RecipeException>(() => Texts(section)).Message);

    [Theory]
    [InlineData(""" "format": "conll", "tag": 0 """, "recipe.json line 1: data.tag is 0, expected a whole number, 1 or more and at most 1000.")]
    [InlineData(""" "format": "conll", "tag": 1 """, "recipe.json line 1: data.tag is 1, but data.form is 1 as well; a model must not read the tag.")]
    public void ReadTaggedTokens_WrongSection_SaysWhatAndWhere(string section, string expected) =>
        Assert.Equal(expected, Assert.Throws<RecipeException>(() => Tags(section)).Message);

    [Theory]
    [InlineData(""" "format": "csv", "series": "p", "features": ["G"], "label": "G" """, "recipe.json line 1: data.label is \"G\", which is one of data.features as well; a model must not read the label.")]
    [InlineData(""" "format": "csv", "features": ["G"], "label": "next" """, "recipe.json line 1: data.series is missing.")]
    public void ReadSeries_WrongSection_SaysWhatAndWhere(string section, string expected) =>
        Assert.Equal(expected, Assert.Throws<RecipeException>(() => Series(section)).Message);

    static LabelledTextSettings Texts(string section) => DataSectionReader.ReadLabelledText(Some.Section(section));

    static TaggedTokenSettings Tags(string section) => DataSectionReader.ReadTaggedTokens(Some.Section(section));

    static SeriesSettings Series(string section) => DataSectionReader.ReadSeries(Some.Section(section));
}
