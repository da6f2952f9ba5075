using RnnService.Engine.Tensors;
using RnnService.Models.Checkpoints;
using RnnService.Models.Interchange.PyTorch;
using RnnService.Models.LanguageModels;

namespace RnnService.Models.Tests.Interchange.PyTorch;

/// <summary>A <c>state_dict</c> made of a random model of this engine, with the names PyTorch's tutorials use and a vocabulary of seven tokens.</summary>
sealed class StateDictFile : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);

    public StateDictFile(ModelSettings settings)
    {
        Model = new LanguageModel(settings, 7);
        Model.Initialize(3);
        foreach (var parameter in Model.Parameters)
            _tensors.Add(NameThere(parameter.Name), parameter.Value);
        Tokens = ["<pad>", "<unk>", "<bos>", "<eos>", "one", "two", "three"];
    }

    public LanguageModel Model { get; }

    public string FilePath => _folder.At("state.safetensors");

    public string VocabularyPath => _folder.At("vocab.txt");

    /// <summary>The content of the mapping file.</summary>
    public string Mapping { get; set; } = "{}";

    public string[] Tokens
    {
        set => File.WriteAllLines(VocabularyPath, value);
    }

    public Tensor this[string name]
    {
        get => _tensors[name];
        set => _tensors[name] = value;
    }

    public StateDictFile Remove(string name)
    {
        Assert.True(_tensors.Remove(name), name);
        return this;
    }

    public StateDictFile Rename(string name, string other)
    {
        _tensors[other] = _tensors[name];
        return Remove(name);
    }

    public PyTorchImport Import()
    {
        SafetensorsWriter.Write(FilePath, _tensors.Select(tensor => new Parameter(tensor.Key, tensor.Value)));
        string mapping = _folder.At("mapping.json");
        File.WriteAllText(mapping, Mapping);
        return PyTorchImport.Read(FilePath, PyTorchMapping.Read(mapping), VocabularyPath);
    }

    public void Dispose() => _folder.Dispose();

    static string NameThere(string parameter) => parameter
        .Replace("embedding.", "encoder.", StringComparison.Ordinal)
        .Replace("output.", "decoder.", StringComparison.Ordinal)
        .Replace("projection.", "narrow.", StringComparison.Ordinal);
}
