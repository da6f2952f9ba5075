namespace RnnService.Training.Data;

/// <summary>A file of text or rows that cannot be used; the message names the file and, where there is one, line and byte or column.</summary>
public sealed class CorpusException(string message) : TrainingException(message);
