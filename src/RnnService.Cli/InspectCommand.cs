using System.CommandLine;
using RnnService.Engine.Threading;
using RnnService.Models.Checkpoints;
using RnnService.Models.Inspection;

namespace RnnService.Cli;

/// <summary><c>rnn inspect</c>: gates, states and gradients of a model while it reads a text.</summary>
static class InspectCommand
{
    const string Description = """
        Shows what goes on inside a model while it reads a text: for each token the mean of every gate, how large the
        states are, and how much the loss depends on the state after it, ‖dL/dh[t]‖: where that falls towards the
        beginning gradients vanish, where it grows they explode.

        --out writes inspection.json (every gate and state of every unit) and plots: gates-layer1.svg …, gradients.svg.

        Examples:
          rnn inspect models/my-model "the students opened their books"
          rnn inspect models/my-model "the students opened their books" --layer 2 --out inspection
          rnn inspect models/my-model "the students opened their books" --loss all --out inspection
        """;

    public static Command Create(CommandContext context)
    {
        var model = new Argument<string>("MODEL") { Description = ModelLocation.Help };
        var text = new Argument<string>("TEXT") { Description = $"What to read, up to {LanguageModelInspector.MostTokens} tokens." };
        var layer = CommandOptions.OptionalNumber<int>("--layer", "Only this layer, 1 for the first. [default: all]");
        var loss = new Option<InspectedTokens>("--loss") { Description = "Whose loss the gradients are of: the last token's or the mean of all tokens.", HelpName = "last|all" };
        loss.AcceptOnlyFromAmong("last", "all");
        var output = new Option<string?>("--out") { Description = "Folder to write the inspection and its plots to.", HelpName = "FOLDER" };
        var threads = CommandOptions.Threads();
        var command = new Command("inspect", Description) { model, text, layer, loss, output, threads };
        command.SetAction(context, parsed =>
        {
            ComputeThreads.Count = parsed.GetValue(threads);
            var inspection = Inspect(parsed.GetRequiredValue(model), parsed.GetRequiredValue(text), parsed.GetValue(loss));
            if (parsed.GetValue(layer) is { } only)
                inspection = inspection with { Layers = [Layer(inspection, only)] };
            foreach (var inspected in inspection.Layers)
                InspectionText.Write(inspection, inspected, context.Output);
            if (parsed.GetValue(output) is { } folder)
                Write(inspection, folder, context);
            return ExitCode.Success;
        });
        return command;
    }

    static TextInspection Inspect(string location, string text, InspectedTokens lossOf)
    {
        var package = ModelLocation.LoadLanguageModel(location);
        try
        {
            return new LanguageModelInspector(package.Model, package.Tokenizer).Inspect(text, lossOf);
        }
        catch (ArgumentException wrong)
        {
            throw new UserErrorException(wrong.Message);
        }
    }

    static LayerInspection Layer(TextInspection inspection, int number) => number >= 1 && number <= inspection.Layers.Count
        ? inspection.Layers[number - 1]
        : throw new UserErrorException($"--layer is {number}, expected 1 to {inspection.Layers.Count}, the layers of the model.");

    static void Write(TextInspection inspection, string folder, CommandContext context)
    {
        Directory.CreateDirectory(folder);
        string json = Path.Combine(folder, "inspection.json");
        AtomicFiles.Replace(json, stream => InspectionJson.Write(inspection, stream));
        List<string> written = [json];
        foreach (var layer in inspection.Layers)
            WritePlot($"gates-layer{layer.Layer}.svg", InspectionPlots.Gates(inspection, layer));
        WritePlot("gradients.svg", InspectionPlots.Gradients(inspection));
        context.Output.WriteLine($"wrote {string.Join(", ", written)}");

        void WritePlot(string name, string svg)
        {
            written.Add(Path.Combine(folder, name));
            File.WriteAllText(written[^1], svg);
        }
    }
}
