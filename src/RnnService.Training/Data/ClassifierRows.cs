using RnnService.Models.Classification;
using RnnService.Models.Text;

namespace RnnService.Training.Data;

/// <summary>The rows of files as a task of classification has them: their labels and their sequences.</summary>
abstract class ClassifierRows
{
    /// <summary>Reads all rows of all files.</summary>
    /// <exception cref="CorpusException">a row is malformed</exception>
    public static ClassifierRows Read(DataSettings settings, Corpus corpus) => settings switch
    {
        LabelledTextSettings text => new LabelledTextRows(LabelledText.Read(corpus, text)),
        TaggedTokenSettings tagged => new TaggedRows(TaggedSentence.Read(corpus, tagged)),
        SeriesSettings series => new SeriesRows(SeriesExample.Read(corpus, series), series),
        _ => throw new ArgumentOutOfRangeException(nameof(settings), settings, "no rows of this kind"),
    };

    /// <summary>Every label of every row.</summary>
    public abstract IEnumerable<Label> Labels { get; }

    /// <summary>Texts to learn a vocabulary from; none for series.</summary>
    public abstract IEnumerable<string> Texts { get; }

    /// <summary>The settings of a model, what it learns from these rows beside weights and vocabulary included.</summary>
    public virtual ClassifierSettings Learn(ClassifierSettings settings) => settings;

    /// <summary>Rows as a model reads them.</summary>
    /// <exception cref="CorpusException">a label is none of the model's</exception>
    public abstract ClassifierExample[] Encode(LabelSet labels, ITokenizer? tokenizer, ClassifierSettings settings);
}
