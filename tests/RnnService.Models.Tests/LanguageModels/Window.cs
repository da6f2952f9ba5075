namespace RnnService.Models.Tests.LanguageModels;

/// <summary>Token ids of one window, time-major [T,B]; every fifth target does not count.</summary>
sealed record Window(int[] Inputs, int[] Targets, int TimeSteps)
{
    internal int Counted => Targets.Count(target => target >= 0);

    /// <summary>Ids that follow no pattern, every token of the vocabulary among the inputs of a long enough window.</summary>
    internal static Window Of(int timeSteps, int batchSize, int vocabularySize, int seed = 1)
    {
        int length = timeSteps * batchSize;
        int[] inputs = [.. Enumerable.Range(0, length).Select(i => (i * 7 + i * i * 3 + seed) % vocabularySize)];
        int[] targets = [.. Enumerable.Range(0, length).Select(i => i % 5 == 4 ? -1 : (i * 11 + i * i * 2 + seed * 3) % vocabularySize)];
        return new Window(inputs, targets, timeSteps);
    }

    /// <summary>The steps [from, to).</summary>
    internal Window Steps(int from, int to)
    {
        int batchSize = Inputs.Length / TimeSteps;
        var range = (from * batchSize)..(to * batchSize);
        return new Window(Inputs[range], Targets[range], to - from);
    }
}
