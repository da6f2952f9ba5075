using System.CommandLine;
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

    /// <summary>Refuses a value below <paramref name="minimum"/>.</summary>
    public static void RequireAtLeast<T>(Option<T> option, T minimum)
        where T : INumber<T> => Require(option, value => value >= minimum, Text($"{minimum} or more"));

    /// <summary>Refuses a value outside a range whose ends are allowed.</summary>
    public static void RequireRange<T>(Option<T> option, T minimum, T maximum)
        where T : INumber<T> => Require(option, value => value >= minimum && value <= maximum, Text($"{minimum} to {maximum}"));

    static void Require<T>(Option<T> option, Func<T, bool> isAllowed, string range)
        where T : INumber<T> => option.Validators.Add(result =>
        {
            // What is no number at all is the parser's to report.
            if (result.Tokens is not [var token] || !T.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) || isAllowed(value))
                return;
            result.AddError(Text($"{option.Name} is {value}, expected {range}."));
        });

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
