using RnnService.Models.Classification;
using RnnService.Training.Data;

namespace RnnService.Training.Preparation;

/// <summary>
/// Labels for a language without any: a classifier of another language labels one side of translated pairs, and the label is carried over
/// to the other side where the classifier is sure (Mihalcea et al. 2007).
/// </summary>
public static class CarriedLabels
{
    /// <summary>Writes a TSV of the columns <c>label</c> and <c>text</c>: each target text that differs from those before.</summary>
    /// <param name="classifier">of the source language</param>
    /// <param name="pairs">the pairs</param>
    /// <param name="format">of their files</param>
    /// <param name="source">the column the classifier reads</param>
    /// <param name="targets">the columns that get its label</param>
    /// <param name="leastScore">the label's probability from which on it is carried over, 0 to 1</param>
    /// <param name="output">the file to write</param>
    /// <param name="stop">asks for the end: nothing is written then</param>
    /// <returns>how often each label was carried over</returns>
    /// <exception cref="CorpusException">a file is malformed</exception>
    /// <exception cref="OperationCanceledException">stopped</exception>
    public static IReadOnlyDictionary<string, int> Prepare(
        TextClassifier classifier, Corpus pairs, TableFormat format, string source, IReadOnlyList<string> targets, double leastScore, string output,
        CancellationToken stop = default)
    {
        var counts = classifier.Labels.ToDictionary(label => label, _ => 0, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        PreparedFile.Write(output, writer =>
        {
            writer.WriteLine("label\ttext");
            foreach (var row in TableReader.Read(pairs, format, [source, .. targets]))
            {
                stop.ThrowIfCancellationRequested();
                var scores = classifier.Classify(row.Values[0]);
                if (scores.Score < leastScore)
                    continue;
                foreach (string text in row.Values.Skip(1).Where(text => text.Length > 0 && seen.Add(text)))
                {
                    counts[scores.Label]++;
                    writer.WriteLine($"{scores.Label}\t{text.ReplaceLineEndings(" ").Replace('\t', ' ')}");
                }
            }
        });
        return counts;
    }
}
