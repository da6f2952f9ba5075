namespace RnnService.Training.Data;

/// <summary>A text file that cannot be used; the message names file and, where there is one, line and byte.</summary>
public sealed class CorpusException(string message) : TrainingException(message);
