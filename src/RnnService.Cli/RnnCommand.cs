using System.CommandLine;
using System.CommandLine.Parsing;
using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;
using RnnService.Engine.Threading;
using RnnService.Models.Checkpoints;
using RnnService.Models.Packages;
using RnnService.Training;

namespace RnnService.Cli;

/// <summary>The <c>rnn</c> command: its subcommands, and one way of reporting what the user can put right.</summary>
public static class RnnCommand
{
    const string Description = """
        Trains, evaluates and tries recurrent models on the CPU: of language, of classes of texts and series, of words'
        tags, of translation and chat.

        Examples:
          rnn train recipe.json --data train.txt --valid valid.txt --out models/my-model
          rnn evaluate models/my-model --data valid.txt
          rnn predict models/my-model "the students opened their"
          rnn predict models/my-translator "Elle aime la Chine." --alignment
          rnn generate models/my-model "Once upon a time" --temperature 0.8
          rnn inspect models/my-model "the students opened their books" --out inspection
          rnn experiment adding-problem --lengths 100,200,400 --out adding-problem
          rnn import-pytorch model.safetensors --tokenizer vocab.txt --out models/my-model
          rnn export-onnx models/my-model --out my-model.onnx
        """;

    /// <summary>Runs a command line.</summary>
    /// <param name="args">without the program's name</param>
    /// <param name="context">the process around it</param>
    /// <returns>0; 2 for a user's error, told in one line; 130 when stopped</returns>
    public static int Run(string[] args, CommandContext context)
    {
        try
        {
            return Invoke(args, context);
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            return ExitCode.Stopped;
        }
        catch (TypeInitializationException exception) when (IsWrongSetting(exception.GetBaseException()))
        {
            return Fail(context, exception.GetBaseException().Message);
        }
        catch (Exception exception) when (IsUserError(exception))
        {
            return Fail(context, exception.Message);
        }
        catch (OutOfMemoryException)
        {
            return Fail(context, "out of memory; make training.batchSize, training.bpttWindow, the model or the data smaller.");
        }
    }

    static int Invoke(string[] args, CommandContext context)
    {
        var root = new RootCommand(Description)
        {
            TrainCommand.Create(args, context),
            EvaluateCommand.Create(context),
            PredictCommand.Create(context),
            GenerateCommand.Create(context),
            InspectCommand.Create(context),
            ExperimentCommand.Create(context),
            ImportPyTorchCommand.Create(args, context),
            ExportOnnxCommand.Create(context),
            ScoreCommand.Create(context),
            PrepareCommand.Create(context),
        };
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });   // a text may begin with @
        if (parsed.Errors.Count > 0)
            return Fail(context, $"{Describe(parsed)} See '{HelpFor(parsed.CommandResult)}'.");

        var configuration = new InvocationConfiguration
        {
            Output = context.Output,
            Error = context.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return parsed.Invoke(configuration);
    }

    // The parser tells of the command that is missing, not of the word that stands in its place.
    static string Describe(ParseResult parsed)
    {
        string[] commands = [.. parsed.CommandResult.Command.Subcommands.Select(command => command.Name)];
        if (commands.Length == 0 || parsed.UnmatchedTokens is not [var word, ..])
            return parsed.Errors[0].Message;
        string suggestion = NearestName.Find(word, commands) is { } nearest ? $"did you mean '{nearest}'?" : $"there are: {string.Join(", ", commands)}.";
        return $"There is no command '{word}'; {suggestion}";
    }

    static bool IsUserError(Exception exception) =>
        exception is TrainingException or CheckpointException or ModelNotFoundException or UserErrorException or TensorTooLargeException
            or IOException or UnauthorizedAccessException;

    static int Fail(CommandContext context, string message)
    {
        context.Error.WriteLine($"error: {message.ReplaceLineEndings(" ")}");
        return ExitCode.UserError;
    }

    // Environment variables are read when what they set is first used.
    static bool IsWrongSetting(Exception exception) =>
        exception.Message.StartsWith($"{ComputeThreads.Variable}:", StringComparison.Ordinal)
        || exception.Message.StartsWith($"{SimdTiers.Variable}:", StringComparison.Ordinal);

    static string HelpFor(CommandResult command) => $"{PathOf(command)} --help";

    static string PathOf(CommandResult command) => command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "rnn";
}
