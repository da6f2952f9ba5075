using RnnService.Engine.Tensors;
using RnnService.Models.Checkpoints;

namespace RnnService.Models.Interchange.PyTorch;

/// <summary>The tensors of a <c>state_dict</c> saved as safetensors, and which of them the model has asked for.</summary>
sealed class StateDict : IDisposable
{
    readonly SafetensorsReader _reader;
    readonly Dictionary<string, SafetensorsEntry> _tensors;
    readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <param name="file">safetensors</param>
    /// <param name="ignored">the names of tensors to pass over</param>
    /// <exception cref="CheckpointException">the file cannot be read, or has no tensor of an ignored name</exception>
    public StateDict(string file, IReadOnlyList<string> ignored)
    {
        File = file;
        _reader = SafetensorsReader.Open(file);
        _tensors = _reader.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (string name in ignored)
            if (!_tensors.Remove(name))
                throw Missing(name, "a tensor, as the mapping's 'ignore' names it");
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>The tensors that nobody has asked for yet.</summary>
    public IEnumerable<SafetensorsEntry> Unused => _tensors.Values.Where(tensor => !_used.Contains(tensor.Name));

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>Asks for a matrix [rows,columns].</summary>
    /// <exception cref="CheckpointException">there is none of this name, or it is no matrix</exception>
    public (int Rows, int Columns) Matrix(string name)
    {
        if (!_tensors.TryGetValue(name, out var tensor))
            throw Missing(name, "a matrix");
        if (tensor.Sizes is not [> 0 and <= int.MaxValue, > 0 and <= int.MaxValue] || tensor.ElementCount > int.MaxValue)
            throw Unexpected(tensor, "a matrix of no more than 2³¹ numbers");
        _used.Add(name);
        return ((int)tensor.Sizes[0], (int)tensor.Sizes[1]);
    }

    /// <summary>Asks for a tensor's numbers.</summary>
    /// <exception cref="CheckpointException">there is none of this name, or it is of another shape or not finite</exception>
    public void Read(string name, Tensor destination)
    {
        if (!_tensors.ContainsKey(name))
            throw Missing(name, $"a tensor {destination.Shape}");
        _used.Add(name);
        _reader.Read(name, destination);
    }

    /// <summary>The error that says that a tensor is not as expected.</summary>
    public CheckpointException Unexpected(string name, string expected) => Unexpected(_tensors[name], expected);

    /// <summary>The error that says that a tensor is not there.</summary>
    public CheckpointException Missing(string name, string expected) => new(File, name, "nothing", expected);

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    CheckpointException Unexpected(SafetensorsEntry tensor, string expected) => new(File, tensor.Name, tensor.Describe(), expected);
}
