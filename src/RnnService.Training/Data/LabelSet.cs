namespace RnnService.Training.Data;

/// <summary>The classes of a task in the order of a model's outputs: the ordinal order of their names.</summary>
public sealed class LabelSet
{
    readonly Dictionary<string, int> _indices;

    /// <param name="names">different names, in the order of the outputs</param>
    public LabelSet(IReadOnlyList<string> names)
    {
        Names = names;
        _indices = names.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index, StringComparer.Ordinal);
    }

    /// <summary>The names, in the order of the outputs.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>K.</summary>
    public int Count => Names.Count;

    /// <summary>The classes that occur in training data.</summary>
    /// <exception cref="CorpusException">there is only one, so that there is nothing to tell apart</exception>
    public static LabelSet Of(IEnumerable<Label> labels)
    {
        Label first = default;
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var label in labels)
        {
            if (names.Add(label.Name) && names.Count == 1)
                first = label;
        }
        return names.Count >= 2
            ? new LabelSet([.. names])
            : throw new CorpusException($"{first.Path} line {first.Line}: \"{first.Name}\" is the only label of the training data; expected two or more.");
    }

    /// <summary>The output of a class.</summary>
    /// <exception cref="CorpusException">the class is none of these</exception>
    public int IndexOf(Label label) => _indices.TryGetValue(label.Name, out int index)
        ? index
        : throw new CorpusException($"{label.Path} line {label.Line}: label \"{label.Name}\" is none of the model's; expected {string.Join(" or ", Names)}.");

    /// <summary>The outputs of classes.</summary>
    /// <inheritdoc cref="IndexOf"/>
    public int[] IndicesOf(IEnumerable<Label> labels) => [.. labels.Select(IndexOf)];
}
