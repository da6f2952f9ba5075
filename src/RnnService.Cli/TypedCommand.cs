namespace RnnService.Cli;

/// <summary>A command line as it can be typed again: for model cards and hints.</summary>
static class TypedCommand
{
    /// <param name="args">without the program's name</param>
    public static string Of(IEnumerable<string> args) =>
        string.Join(' ', args.Prepend("rnn").Select(arg => arg.Contains(' ', StringComparison.Ordinal) ? $"\"{arg}\"" : arg));
}
