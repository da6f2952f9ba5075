namespace RnnService.Cli.Tests;

public sealed class ClassifierCommandsTests : IDisposable
{
    const string Rows = "label\ttext\ngood\ta lovely film\nbad\ta dull film\ngood\tlovely, lovely\nbad\tdull and long\n";

    readonly CliRun _cli = new();

    public ClassifierCommandsTests()
    {
        _cli.Write("train.txt", Rows);
        _cli.Write("valid.txt", Rows);
        _cli.Write("recipe.json", """
            { "task": "sequence-classifier", "data": { "format": "tsv", "text": "text", "label": "label" }, "tokenizer": { "type": "word" },
              "model": { "layers": 1, "hiddenSize": 8, "embeddingSize": 6, "bidirectional": true, "pooling": "attention" },
              "training": { "epochs": 30, "batchSize": 2, "patience": 0, "optimizer": { "learningRate": 0.02 } } }
            """);
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void TextClassifier_TrainedFromRows_IsEvaluatedBesideBaselinesAndExplainsItself()
    {
        Assert.Equal(0, _cli.Train("mood"));
        Assert.Contains("accuracy 100.0%", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("accuracy", _cli.Error, StringComparison.Ordinal);

        Assert.Equal(0, _cli.Run("evaluate ./models/mood --data ./valid.txt --train ./train.txt"));
        Assert.Contains("baseline, always \"bad\": accuracy 50.0%", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("baseline, logistic regression", _cli.Output, StringComparison.Ordinal);

        Assert.Equal(0, _cli.Run(["predict", "./models/mood", "a lovely song"]));
        Assert.EndsWith("  good", _cli.Output.Split('\n')[0].TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run(["predict", "./models/mood", "a lovely song", "--explain"]));
        Assert.Contains("contributions to good", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("  lovely", _cli.Output, StringComparison.Ordinal);

        Assert.Equal(2, _cli.Run(["predict", "./models/mood", "a lovely song", "--top", "3"]));
        Assert.Contains("--top is for models that predict next words; this one's task is sequence-classifier.", _cli.ErrorLine, StringComparison.Ordinal);
        Assert.Equal(2, _cli.Run(["predict", "./models/mood", "a lovely song", "--prefix", "a"]));
        Assert.Contains("--prefix is for models that predict next words", _cli.ErrorLine, StringComparison.Ordinal);

        Assert.Equal(2, _cli.Run(["generate", "./models/mood", "a"]));
        Assert.Contains("task: found 'sequence-classifier', expected 'language-model'", _cli.ErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public void TextClassifier_WithATeacher_ShowsHowFarItIsAndNoPerplexity()
    {
        Assert.Equal(0, _cli.Train("mood"));
        string recipe = File.ReadAllText(_cli.PathOf("recipe.json"));
        _cli.Write("recipe.json", recipe.Replace("\"patience\": 0", "\"patience\": 0, \"teacher\": { \"model\": \"mood\", \"share\": 0.5 }", StringComparison.Ordinal));
        Assert.Equal(0, _cli.Train("pupil"));
        Assert.Contains("asking the teacher: 4 of 4 texts", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("  loss ", _cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("ppl", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void CarriedLabels_Pairs_WritesTargetsOnceWithTheLabelOfTheSource()
    {
        Assert.Equal(0, _cli.Train("mood"));
        _cli.Write("pairs.tsv", "en\tde\na lovely film\tein schöner Film\ndull and long\tlang und fad\nlovely\tein schöner Film\n");
        Assert.Equal(0, _cli.Run("prepare carried-labels ./models/mood --data ./pairs.tsv --source en --target de --least-score 0.6 --out ./labelled.tsv"));
        string[] lines = File.ReadAllLines(_cli.PathOf("labelled.tsv"));
        Assert.Equal("label\ttext", lines[0]);
        Assert.Contains("good\tein schöner Film", lines);
        Assert.Contains("bad\tlang und fad", lines);
        Assert.Equal(lines.Length, lines.Distinct().Count());

        Assert.Equal(130, _cli.RunStopped("prepare carried-labels ./models/mood --data ./pairs.tsv --source en --target de --out ./labelled.tsv"));
        Assert.Equal(2, _cli.Run("prepare carried-labels ./models/mood --data ./pairs.tsv --source en --target fr --out ./labelled.tsv"));
        Assert.Equal(lines, File.ReadAllLines(_cli.PathOf("labelled.tsv")));

        Assert.Equal(0, _cli.Run("prepare carried-labels ./models/mood --data ./pairs.tsv --source en --target de --least-score 0.6 --out ./new/labelled.tsv"));
        Assert.Equal(lines, File.ReadAllLines(_cli.PathOf("new/labelled.tsv")));
    }

    [Fact]
    public void SeriesClassifier_StepsOnTheCommandLine_AreReadAndChecked()
    {
        _cli.Write("train.txt", "player,hits,outs,next\na,1,9,low\na,9,1,high\nb,2,8,low\nb,8,2,high\n");
        _cli.Write("valid.txt", "player,hits,outs,next\na,1,9,low\na,9,1,high\n");
        _cli.Write("recipe.json", """
            { "task": "series-classifier", "data": { "format": "csv", "series": "player", "features": ["hits", "outs"], "label": "next" },
              "model": { "layers": 1, "hiddenSize": 8 }, "training": { "epochs": 30, "batchSize": 2, "patience": 0, "optimizer": { "learningRate": 0.02 } } }
            """);
        Assert.Equal(0, _cli.Train("form"));
        Assert.Equal(0, _cli.Run(["predict", "./models/form", "1,9;9,1"]));
        Assert.EndsWith("  high", _cli.Output.Split('\n')[0].TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(2, _cli.Run(["predict", "./models/form", "1,9;9"]));
        Assert.Contains("INPUT, step 2: found 1 numbers, expected 2: hits, outs.", _cli.ErrorLine, StringComparison.Ordinal);
        Assert.Equal(2, _cli.Run(["predict", "./models/form", "1,many"]));
        Assert.Contains("INPUT, step 1, outs: found 'many', expected a number.", _cli.ErrorLine, StringComparison.Ordinal);
        Assert.Equal(2, _cli.Run(["predict", "./models/form", "1,2", "--explain"]));
        Assert.Contains("--explain is for models that classify texts", _cli.ErrorLine, StringComparison.Ordinal);
    }
}
