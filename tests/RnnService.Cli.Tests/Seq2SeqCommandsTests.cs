using System.Globalization;

namespace RnnService.Cli.Tests;

public sealed class Seq2SeqCommandsTests : IDisposable
{
    const string Rows = "fr\ten\nun chat\ta cat\nun chien\ta dog\nle chat dort\tthe cat sleeps\nle chien dort\tthe dog sleeps\nle chat noir dort ici\tthe black cat sleeps here\n";

    const string Recipe = """
        { "task": "seq2seq", "data": { "format": "tsv", "source": "fr", "target": "en" }, "tokenizer": { "type": "word" },
          "model": { "cell": "gru", "layers": 1, "hiddenSize": 16, "embeddingSize": 12, "attentionSize": 8, "maxLength": 20 },
          "training": { "epochs": 60, "batchSize": 2, "patience": 0, "optimizer": { "learningRate": 0.02 } } }
        """;

    readonly CliRun _cli = new();

    public Seq2SeqCommandsTests()
    {
        _cli.Write("train.txt", Rows);
        _cli.Write("valid.txt", Rows);
        _cli.Write("recipe.json", Recipe);
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Translator_TrainedFromPairs_IsEvaluatedAndTranslates()
    {
        Assert.Equal(0, _cli.Train("fr-en"));
        Assert.Contains("BLEU 100.0, chrF 100.0 over 5 sentences", _cli.Output, StringComparison.Ordinal);

        Assert.Equal(0, _cli.Run("evaluate ./models/fr-en --data ./valid.txt --threads 1"));
        Assert.Contains("ms a sentence on 1 thread", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("1-5", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run("evaluate ./models/fr-en --data ./valid.txt --json"));
        Assert.Contains("\"bleu\": 100", _cli.Output, StringComparison.Ordinal);

        Assert.Equal(2, _cli.Run("evaluate ./models/fr-en --data ./valid.txt --train ./train.txt"));
        Assert.Contains("--train is for language models over words and classifiers", _cli.ErrorLine, StringComparison.Ordinal);

        Assert.Equal(0, _cli.Run(["predict", "./models/fr-en", "le chat dort"]));
        Assert.Equal("the cat sleeps", _cli.Output.Trim());
        Assert.Equal(0, _cli.Run(["predict", "./models/fr-en", "le chat dort", "--beam", "5", "--alternatives", "2", "--alignment"]));
        string[] lines = _cli.Output.TrimEnd().Split('\n');
        Assert.EndsWith("  the cat sleeps", lines[0], StringComparison.Ordinal);
        double[] scores = [.. lines[..3].Select(line => double.Parse(line.TrimStart().Split(' ')[0], CultureInfo.InvariantCulture))];
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.Equal("", lines[3].Trim());
        Assert.Equal(["the", "cat", "sleeps"], lines[4..].Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void Chat_TrainedFromDialogues_RepliesTheSameToTheSameSeed()
    {
        _cli.Write("dialogues.jsonl", """{"turns": ["Hello.", "Good morning.", "How are you?", "Fine."]}""");
        Assert.Equal(0, _cli.Run("prepare dialogue-pairs --data ./dialogues.jsonl --turns 2 --out ./train.txt"));
        Assert.EndsWith("3 pairs", _cli.Output.TrimEnd(), StringComparison.Ordinal);
        _cli.Write("valid.txt", File.ReadAllText(_cli.PathOf("train.txt")));
        _cli.Write("recipe.json", Recipe.Replace("\"tsv\", \"source\": \"fr\", \"target\": \"en\"",
            "\"jsonl\", \"source\": \"source\", \"target\": \"target\", \"sourceLanguage\": \"en\", \"targetLanguage\": \"en\"", StringComparison.Ordinal)
            .Replace("\"word\"", "\"bpe\", \"vocabularySize\": 270", StringComparison.Ordinal).Replace("\"maxLength\": 20", "\"maxLength\": 40", StringComparison.Ordinal));
        Assert.Equal(0, _cli.Train("chat"));
        Assert.DoesNotContain("BLEU", _cli.Output, StringComparison.Ordinal);

        Assert.Equal(0, _cli.Run(["predict", "./models/chat", "Hello.", "--seed", "3"]));
        string reply = _cli.Output;
        Assert.Equal(0, _cli.Run(["predict", "./models/chat", "Hello.", "--seed", "3"]));
        Assert.Equal(reply, _cli.Output);
        Assert.NotEqual("", reply.Trim());

        Assert.Equal(2, _cli.Run(["predict", "./models/chat", "Hello.", "--beam", "2"]));
        Assert.Contains("--beam is for models that translate; this one's task is seq2seq.", _cli.ErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public void DialogueLines_Turns_AreWrittenAsLines()
    {
        _cli.Write("dialogues.jsonl", """{"turns": ["你好。", "早上好。"]}""");
        Assert.Equal(0, _cli.Run("prepare dialogue-lines --data ./dialogues.jsonl --out ./new/lines.txt"));
        Assert.Equal("你好。\n早上好。\n", File.ReadAllText(_cli.PathOf("new/lines.txt")));
    }

    [Fact]
    public void Train_RowWithoutTarget_SaysFileLineAndColumn()
    {
        _cli.Write("train.txt", "fr\ten\nun chat\t\n");
        Assert.Equal(2, _cli.Train("fr-en"));
        Assert.EndsWith("train.txt line 2: column \"en\" is empty, expected the text to write.", _cli.ErrorLine, StringComparison.Ordinal);
    }
}
