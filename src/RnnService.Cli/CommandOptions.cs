using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using RnnService.Engine.Kernels;

namespace RnnService.Cli;

/// <summary>Options that several commands have, and checks of ranges.</summary>
static class CommandOptions
{
    public static Option<int> Threads()
    {
        var option = new Option<int>("--threads")
        {
            Description = "Threads to compute with; results do not depend on it.",
            DefaultValueFactory = _ => Engine.Threading.ComputeThreads.Count,
            HelpName = "N",
        };
        RequireRange(option, 1, Engine.Threading.ComputeThreads.MaxCount);
        return option;
    }

    /// <summary>The option <c>--weights</c>.</summary>
    public static Option<WeightType> Weights(string description = "How the weights are kept in memory; int8 rounds them to 8 bits.")
    {
        var option = new Option<WeightType>("--weights") { Description = $"{description} [default: float32]", HelpName = "float32|int8" };
        option.AcceptOnlyFromAmong("float32", "int8");
        return option;
    }

    /// <summary>A required option that names one or more files, at once or one after another.</summary>
    public static Option<string[]> Files(string name, string description) =>
        new(name) { Description = description, Required = true, AllowMultipleArgumentsPerToken = true, HelpName = "FILE" };

    /// <summary>The required option <c>--out</c>: where a model is published.</summary>
    public static Option<string> Publication() =>
        new("--out") { Description = "Where to publish: the repository's folder / the model's name.", Required = true, HelpName = "REPOSITORY/NAME" };

    /// <summary>Refuses what is no number, and a value below <paramref name="minimum"/>.</summary>
    public static void RequireAtLeast<T>(Option<T> option, T minimum)
        where T : struct, INumber<T> => Require(option, value => value >= minimum, Text($"{minimum} or more"));

    /// <summary>Refuses what is no number, and a value outside a range whose ends are allowed.</summary>
    public static void RequireRange<T>(Option<T> option, T minimum, T maximum)
        where T : struct, INumber<T> => Require(option, value => value >= minimum && value <= maximum, Text($"{minimum} to {maximum}"));

    /// <summary>An option whose value may be missing, and any number of the type.</summary>
    public static Option<T?> OptionalNumber<T>(string name, string description)
        where T : struct, INumber<T>, IMinMaxValue<T>
    {
        string range = Text($"{T.MinValue} to {T.MaxValue}");
        return new(name) { Description = description, HelpName = "N", CustomParser = result => Parse<T>(result, name, _ => true, range) };
    }

    /// <summary>The path of a file.</summary>
    /// <exception cref="UserErrorException">there is a folder of this name</exception>
    public static string FilePath(string path) =>
        Directory.Exists(path) ? throw new UserErrorException($"{path}: is a folder, expected the path of a file.") : path;

    /// <summary>Sets the action of a command that saves nothing at a stop: it ends wherever it is.</summary>
    public static void SetAction(this Command command, CommandContext context, Func<ParseResult, int> action) =>
        command.SetAction(parsed => context.UntilStopped(() => action(parsed)));

    static void Require<T>(Option<T> option, Func<T, bool> isAllowed, string range)
        where T : struct, INumber<T> => option.CustomParser = result => Parse(result, option.Name, isAllowed, range);

    // Not as the parser of the command line reads numbers: it takes the comma of 0,8 for one that separates thousands.
    static T Parse<T>(ArgumentResult result, string name, Func<T, bool> isAllowed, string range)
        where T : struct, INumber<T>
    {
        bool isWhole = typeof(T) != typeof(double);
        string text = result.Tokens[0].Value;
        if (!T.TryParse(text, isWhole ? NumberStyles.Integer : NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            result.AddError($"{name} is '{text}', expected {(isWhole ? "a whole number" : "a number such as 0.5")}, {range}.");
        else if (!isAllowed(value))
            result.AddError(Text($"{name} is {value}, expected {range}."));
        return value;
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
