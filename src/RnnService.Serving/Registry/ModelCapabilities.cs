using RnnService.Engine.Kernels;
using RnnService.Models.Classification;
using RnnService.Models.Decoding;
using RnnService.Models.Packages;
using RnnService.Models.Seq2Seq;
using RnnService.Models.Text;

namespace RnnService.Serving.Registry;

/// <summary>
/// What models can do: the one table of capabilities, and those of each task. A capability is the object that answers a kind of request,
/// safe to share between requests; it has answered once before it is given out, so that the first request waits for no preparation.
/// </summary>
static class ModelCapabilities
{
    const string AnyText = "a";

    /// <summary>Each kind of capability, what it does and where it is asked.</summary>
    static readonly (Type Capability, string Job, string Route)[] s_jobs =
    [
        (typeof(NextWordPredictor), "predict next words", "/api/v1/next-word"),
        (typeof(TextGenerator), "continue texts", "/api/v1/generate"),
        (typeof(TextClassifier), "classify texts", "/api/v1/sentiment"),
        (typeof(WordTagger), "tag words", "/api/v1/tags"),
        (typeof(SeriesClassifier), "classify series of numbers", "/api/v1/series"),
        (typeof(TextTranslator), "translate texts", "/api/v1/translation"),
        (typeof(ChatResponder), "chat", "/api/v1/chat"),
    ];

    /// <summary>The capabilities of a model.</summary>
    /// <param name="package">the model</param>
    /// <param name="weights">how it keeps its weights in memory, where its task leaves the choice</param>
    /// <exception cref="ServingException">models of this task are not served</exception>
    internal static IReadOnlyList<object> Of(ModelPackage package, WeightType weights) => package switch
    {
        LanguageModelPackage model => OfLanguageModel(model, WeightTypeOf(model.Manifest.Task, weights)),
        ClassifierPackage { Manifest.Task: ModelTask.SequenceClassifier } model =>
            [Warmed(model.CreateTextClassifier(), classifier => classifier.Explain(AnyText))],
        ClassifierPackage { Manifest.Task: ModelTask.Tagger } model => [Warmed(model.CreateWordTagger(), tagger => tagger.Tag(AnyText))],
        ClassifierPackage { Manifest.Task: ModelTask.SeriesClassifier } model =>
            [Warmed(model.CreateSeriesClassifier(), classifier => classifier.Classify([.. classifier.Features.Means.Select(mean => (float)mean)]))],
        Seq2SeqPackage model => OfEncoderDecoder(model, WeightTypeOf(model.Manifest.Task, weights)),
        _ => throw new ServingException(ServingFailure.LoadFailed, $"task: found '{package.Manifest.Task}', expected one that is served."),
    };

    /// <summary>How models of a task keep their weights in memory: as asked, where there is a choice.</summary>
    internal static WeightType WeightTypeOf(string? task, WeightType asked) =>
        task is ModelTask.LanguageModel or ModelTask.Seq2Seq ? asked : WeightType.Float32;

    /// <summary>What a capability is for, to follow "can".</summary>
    internal static string JobOf(Type capability) => s_jobs.Single(job => job.Capability == capability).Job;

    /// <summary>What capabilities are for and where they are asked, to follow "can".</summary>
    internal static string Describe(IEnumerable<object> capabilities) => string.Join(" and ",
        s_jobs.Where(job => capabilities.Any(job.Capability.IsInstanceOfType)).Select(job => $"{job.Job} (POST {job.Route})"));

    static object[] OfLanguageModel(LanguageModelPackage package, WeightType weights)
    {
        var (model, tokenizer) = (package.Model, package.Tokenizer);
        model.WeightType = weights;
        // Lays the weights out for the kernels and compiles the step.
        model.CreateSession().Feed(Vocabulary.EosId);
        return [new TextGenerator(model, tokenizer), new NextWordPredictor(model, tokenizer, package.Ngrams)];
    }

    static object[] OfEncoderDecoder(Seq2SeqPackage package, WeightType weights)
    {
        package.Model.WeightType = weights;
        return package.IsDialogue
            ? [Warmed(new ChatResponder(package.Model, package.Tokenizer), responder => responder.Reply(AnyText, ChatResponder.DefaultSampling))]
            : [Warmed(new TextTranslator(package), translator => translator.Translate(AnyText, new TranslationOptions(), CancellationToken.None))];
    }

    static TCapability Warmed<TCapability>(TCapability capability, Action<TCapability> ask)
    {
        ask(capability);
        return capability;
    }
}
