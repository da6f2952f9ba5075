using System.CommandLine;
using System.Globalization;
using RnnService.Training.Data;
using RnnService.Training.Preparation;

namespace RnnService.Cli;

/// <summary><c>rnn prepare dialogue-pairs</c> and <c>rnn prepare dialogue-lines</c>: what recipes train on, from dialogues.</summary>
static class PrepareDialoguesCommand
{
    const string PairsDescription = """
        Makes pairs to learn replies from: a row of JSONL for each reply, source and target, the source being the turns
        before it, one a line. Reads JSONL files whose rows have a list "turns", and CSV and TSV files with the columns
        question and answer. A file given twice counts twice.

        Examples:
          rnn prepare dialogue-pairs --data dialogues.jsonl answers.tsv --out data/chat/train.jsonl
          rnn prepare dialogue-pairs --data dialogues.jsonl --turns 3 --out data/chat/train.jsonl
        """;

    const string LinesDescription = """
        Makes lines of text to learn a language from: each turn of each dialogue. Reads JSONL files whose rows have a
        list "turns", and CSV and TSV files with the columns question and answer.

        Examples:
          rnn prepare dialogue-lines --data dialogues.jsonl --out data/dialogues.txt
        """;

    public static Command CreatePairs(CommandContext context)
    {
        var turns = new Option<int>("--turns") { Description = "The most turns of a source.", DefaultValueFactory = _ => 2, HelpName = "N" };
        CommandOptions.RequireRange(turns, 1, 100);
        return Create("dialogue-pairs", PairsDescription, "pairs", context, turns, (files, output, most) => Dialogues.WritePairs(files, most, output));
    }

    public static Command CreateLines(CommandContext context) =>
        Create("dialogue-lines", LinesDescription, "lines", context, turns: null, (files, output, _) => Dialogues.WriteLines(files, output));

    static Command Create(string name, string description, string rows, CommandContext context, Option<int>? turns, Func<Corpus, string, int, int> write)
    {
        var data = CommandOptions.Files("--data", "The dialogues, UTF-8. Can be given several times.");
        var output = new Option<string>("--out") { Description = "The file to write.", Required = true, HelpName = "FILE" };
        var command = new Command(name, description) { data, output };
        if (turns is not null)
            command.Options.Add(turns);
        command.SetAction(context, parsed =>
        {
            string file = parsed.GetRequiredValue(output);
            int count = write(Corpus.Read(parsed.GetRequiredValue(data)), file, turns is null ? 0 : parsed.GetValue(turns));
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"wrote {file}: {count:N0} {rows}"));
            return ExitCode.Success;
        });
        return command;
    }
}
