using System.Globalization;
using System.Text.Json;
using RnnService.Engine.Tensors;
using RnnService.Models.Classification;
using RnnService.Models.Packages;
using RnnService.Models.Text;
using RnnService.Training.Recipes;

namespace RnnService.Training.Tasks;

/// <summary>
/// A language model, or a classifier of texts, as the start of a classifier: its tokenizer, its embedding and its recurrent layers; where only
/// the classifier that is to be trained is bidirectional, the forward direction of the first. They are thawed layer by layer, the top one
/// first (Howard and Ruder 2018).
/// </summary>
public sealed class PretrainedEncoder
{
    readonly EncoderSettings _settings;
    readonly ModelManifest _manifest;
    readonly ParameterSet _parameters;
    readonly List<Parameter[]> _layers = [];   // of the classifier, top layer first, the embedding last

    PretrainedEncoder(EncoderSettings settings, ModelManifest manifest, ITokenizer tokenizer, ParameterSet parameters) =>
        (_settings, _manifest, Tokenizer, _parameters) = (settings, manifest, tokenizer, parameters);

    /// <summary>Its tokens.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>SHA-256 of its weights.</summary>
    public string Sha256 => _manifest.WeightsSha256;

    /// <summary>Loads a model.</summary>
    /// <param name="settings">names it, and says how it is thawed</param>
    /// <param name="repository">the folder where a name alone is looked for</param>
    /// <exception cref="TrainingException">there is none, it is broken, or it does something else</exception>
    public static PretrainedEncoder Load(EncoderSettings settings, string repository)
    {
        const string field = "model.initializeFrom";
        return NamedModel.Load(field, settings.InitializeFrom, repository) switch
        {
            LanguageModelPackage model => new PretrainedEncoder(settings, model.Manifest, model.Tokenizer, model.Model.Parameters),
            ClassifierPackage { Manifest.Task: ModelTask.SequenceClassifier } model =>
                new PretrainedEncoder(settings, model.Manifest, model.Tokenizer!, model.Model.Parameters),
            var other => throw new TrainingException(
                $"{field} is \"{settings.InitializeFrom}\", whose task is {other.Manifest.Task}; expected {ModelTask.LanguageModel} or {ModelTask.SequenceClassifier}."),
        };
    }

    /// <summary>Copies its weights into a classifier.</summary>
    /// <exception cref="TrainingException">the networks do not fit; the message names the field</exception>
    public void CopyTo(ClassifierModel classifier)
    {
        var (from, to) = (_manifest.Architecture, classifier.Settings);
        Require("cell", from.Cell, to.Cell);
        Require("activation", from.Activation, to.Activation);
        Require("recurrence", from.Recurrence, to.Recurrence);
        Require("gruForm", from.GruForm, to.GruForm);
        Require("leak", from.Leak, to.Leak);
        Require("timeSkip", from.TimeSkip, to.TimeSkip);
        Require("hiddenSize", from.HiddenSize, to.HiddenSize);
        Require("embeddingSize", from.EmbeddingSize, to.EmbeddingSize);
        if (from.Bidirectional)
            Require("bidirectional", true, to.Bidirectional);
        if (to.Layers < from.Layers && to.Bidirectional == from.Bidirectional)
            Require("layers", from.Layers, to.Layers);
        // They go around the layers above the first, which have other sizes where the directions differ and are not copied.
        if (from.Layers > 1 && to.Bidirectional == from.Bidirectional)
            Require("residual", from.Residual, to.Residual);
        foreach (var layer in _parameters.Where(IsOfEncoder).GroupBy(LayerOf).OrderByDescending(layer => layer.Key))
        {
            Parameter[] shared = [.. layer.Where(source => classifier.Parameters.Contains(source.Name)
                && classifier.Parameters[source.Name].Shape == source.Shape).Select(source => Copy(source, classifier))];
            if (shared.Length > 0)
                _layers.Add(shared);
        }
        classifier.WeightsChanged();
    }

    /// <summary>Freezes the layers that are not trained in an epoch, and thaws the others.</summary>
    /// <param name="epoch">from 1</param>
    public void FreezeFor(int epoch)
    {
        int thawed = _settings.UnfreezeEvery == 0 ? _layers.Count : (epoch - 1) / _settings.UnfreezeEvery;
        for (int layer = 0; layer < _layers.Count; layer++)
        {
            foreach (var parameter in _layers[layer])
                parameter.IsFrozen = layer >= thawed;
        }
    }

    static Parameter Copy(Parameter source, ClassifierModel classifier)
    {
        var target = classifier.Parameters[source.Name];
        source.Value.Span.CopyTo(target.Value.Span);
        return target;
    }

    static bool IsOfEncoder(Parameter parameter) =>
        parameter.Name.StartsWith("embedding.", StringComparison.Ordinal) || parameter.Name.StartsWith("rnn.", StringComparison.Ordinal);

    // rnn.weight_ih_l2 and rnn.weight_ih_l2_reverse are of layer 2, the embedding is below all.
    static int LayerOf(Parameter parameter)
    {
        string name = parameter.Name.Replace("_reverse", "", StringComparison.Ordinal);
        int at = name.LastIndexOf("_l", StringComparison.Ordinal);
        return at < 0 ? -1 : int.Parse(name.AsSpan(at + 2), CultureInfo.InvariantCulture);
    }

    void Require<T>(string field, T expected, T found)
    {
        if (Equals(expected, found))
            return;
        string name = Written(expected);
        throw new TrainingException(
            $"model.{field} is {Written(found)}, but that of {_settings.InitializeFrom}, which model.initializeFrom names, is {name}; set it to {name}.");
    }

    // As recipes have it.
    static string Written<T>(T value) =>
        value is Enum or bool ? JsonNamingPolicy.KebabCaseLower.ConvertName($"{value}") : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
