namespace RnnService.Cli;

/// <summary>What the process returns.</summary>
static class ExitCode
{
    public const int Success = 0;

    /// <summary>The user gave something that cannot be used; one line on stderr says what.</summary>
    public const int UserError = 2;

    /// <summary>Stopped by Ctrl-C or SIGTERM; what can be resumed was saved.</summary>
    public const int Stopped = 130;
}
