using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace RnnService.Engine.Tensors;

/// <summary>The parameters of a model in a fixed order, each name once: saving, zeroing, clipping and updating are single loops over it.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "A set of parameters is what it is.")]
public sealed class ParameterSet : IReadOnlyList<Parameter>
{
    readonly List<Parameter> _parameters = [];
    readonly Dictionary<string, Parameter> _byName = new(StringComparer.Ordinal);

    /// <summary>Number of parameters (tensors).</summary>
    public int Count => _parameters.Count;

    /// <summary>Number of weights in all of them.</summary>
    public long WeightCount => _parameters.Sum(parameter => (long)parameter.Value.Length);

    /// <summary>The parameter at <paramref name="index"/>, in the order they were added.</summary>
    public Parameter this[int index] => _parameters[index];

    /// <summary>The parameter called <paramref name="name"/>.</summary>
    /// <exception cref="KeyNotFoundException">there is none; the message lists the names there are</exception>
    public Parameter this[string name] => _byName.TryGetValue(name, out var parameter)
        ? parameter
        : throw new KeyNotFoundException($"No parameter is called '{name}'; there are: {string.Join(", ", _byName.Keys)}.");

    /// <summary>Whether a parameter is called <paramref name="name"/>.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>Adds a parameter and returns it.</summary>
    /// <exception cref="ArgumentException">the name is taken</exception>
    public Parameter Add(Parameter parameter)
    {
        _byName.Add(parameter.Name, parameter);
        _parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Sets every gradient to zero.</summary>
    public void ZeroGradients()
    {
        foreach (var parameter in _parameters)
            parameter.ZeroGradient();
    }

    /// <summary>A zero tensor for each parameter, of its shape, named <c>prefix/name</c>: what optimizers keep between steps.</summary>
    internal Parameter[] ZerosLike(string prefix) =>
        [.. _parameters.Select(parameter => new Parameter($"{prefix}/{parameter.Name}", new Tensor(parameter.Shape)))];

    /// <inheritdoc/>
    public IEnumerator<Parameter> GetEnumerator() => _parameters.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
