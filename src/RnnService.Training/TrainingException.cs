namespace RnnService.Training;

/// <summary>Something the user gave cannot be trained or evaluated; the message is one line that says what was found and what to do.</summary>
public class TrainingException : Exception
{
    /// <param name="message">one line: where, what was found, what was expected</param>
    public TrainingException(string message)
        : base(message) { }

    /// <param name="message">one line: where, what was found, what was expected</param>
    /// <param name="innerException">the cause</param>
    public TrainingException(string message, Exception innerException)
        : base(message, innerException) { }
}
