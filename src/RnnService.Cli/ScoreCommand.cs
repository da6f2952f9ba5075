using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using RnnService.Training.Data;
using RnnService.Training.Metrics;

namespace RnnService.Cli;

/// <summary><c>rnn score</c>: BLEU and chrF of translations.</summary>
static class ScoreCommand
{
    const string Description = """
        Scores translations, one a line, against one or more files of reference translations: BLEU and chrF as sacreBLEU counts them.

        Examples:
          rnn score translations.txt references.txt
          rnn score --tokenize zh translations.zh references.zh --json
        """;

    static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static Command Create(CommandContext context)
    {
        var hypotheses = new Argument<string>("HYPOTHESES") { Description = "The translations, UTF-8." };
        var references = new Argument<string[]>("REFERENCES") { Description = "Reference files with as many lines.", Arity = ArgumentArity.OneOrMore };
        var tokenize = new Option<string>("--tokenize")
        {
            Description = "How BLEU splits texts: 13a (Western) or zh (each Chinese character by itself).",
            DefaultValueFactory = _ => "13a",
            HelpName = "13a|zh",
        };
        tokenize.AcceptOnlyFromAmong("13a", "zh");
        var json = new Option<bool>("--json") { Description = "Write the figures as JSON." };
        var command = new Command("score", Description) { hypotheses, references, tokenize, json };
        command.SetAction(context, parsed =>
        {
            string split = parsed.GetRequiredValue(tokenize);
            string[] texts = ReadLines(parsed.GetRequiredValue(hypotheses));
            string[][] files = [.. parsed.GetRequiredValue(references).Select(path => ReadLines(path, texts.Length))];
            string[][] segments = [.. texts.Select((_, segment) => files.Select(file => file[segment]).ToArray())];
            var bleu = Bleu.Corpus(texts, segments, split == "zh" ? BleuTokenization.Chinese : BleuTokenization.Mteval13a);
            double chrF = CharacterFScore.Corpus(texts, segments);
            if (parsed.GetValue(json))
                context.Output.WriteLine(JsonSerializer.Serialize(new { bleu = bleu.Score, tokenize = split, chrF, segments = texts.Length }, s_indented));
            else
                context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"BLEU|{split} = {bleu}\nchrF2 = {chrF:0.00}"));
            return ExitCode.Success;
        });
        return command;
    }

    static string[] ReadLines(string path, int? expected = null)
    {
        string text = TextFile.Read(path).Text;
        string[] lines = (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
        return expected is null || lines.Length == expected
            ? lines
            : throw new UserErrorException($"{path}: found {lines.Length} lines, expected {expected}, as many as translations.");
    }
}
