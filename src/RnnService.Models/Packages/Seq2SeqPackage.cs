using RnnService.Models.Checkpoints;
using RnnService.Models.Seq2Seq;
using RnnService.Models.Text;

namespace RnnService.Models.Packages;

/// <summary>An encoder-decoder with all that is needed to use it.</summary>
/// <param name="Manifest">what it is and where it comes from; its languages are that of the source and that of the target</param>
/// <param name="Tokenizer">the tokens of both sides</param>
/// <param name="Model">its weights</param>
public sealed record Seq2SeqPackage(ModelManifest Manifest, ITokenizer Tokenizer, Seq2SeqModel Model) : ModelPackage(Manifest)
{
    /// <summary>The most tokens of a text that a model may read or write.</summary>
    public const int LongestText = 1000;

    /// <summary>Whether it goes on with a conversation rather than translating: from a language to itself.</summary>
    public bool IsDialogue => Manifest.Languages is [var source, var target] && source == target;

    /// <summary>Writes the files of a version into <paramref name="folder"/>.</summary>
    /// <param name="folder">an existing folder</param>
    /// <param name="manifest">languages (source, target), metrics, recipe and origin; what describes the other files is filled in</param>
    /// <param name="tokenizer">the tokens of both sides</param>
    /// <param name="model">the weights</param>
    /// <param name="storage">how the weights are stored</param>
    /// <param name="card">the model card, Markdown</param>
    public static void Write(
        string folder, ModelManifest manifest, ITokenizer tokenizer, Seq2SeqModel model, StorageType storage, string card)
    {
        var described = manifest with { Task = ModelTask.Seq2Seq, Architecture = model.Settings, Seq2Seq = model.Seq2Seq };
        VersionFiles.Write(folder, described, tokenizer, model.Parameters, storage, card);
    }

    internal static Seq2SeqPackage Read(string folder, ModelManifest manifest)
    {
        string path = Path.Combine(folder, ModelFiles.Manifest);
        var seq2seq = manifest.Seq2Seq ?? throw new CheckpointException(path, "seq2seq", "nothing", "what is around the decoder's network");
        Check(path, seq2seq);
        if (manifest.Languages is not { Count: 2 } languages || languages.Any(string.IsNullOrWhiteSpace))
            throw new CheckpointException(path, "languages", manifest.Languages is null ? "nothing" : $"'{string.Join("', '", manifest.Languages)}'", "the source's and the target's");
        var tokenizer = VersionFiles.ReadTokenizer(folder, manifest);
        var model = VersionFiles.ReadModel(
            folder, manifest,
            () => Seq2SeqModel.WeightCount(manifest.Architecture, seq2seq, manifest.VocabularySize),
            () => new Seq2SeqModel(manifest.Architecture, seq2seq, manifest.VocabularySize),
            model => model.Parameters);
        return new Seq2SeqPackage(manifest, tokenizer, model);
    }

    static void Check(string path, Seq2SeqSettings seq2seq)
    {
        AtLeastOne("attentionSize", seq2seq.AttentionSize);
        AtLeastOne("encoderHiddenSize", seq2seq.EncoderHiddenSize);
        AtLeastOne("encoderLayers", seq2seq.EncoderLayers);
        AtLeastOne("maxLength", seq2seq.MaxLength);
        if (seq2seq.MaxLength > LongestText)
            throw new CheckpointException(path, "seq2seq.maxLength", $"{seq2seq.MaxLength}", $"{LongestText} at most");

        void AtLeastOne(string field, int value)
        {
            if (value < 1)
                throw new CheckpointException(path, $"seq2seq.{field}", $"{value}", "1 or more");
        }
    }
}
