using RnnService.Engine.Kernels;
using RnnService.Models.Classification;
using RnnService.Models.Packages;
using RnnService.Training.Data;
using RnnService.Training.Recipes;

namespace RnnService.Training.Tasks;

/// <summary>
/// A classifier of texts whose probabilities another learns beside the labels: what it is unsure of is not taught as certain, and a small
/// network learns more from a large one's than from labels (Hinton, Vinyals and Dean 2015). Its network alone answers, for a bag of words
/// knows the texts it was made from by heart.
/// </summary>
public sealed class Teacher
{
    const string Field = "training.teacher.model";
    const int BatchSize = 32;

    readonly ClassifierPackage _package;
    readonly TeacherSettings _settings;

    Teacher(ClassifierPackage package, TeacherSettings settings) => (_package, _settings) = (package, settings);

    /// <summary>How much of what is learnt is the teacher's.</summary>
    public double Share => _settings.Share;

    /// <summary>SHA-256 of its weights.</summary>
    public string Sha256 => _package.Manifest.WeightsSha256;

    /// <summary>Loads a model.</summary>
    /// <param name="settings">names it</param>
    /// <param name="repository">the folder where a name alone is looked for</param>
    /// <exception cref="TrainingException">there is none, it is broken, or it does something else</exception>
    public static Teacher Load(TeacherSettings settings, string repository) => NamedModel.Load(Field, settings.Model, repository) switch
    {
        ClassifierPackage { Manifest.Task: ModelTask.SequenceClassifier } package => new Teacher(package, settings),
        var other => throw new TrainingException(
            $"{Field} is \"{settings.Model}\", whose task is {other.Manifest.Task}; expected {ModelTask.SequenceClassifier}."),
    };

    /// <summary>The probabilities it gives to the labels, [K] for each text.</summary>
    /// <param name="texts">one or more</param>
    /// <param name="labels">[K] in the order wanted</param>
    /// <param name="progress">told how many texts are done, or null</param>
    /// <exception cref="TrainingException">its labels are others</exception>
    public IReadOnlyList<ReadOnlyMemory<float>> Answer(IEnumerable<string> texts, LabelSet labels, IProgress<TrainingEvent>? progress = null)
    {
        if (!labels.Names.ToHashSet(StringComparer.Ordinal).SetEquals(_package.Labels))
        {
            throw new TrainingException(
                $"{Field} is \"{_settings.Model}\", whose labels are {string.Join(", ", _package.Labels)}; expected those of the training data, {string.Join(", ", labels.Names)}.");
        }
        var known = _package.Labels.ToList();
        int[] order = [.. labels.Names.Select(name => known.IndexOf(name))];
        var frame = new TextFrame(_package.Model.Classifier.MaxLength);
        ClassifierSequence[] sequences = [.. texts.Select(text => frame.Frame(_package.Tokenizer!.Encode(text)))];
        int[] lengths = [.. sequences.Select(sequence => sequence.Length)];
        var pass = new ClassifierPass(_package.Model, lengths.Max(), BatchSize);
        var answers = new ReadOnlyMemory<float>[sequences.Length];
        int done = 0;
        foreach (int[] batch in new LengthBatches(lengths, BatchSize).Sorted())
        {
            pass.Forward([.. batch.Select(index => sequences[index])]);
            for (int row = 0; row < batch.Length; row++)
            {
                float[] probabilities = pass.Logits(row).ToArray();
                SoftmaxKernel.Softmax(probabilities);
                answers[batch[row]] = order.Select(index => probabilities[index]).ToArray();
            }
            done += batch.Length;
            progress?.Report(new TeacherAsked(done, answers.Length));
        }
        return answers;
    }
}
