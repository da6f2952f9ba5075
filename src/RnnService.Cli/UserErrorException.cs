namespace RnnService.Cli;

/// <summary>An argument that cannot be used; the message is one line that says what was found and what to give.</summary>
sealed class UserErrorException(string message) : Exception(message);
