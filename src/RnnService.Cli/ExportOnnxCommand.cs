using System.CommandLine;
using System.Globalization;
using RnnService.Models.Checkpoints;
using RnnService.Models.Interchange.Onnx;
using RnnService.Models.LanguageModels;

namespace RnnService.Cli;

/// <summary><c>rnn export-onnx</c>: a language model as an ONNX graph, compared with this engine in ONNX Runtime where there is one.</summary>
static class ExportOnnxCommand
{
    const string Description = $"""
        Writes a language model as an ONNX graph for other runtimes: token ids int64 [time,batch] and the recurrent
        states in, logits [time,batch,vocabulary] and the states after the last step out; time and batch may vary
        from call to call.

        Where Node.js and its package onnxruntime-node are installed, the graph is then run in ONNX Runtime on random
        texts and the largest difference to this engine's logits is printed; 'npm install --ignore-scripts
        onnxruntime-node' in some folder installs it, --onnxruntime or {OnnxRuntime.FolderVariable} names that folder.

        Examples:
          rnn export-onnx models/my-model --out my-model.onnx
          rnn export-onnx models/my-model@3 --out my-model.onnx --onnxruntime ~/ort --verify
        """;

    public static Command Create(CommandContext context)
    {
        var model = new Argument<string>("MODEL") { Description = ModelLocation.Help };
        var output = new Option<string>("--out") { Description = "The file to write.", Required = true, HelpName = "FILE.onnx" };
        var runtime = new Option<string?>("--onnxruntime")
        {
            Description = $"The folder whose node_modules has onnxruntime-node. [default: {OnnxRuntime.FolderVariable}]",
            HelpName = "DIR",
        };
        var verify = new Option<bool>("--verify") { Description = "Fail where ONNX Runtime is missing." };
        var command = new Command("export-onnx", Description) { model, output, runtime, verify };
        command.SetAction(context, parsed =>
        {
            string? folder = parsed.GetValue(runtime);
            string? missing = OnnxRuntime.WhyMissing(folder);
            if (missing is not null && (parsed.GetValue(verify) || folder is not null))
                throw new UserErrorException($"the export cannot be verified: {missing}.");
            string file = CommandOptions.FilePath(parsed.GetRequiredValue(output));
            var package = ModelLocation.LoadLanguageModel(parsed.GetRequiredValue(model));
            var exported = Export(package.Model, file);
            string inputs = string.Join(", ", exported.States.Select(state => state.Input).Prepend(OnnxLanguageModel.Tokens));
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"wrote {file}: {new FileInfo(file).Length / 1e6:0.0} MB, inputs {inputs}"));
            if (missing is null)
                Verify(file, folder, exported, package.Model, context);
            else
                context.Error.WriteLine($"NOT VERIFIED in ONNX Runtime: {missing}.");
            return ExitCode.Success;
        });
        return command;
    }

    static OnnxLanguageModel Export(LanguageModel model, string file)
    {
        try
        {
            var exported = new OnnxLanguageModel(model);
            AtomicFiles.Replace(file, exported.WriteTo);
            return exported;
        }
        catch (NotSupportedException unsupported)
        {
            throw new UserErrorException($"the model cannot be written as an ONNX graph: {unsupported.Message}");
        }
    }

    static void Verify(string file, string? folder, OnnxLanguageModel exported, LanguageModel model, CommandContext context)
    {
        try
        {
            using var runtime = OnnxRuntime.Load(file, folder);
            var parity = OnnxParity.Measure(runtime, exported, model);
            string report = string.Create(CultureInfo.InvariantCulture,
                $"ONNX Runtime {runtime.Version}: {parity.Logits:N0} logits in {parity.Windows} windows differ by {parity.LargestDifference:0.0e+0} at most")
                + string.Create(CultureInfo.InvariantCulture, $"; the largest logit is {parity.LargestLogit:0.0}");
            if (!parity.IsGood)
                throw new UserErrorException($"{file}: {report}: more than rounding explains.");
            context.Output.WriteLine(report);
        }
        catch (InvalidOperationException failed)
        {
            throw new UserErrorException(failed.Message);
        }
    }
}
