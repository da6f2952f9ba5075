using System.Diagnostics;

namespace RnnService.Cli.Tests;

/// <summary>Settings that are read once a process, so that each test starts one.</summary>
public sealed class EnvironmentTests
{
    [Theory]
    [InlineData("RNN_THREADS", "many", "train --help", "error: RNN_THREADS: found 'many', expected a whole number from 1 to 256.")]
    [InlineData("RNN_SIMD", "mmx", "experiment adding-problem --lengths 4 --cells rnn --steps 1", "error: RNN_SIMD: found 'mmx', expected one of ")]
    public async Task WrongVariable_SaysWhatInOneLine(string variable, string value, string arguments, string expected)
    {
        var start = new ProcessStartInfo
        {
            FileName = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "rnn.exe" : "rnn"),
            Arguments = arguments,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [variable] = value },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, process.ExitCode);
        Assert.StartsWith(expected, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal("", await output);
    }
}
