using System.Threading.Channels;
using RnnService.Models.Classification;
using RnnService.Models.Decoding;
using RnnService.Models.Seq2Seq;
using RnnService.Serving.Registry;

namespace RnnService.Serving;

/// <summary>
/// Answers prediction requests: takes a model into use, waits for a place to compute, computes, gives both back. Every failure a caller
/// can cause is a <see cref="ServingException"/>.
/// </summary>
public sealed class PredictionService(ModelRegistry registry, ComputeGate gate, ServingMetrics metrics, ServingDefaults defaults)
{
    // An alignment has as many weights as source and target tokens multiplied.
    const int MostAlignedLength = 2000;

    /// <summary>The most probable next words.</summary>
    /// <param name="model">name, name@version or name@alias; null takes the default for the text's script</param>
    /// <param name="text">what stands before the word</param>
    /// <param name="prefix">only words that begin with it, or null</param>
    /// <param name="top">number of words, 1 or more</param>
    /// <param name="cancellationToken">cancelled when the caller leaves</param>
    /// <exception cref="ServingException">unknown or unloaded model, one that does another job, or no place</exception>
    public Task<ModelAnswer<IReadOnlyList<WordPrediction>>> NextWordAsync(
        string? model, string text, string? prefix, int top, CancellationToken cancellationToken) =>
        AskAsync<NextWordPredictor, IReadOnlyList<WordPrediction>>(
            model, ForScript(text + prefix, defaults.NextWord, defaults.NextWordChinese),
            predictor => predictor.Predict(text, prefix, top, cancellationToken), cancellationToken);

    /// <summary>The class of a text.</summary>
    /// <param name="model">name, name@version or name@alias; null takes the default for the text's script</param>
    /// <param name="text">may be of any length</param>
    /// <param name="cancellationToken">cancelled when the caller leaves</param>
    /// <exception cref="ServingException">unknown or unloaded model, one that does another job, or no place</exception>
    public Task<ModelAnswer<LabelScores>> ClassifyTextAsync(string? model, string text, CancellationToken cancellationToken) =>
        AskAsync<TextClassifier, LabelScores>(
            model, SentimentDefault(text), classifier => (classifier.Classify(text, out int tokens), tokens), cancellationToken);

    /// <summary>The class of a text and what each token contributes to it.</summary>
    /// <inheritdoc cref="ClassifyTextAsync"/>
    public Task<ModelAnswer<Explanation>> ExplainTextAsync(string? model, string text, CancellationToken cancellationToken) =>
        AskAsync<TextClassifier, Explanation>(model, SentimentDefault(text), classifier =>
        {
            var explanation = classifier.Explain(text, cancellationToken);
            return (explanation, explanation.Tokens.Count);
        }, cancellationToken);

    /// <summary>The tag of each word of a text.</summary>
    /// <param name="model">name, name@version or name@alias; null takes the default</param>
    /// <param name="text">may be of any length</param>
    /// <param name="cancellationToken">cancelled when the caller leaves</param>
    /// <exception cref="ServingException">unknown or unloaded model, one that does another job, or no place</exception>
    public Task<ModelAnswer<IReadOnlyList<TaggedWord>>> TagAsync(string? model, string text, CancellationToken cancellationToken) =>
        AskAsync<WordTagger, IReadOnlyList<TaggedWord>>(model, defaults.Tags, tagger =>
        {
            var words = tagger.Tag(text, cancellationToken);
            return (words, words.Count);
        }, cancellationToken);

    /// <summary>The class of a series of numbers.</summary>
    /// <param name="model">name, name@version or name@alias; null takes the default</param>
    /// <param name="steps">[T][F] raw numbers, oldest step first; as many as the model reads, or fewer</param>
    /// <param name="cancellationToken">cancelled when the caller leaves</param>
    /// <exception cref="ServingException">unknown or unloaded model, one that does another job, steps it cannot read, or no place</exception>
    public Task<ModelAnswer<LabelScores>> ClassifySeriesAsync(
        string? model, IReadOnlyList<IReadOnlyList<double>?> steps, CancellationToken cancellationToken) =>
        AskAsync<SeriesClassifier, LabelScores>(
            model, defaults.Series, classifier => (classifier.Classify(SeriesSteps.Join(steps, classifier.Features)), steps.Count), cancellationToken);

    /// <summary>The text in another language.</summary>
    /// <param name="model">name, name@version or name@alias; null takes one for the languages</param>
    /// <param name="text">may be of any length</param>
    /// <param name="languages">its language and the one wanted</param>
    /// <param name="options">the search, and what is told beside the translation</param>
    /// <param name="cancellationToken">cancelled when the caller leaves</param>
    /// <exception cref="ServingException">unknown or unloaded model, one that does another job, languages that none has, or no place</exception>
    public Task<ModelAnswer<Translation>> TranslateAsync(
        string? model, string text, LanguagePair languages, TranslationOptions options, CancellationToken cancellationToken)
    {
        if (options.Alignment && text.Length > MostAlignedLength)
            throw new ServingException(new InvalidField("alignment", $"is for texts of at most {MostAlignedLength} characters; found {text.Length}"));
        string named = model ?? TextTranslator.NameFor(languages, registry);
        return AskAsync<TextTranslator, Translation>(named, named, translator =>
        {
            translator.Require(languages, named, registry);
            var translation = translator.Translate(text, options, cancellationToken);
            return (translation, translation.Tokens);
        }, cancellationToken);
    }

    /// <summary>The next turn of a conversation.</summary>
    /// <param name="model">name, name@version or name@alias; null takes the default</param>
    /// <param name="text">the turns so far, one a line</param>
    /// <param name="sampling">how the reply is drawn</param>
    /// <param name="cancellationToken">cancelled when the caller leaves</param>
    /// <exception cref="ServingException">unknown or unloaded model, one that does another job, or no place</exception>
    public Task<ModelAnswer<string>> ChatAsync(string? model, string text, SamplingOptions sampling, CancellationToken cancellationToken) =>
        AskAsync<ChatResponder, string>(model, defaults.Chat, responder =>
        {
            var reply = responder.Reply(text, sampling, cancellationToken);
            return (reply.Text, reply.Tokens);
        }, cancellationToken);

    /// <summary>
    /// Starts to continue a prompt. Computing goes on without waiting for the reader, so that a slow reader holds no place, and stops
    /// when the caller leaves.
    /// </summary>
    /// <param name="model">name, name@version or name@alias; null takes the default for the prompt's script</param>
    /// <param name="prompt">the text to continue</param>
    /// <param name="options">lengths and sampling</param>
    /// <param name="cancellationToken">cancelled when the caller leaves</param>
    /// <exception cref="ServingException">unknown or unloaded model, or no place</exception>
    public async Task<GenerationAnswer> GenerateAsync(string? model, string prompt, GenerationOptions options, CancellationToken cancellationToken)
    {
        var lease = Acquire<TextGenerator>(model, ForScript(prompt, defaults.Generate, defaults.GenerateChinese));
        try
        {
            var pieces = lease.Model.As<TextGenerator>().Generate(prompt, options, cancellationToken);
            var place = await EnterAsync(cancellationToken).ConfigureAwait(false);
            // Unbounded, because a request has a bounded number of tokens.
            var channel = Channel.CreateUnbounded<GeneratedPiece>(new() { SingleReader = true, SingleWriter = true });
            _ = Task.Run(() => Compute(pieces, channel.Writer, lease, place), CancellationToken.None);
            return new GenerationAnswer(lease.Model.Key, channel.Reader.ReadAllAsync(cancellationToken));
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    void Compute(IEnumerable<GeneratedPiece> pieces, ChannelWriter<GeneratedPiece> writer, ModelLease lease, IDisposable place)
    {
        Exception? error = null;
        int tokens = 0;
        try
        {
            foreach (var piece in pieces)
            {
                tokens = piece.Tokens;
                writer.TryWrite(piece);
            }
        }
        catch (Exception exception)
        {
            // The reader, not this task, is where it must surface.
            error = exception;
        }
        place.Dispose();
        lease.Dispose();
        metrics.CountTokens(lease.Model.Key.Name, tokens);
        writer.Complete(error);
    }

    string SentimentDefault(string text) => ForScript(text, defaults.Sentiment, defaults.SentimentChinese);

    static string ForScript(string text, string model, string chinese) => HanScript.Prevails(text) ? chinese : model;

    async Task<ModelAnswer<TResult>> AskAsync<TCapability, TResult>(
        string? model, string defaultModel, Func<TCapability, (TResult Result, int Tokens)> ask, CancellationToken cancellationToken)
        where TCapability : class
    {
        using var lease = Acquire<TCapability>(model, defaultModel);
        var capability = lease.Model.As<TCapability>();
        using var place = await EnterAsync(cancellationToken).ConfigureAwait(false);
        var (result, tokens) = ask(capability);
        metrics.CountTokens(lease.Model.Key.Name, tokens);
        return new ModelAnswer<TResult>(lease.Model.Key, result, tokens);
    }

    ModelLease Acquire<TCapability>(string? model, string defaultModel)
        where TCapability : class
    {
        try
        {
            return registry.Acquire(model ?? defaultModel);
        }
        catch (ServingException unknown) when (model is null && unknown.Failure == ServingFailure.UnknownModel)
        {
            // The caller named no model and may not know that there are others.
            string others = string.Join(", ", registry.ModelsOf<TCapability>().Select(loaded => loaded.Key.Name).Distinct());
            throw new ServingException(ServingFailure.UnknownModel,
                $"The repository does not have '{defaultModel}', which answers when a request names no model; "
                + $"models that can {ModelCapabilities.JobOf(typeof(TCapability))}: {(others.Length > 0 ? others : "none")}.", unknown);
        }
    }

    async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ServingException)
        {
            metrics.CountRefused();
            throw;
        }
    }
}
