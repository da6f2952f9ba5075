using RnnService.Engine.Kernels;
using RnnService.Models.Classification;
using RnnService.Training.Data;

namespace RnnService.Training.Evaluation;

/// <summary>Measures a classifier on examples; the same figures while training and from <c>rnn evaluate</c>.</summary>
static class ClassifierEvaluation
{
    /// <summary>Predicts every label of every example.</summary>
    /// <param name="pass">a pass over the model, long enough for each example</param>
    /// <param name="labels">[K] names of the outputs</param>
    /// <param name="examples">one or more</param>
    public static ClassificationResult Measure(ClassifierPass pass, IReadOnlyList<string> labels, IReadOnlyList<ClassifierExample> examples)
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

    static float Largest(ReadOnlySpan<float> logits)
    {
        float max = logits[0];
        foreach (float logit in logits)
            max = Math.Max(max, logit);
        return max;
    }
}
