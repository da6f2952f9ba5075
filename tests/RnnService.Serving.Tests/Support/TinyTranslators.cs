using RnnService.Engine.Layers;
using RnnService.Engine.Optimizers;
using RnnService.Models.Checkpoints;
using RnnService.Models.LanguageModels;
using RnnService.Models.Packages;
using RnnService.Models.Seq2Seq;
using RnnService.Models.Text;

namespace RnnService.Serving.Tests.Support;

/// <summary>Encoder-decoders of a few thousand weights, trained within a second on a few sentences, which they know by heart.</summary>
static class TinyTranslators
{
    internal static Seq2SeqPackage FrenchToEnglish { get; } = Train(
        "fr", "en", ("Elle aime la Chine.", "She loves China."), ("Il aime les livres.", "He loves books."), ("Elle dort.", "She sleeps."));

    internal static Seq2SeqPackage EnglishToChinese { get; } = Train(
        "en", "zh", ("She loves China.", "她爱中国。"), ("He loves books.", "他爱书。"), ("She sleeps.", "她在睡觉。"));

    /// <summary>Says hello and that it is fine.</summary>
    internal static Seq2SeqPackage Chat { get; } = Train("en", "en", ("hello", "hi, how are you?"), ("hello\nhi\nhow are you?", "fine, thank you."));

    /// <summary>Adds one of them to a repository.</summary>
    internal static ModelVersion Publish(ModelRepository repository, string name, Seq2SeqPackage package) =>
        repository.Publish(name, folder => Seq2SeqPackage.Write(
            folder, package.Manifest, package.Tokenizer, package.Model, StorageType.Float32, "# A model for tests\n"));

    static Seq2SeqPackage Train(string source, string target, params (string Source, string Target)[] pairs)
    {
        var tokenizer = TokenizerTrainer.Train(new TokenizerSettings { MinCount = 1, Lowercase = false }, pairs.SelectMany(pair => new[] { pair.Source, pair.Target }));
        Seq2SeqExample[] examples = [.. pairs.Select(pair => new Seq2SeqExample(tokenizer.Encode(pair.Source), tokenizer.Encode(pair.Target)))];
        var settings = new ModelSettings { Cell = CellKind.Gru, Layers = 1, HiddenSize = 16, EmbeddingSize = 8, Bidirectional = true };
        var model = new Seq2SeqModel(settings, new Seq2SeqSettings { EncoderHiddenSize = 8, AttentionSize = 8, MaxLength = 20 }, tokenizer.Vocabulary.Count);
        model.Initialize(seed: 3);
        var pass = new Seq2SeqPass(model, sourceSteps: 20, targetSteps: 20, examples.Length);
        var optimizer = new Adam(model.Parameters);
        for (int step = 0; step < 200; step++)
        {
            model.Parameters.ZeroGradients();
            pass.Train(examples, labelSmoothing: 0, dropoutSeed: 0);
            optimizer.Step(model.Parameters, learningRate: 0.02f);
        }
        model.WeightsChanged();
        return new Seq2SeqPackage(new ModelManifest { Task = ModelTask.Seq2Seq, Languages = [source, target] }, tokenizer, model);
    }
}
