namespace RnnService.Cli;

/// <summary>What a command needs from the process around it.</summary>
/// <param name="Output">results</param>
/// <param name="Error">progress, questions and errors</param>
/// <param name="Stop">set by Ctrl-C and SIGTERM</param>
public sealed record CommandContext(TextWriter Output, TextWriter Error, CancellationToken Stop)
{
    /// <summary>Does work that a stop does not reach: it is then left to itself, for the process to end without it.</summary>
    /// <exception cref="OperationCanceledException">stopped</exception>
    public T UntilStopped<T>(Func<T> work) => Task.Run(work, CancellationToken.None).WaitAsync(Stop).GetAwaiter().GetResult();
}
