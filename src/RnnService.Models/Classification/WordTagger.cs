using RnnService.Models.Text;

namespace RnnService.Models.Classification;

/// <summary>Gives each word of a text its tag. Safe to share between threads.</summary>
public sealed class WordTagger
{
    readonly ITokenizer _tokenizer;
    readonly WorkspacePool<ClassifierPass> _passes;
    readonly int _maxLength;

    /// <param name="model">an output for each word</param>
    /// <param name="labels">[K] the tags, in the order of the outputs</param>
    /// <param name="tokenizer">its tokens</param>
    /// <exception cref="ArgumentException">the model has one output for a text</exception>
    public WordTagger(ClassifierModel model, IReadOnlyList<string> labels, ITokenizer tokenizer)
    {
        if (model.IsPooled)
            throw new ArgumentException("found a model with one output for a text, expected one for each word.", nameof(model));
        (_tokenizer, Labels) = (tokenizer, labels);
        _maxLength = model.Classifier.MaxLength;
        _passes = new(steps => new ClassifierPass(model, steps, batchSize: 1));
    }

    /// <summary>The tags, in the order of the outputs.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Splits a text into words as treebanks do and tags them.</summary>
    /// <inheritdoc cref="Tag(IReadOnlyList{string}, CancellationToken)"/>
    public IReadOnlyList<TaggedWord> Tag(string text, CancellationToken cancellationToken = default)
    {
        var words = TreebankWords.Split(ComposedText.Of(text));
        var tags = Tag([.. words.Select(word => word.Text)], cancellationToken);
        return [.. words.Zip(tags, (word, tag) => new TaggedWord(word.Text, word.Start, tag.Label, tag.Score))];
    }

    /// <summary>Tags words as they are; a text of more than the model's maximum length in parts of this length.</summary>
    /// <param name="words">any number</param>
    /// <param name="cancellationToken">checked before each part</param>
    /// <exception cref="OperationCanceledException">the caller left</exception>
    public IReadOnlyList<LabelScores> Tag(IReadOnlyList<string> words, CancellationToken cancellationToken = default) =>
        [.. words.Chunk(_maxLength).SelectMany(part => TagPart(part, cancellationToken))];

    LabelScores[] TagPart(string[] words, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var sequence = SequenceOf(words, _tokenizer);
        return _passes.Use(sequence.Length, pass =>
        {
            pass.Forward([sequence]);
            return words.Select((_, index) => LabelScores.Of(Labels, pass.Logits(0, index))).ToArray();
        });
    }

    /// <summary>The sequence of words that are split already.</summary>
    public static ClassifierSequence SequenceOf(IReadOnlyList<string> words, ITokenizer tokenizer)
    {
        bool lowercase = tokenizer is WordTokenizer { Lowercase: true };
        return TextFrame.FrameAll(words, [.. words.Select(word => tokenizer.Vocabulary.IdOf(TextFolding.Fold(word, lowercase)))]);
    }
}

/// <summary>A word of a text with its tag.</summary>
/// <param name="Word">as the text has it, composed</param>
/// <param name="Start">offset of its first UTF-16 unit in the <see cref="ComposedText"/></param>
/// <param name="Tag">the most probable tag</param>
/// <param name="Probability">of the tag</param>
public sealed record TaggedWord(string Word, int Start, string Tag, double Probability);
