namespace RnnService.Cli;

/// <summary>What a command needs from the process around it.</summary>
/// <param name="Output">results</param>
/// <param name="Error">progress, questions and errors</param>
/// <param name="Stop">set by Ctrl-C and SIGTERM</param>
public sealed record CommandContext(TextWriter Output, TextWriter Error, CancellationToken Stop);
