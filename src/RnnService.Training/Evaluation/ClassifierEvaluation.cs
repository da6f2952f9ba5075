using RnnService.Engine.Kernels;
using RnnService.Models.BagsOfWords;
using RnnService.Models.Classification;
using RnnService.Training.Data;
using RnnService.Training.Metrics;

namespace RnnService.Training.Evaluation;

/// <summary>Measures a classifier on examples; the same figures while training and from <c>rnn evaluate</c>.</summary>
static class ClassifierEvaluation
{
    /// <summary>Predicts every label of every example.</summary>
    /// <param name="pass">a pass over the model, long enough for each example</param>
    /// <param name="labels">[K] names of the outputs</param>
    /// <param name="examples">one or more</param>
    /// <param name="bag">added to the network's classes, or null</param>
    /// <param name="rows">the examples as they were read, whose texts it needs</param>
    public static ClassificationResult Measure(
        ClassifierPass pass, IReadOnlyList<string> labels, IReadOnlyList<ClassifierExample> examples, BagMixture? bag, ClassifierRows rows)
    {
        if (bag is null)
            return Measure(pass, labels, examples);
        string[] texts = [.. rows.Texts];
        return Measure(pass, labels, examples, (index, logits) => bag.Mix(texts[index], logits)) with { Network = Measure(pass, labels, examples) };
    }

    /// <inheritdoc cref="Measure(ClassifierPass, IReadOnlyList{string}, IReadOnlyList{ClassifierExample}, BagMixture?, ClassifierRows)"/>
    public static ClassificationResult Measure(ClassifierPass pass, IReadOnlyList<string> labels, IReadOnlyList<ClassifierExample> examples) =>
        Measure(pass, labels, examples, (_, _) => { });

    static ClassificationResult Measure(
        ClassifierPass pass, IReadOnlyList<string> labels, IReadOnlyList<ClassifierExample> examples, Change change)
    {
        var matrix = new ConfusionMatrix(labels);
        var calibration = new CalibrationError();
        EntityScore? entities = EntityScore.AreEntityTags(labels) ? new EntityScore() : null;
        double nats = 0;
        var batches = new LengthBatches([.. examples.Select(example => example.Sequence.Length)], pass.BatchSize);
        foreach (int[] batch in batches.Sorted())
        {
            pass.Forward([.. batch.Select(index => examples[index].Sequence)]);
            for (int row = 0; row < batch.Length; row++)
            {
                var truth = examples[batch[row]].Labels;
                int[] predicted = new int[truth.Count];
                for (int word = 0; word < predicted.Length; word++)
                {
                    var logits = pass.Logits(row, word);
                    change(batch[row], logits);
                    predicted[word] = logits.IndexOf(Largest(logits));
                    matrix.Add(truth[word], predicted[word]);
                    calibration.Add(Math.Exp(-SoftmaxKernel.CrossEntropy(logits, predicted[word])), truth[word] == predicted[word]);
                    nats += SoftmaxKernel.CrossEntropy(logits, truth[word]);
                }
                entities += EntityScore.Of(Names(truth), Names(predicted));
            }
        }
        return new ClassificationResult(matrix, nats / matrix.Total, calibration.Value, [], entities);

        string[] Names(IEnumerable<int> tags) => [.. tags.Select(tag => labels[tag])];
    }

    // What is done to the logits of an example.
    delegate void Change(int index, Span<float> logits);

    static float Largest(ReadOnlySpan<float> logits)
    {
        float max = logits[0];
        foreach (float logit in logits)
            max = Math.Max(max, logit);
        return max;
    }
}
