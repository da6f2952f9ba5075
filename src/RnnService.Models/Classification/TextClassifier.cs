using RnnService.Models.BagsOfWords;
using RnnService.Models.Explanations;
using RnnService.Models.Text;

namespace RnnService.Models.Classification;

/// <summary>Says which class a text is of, and why. Safe to share between threads.</summary>
public sealed class TextClassifier
{
    readonly ClassifierModel _model;
    readonly ITokenizer _tokenizer;
    readonly TextFrame _frame;
    readonly BagMixture? _bag;
    readonly WorkspacePool<ClassifierPass> _passes, _explainingPasses;

    /// <param name="model">one output for each text; its weights must not change any more</param>
    /// <param name="labels">[K] the classes, in the order of the outputs</param>
    /// <param name="tokenizer">its tokens</param>
    /// <param name="bag">what words and pairs of words add; null for nothing</param>
    /// <exception cref="ArgumentException">the model has an output for each token</exception>
    public TextClassifier(ClassifierModel model, IReadOnlyList<string> labels, ITokenizer tokenizer, BagMixture? bag = null)
    {
        if (!model.IsPooled)
            throw new ArgumentException("found a model with an output for each token, expected one for each text.", nameof(model));
        (_model, _tokenizer, _bag, Labels) = (model, tokenizer, bag, labels);
        _frame = new TextFrame(_model.Classifier.MaxLength);
        _model.Freeze();
        _model.Pack(forTraining: true);
        _passes = new(steps => new ClassifierPass(_model, steps, batchSize: 1));
        _explainingPasses = new(steps => new ClassifierPass(_model, steps, IntegratedGradients.BatchSize));
    }

    /// <summary>The classes, in the order of the outputs.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The class of a text, which may be empty.</summary>
    public LabelScores Classify(string text) => Classify(text, out _);

    /// <summary>The class of a text, which may be empty.</summary>
    /// <param name="text">of any length</param>
    /// <param name="tokens">number of its tokens that were read: all of them, or as many as a network alone reads</param>
    public LabelScores Classify(string text, out int tokens)
    {
        text = ComposedText.Of(text);
        int[] ids = _tokenizer.Encode(text);
        var sequence = _frame.Frame(ids);
        tokens = _bag is null ? sequence.Length - TextFrame.Steps : ids.Length;
        return Classify(text, sequence);
    }

    /// <summary>The class of a text and what each token contributes to its probability.</summary>
    /// <param name="text">of any length</param>
    /// <param name="cancellationToken">checked all along, for long texts take seconds</param>
    /// <exception cref="OperationCanceledException">the caller left</exception>
    public Explanation Explain(string text, CancellationToken cancellationToken = default)
    {
        text = ComposedText.Of(text);
        var tokens = _tokenizer.Tokenize(text);
        var sequence = _frame.Frame([.. tokens.Select(token => token.Id)]);
        var scores = Classify(text, sequence);
        int label = Labels.ToList().IndexOf(scores.Label);
        var attribution = _explainingPasses.Use(sequence.Length, pass => IntegratedGradients.Explain(_model, pass, sequence, label, cancellationToken));
        int[] read = [.. _frame.ReadTokens(tokens.Count)];
        if (_bag is not null)
        {
            attribution = _bag.Mix(OfAll(attribution, read, tokens.Count), _bag.Classifier.Explain(text, tokens, label));
            read = [.. Enumerable.Range(0, tokens.Count)];
        }
        return new Explanation(
            scores,
            [.. read.Zip(attribution.Contributions, (index, contribution) =>
                new TokenContribution(text.Substring(tokens[index].Start, tokens[index].Length), tokens[index].Start, contribution))],
            attribution.BaselineScore,
            attribution.Error);
    }

    // Tokens the network does not read contribute nothing to its part.
    static Attribution OfAll(Attribution attribution, int[] read, int count)
    {
        double[] contributions = new double[count];
        for (int i = 0; i < read.Length; i++)
            contributions[read[i]] = attribution.Contributions[i];
        return attribution with { Contributions = contributions };
    }

    LabelScores Classify(string text, ClassifierSequence sequence) => _passes.Use(sequence.Length, pass =>
    {
        pass.Forward([sequence]);
        var logits = pass.Logits(0);
        _bag?.Mix(text, logits);
        return LabelScores.Of(Labels, logits);
    });
}

/// <summary>The class of a text and the reasons.</summary>
/// <param name="Scores">the class</param>
/// <param name="Tokens">the tokens that were read, in order; of a text that is too long for a network alone begin and end</param>
/// <param name="BaselineScore">the probability of the class for a text that says nothing; contributions add up to the score - this</param>
/// <param name="CompletenessError">how far their sum is from that</param>
public sealed record Explanation(LabelScores Scores, IReadOnlyList<TokenContribution> Tokens, double BaselineScore, double CompletenessError);

/// <summary>What a token contributes to the probability of a class: positive in favour, negative against.</summary>
/// <param name="Token">as the text has it</param>
/// <param name="Start">offset of its first UTF-16 unit in the text</param>
/// <param name="Contribution">in probability</param>
public sealed record TokenContribution(string Token, int Start, double Contribution);
