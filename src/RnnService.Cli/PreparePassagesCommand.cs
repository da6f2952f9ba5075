using System.CommandLine;
using System.Globalization;
using RnnService.Training.Data;
using RnnService.Training.Preparation;

namespace RnnService.Cli;

/// <summary><c>rnn prepare passages</c>: short labelled texts from long ones.</summary>
static class PreparePassagesCommand
{
    const string Description = """
        Splits long labelled texts into passages of whole sentences, each with the label of its text, to train on beside
        the texts themselves. Reads TSV; the words of a text are separated by blanks. Writes a TSV of the columns label
        and text.

        Examples:
          rnn prepare passages --data reviews.tsv --words 40 --out data/passages.tsv
          rnn prepare passages --data reviews.tsv --text title --out data/titles.tsv
        """;

    public static Command Create(CommandContext context)
    {
        var data = CommandOptions.Files("--data", "TSV files of labelled texts. Can be given several times.");
        var text = new Option<string>("--text") { Description = "The column of the text.", DefaultValueFactory = _ => "text", HelpName = "COLUMN" };
        var label = new Option<string>("--label") { Description = "The column of the label.", DefaultValueFactory = _ => "label", HelpName = "COLUMN" };
        var words = new Option<int>("--words") { Description = "A passage ends with the sentence that reaches so many words.", DefaultValueFactory = _ => 40, HelpName = "N" };
        var output = new Option<string>("--out") { Description = "The file to write.", Required = true, HelpName = "FILE.tsv" };
        CommandOptions.RequireRange(words, 1, 100_000);
        var command = new Command("passages", Description) { data, text, label, words, output };
        command.SetAction(context, parsed =>
        {
            string file = parsed.GetRequiredValue(output);
            var (texts, passages) = Passages.Prepare(
                Corpus.Read(parsed.GetRequiredValue(data)), TableFormat.Tsv, parsed.GetRequiredValue(text), parsed.GetRequiredValue(label),
                parsed.GetValue(words), file);
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"wrote {file}: {passages:N0} passages of {texts:N0} texts"));
            return ExitCode.Success;
        });
        return command;
    }
}
