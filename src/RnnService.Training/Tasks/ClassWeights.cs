namespace RnnService.Training.Tasks;

/// <summary>What each class weighs in a loss.</summary>
static class ClassWeights
{
    /// <summary>n / (K n_k): a class weighs in the loss as much as any other.</summary>
    /// <param name="counts">[K] how often each class occurs</param>
    public static float[] Balanced(IReadOnlyList<int> counts)
    {
        float total = counts.Sum(count => (long)count);
        return [.. counts.Select(count => total / (float)((double)counts.Count * count))];
    }
}
