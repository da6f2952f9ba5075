namespace RnnService.Cli;

/// <summary>A command line as it can be typed again in a POSIX shell: for model cards and hints.</summary>
static class TypedCommand
{
    // Beside letters and digits: what no shell reads as anything else, wherever it stands.
    const string Plain = "-_./:=,@%+";

    /// <param name="args">without the program's name</param>
    public static string Of(IEnumerable<string> args) => string.Join(' ', args.Prepend("rnn").Select(Quote));

    static string Quote(string arg) => arg.Length > 0 && arg.All(character => char.IsLetterOrDigit(character) || Plain.Contains(character))
        ? arg
        : $"'{arg.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
