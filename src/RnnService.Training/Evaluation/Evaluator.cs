using System.Text;
using RnnService.Engine.Kernels;
using RnnService.Models.Classification;
using RnnService.Models.LanguageModels;
using RnnService.Models.Ngrams;
using RnnService.Models.Packages;
using RnnService.Models.Seq2Seq;
using RnnService.Models.Text;
using RnnService.Training.Baselines;
using RnnService.Training.Data;
using RnnService.Training.Recipes;

namespace RnnService.Training.Evaluation;

/// <summary>Measures models on data; the same figures after training and from <c>rnn evaluate</c>.</summary>
public static class Evaluator
{
    // Columns start in the middle of the text from the zero state: few enough that it does not show in the loss.
    const int LeastColumnTokens = 1000, MostColumns = 16, TimeSteps = 32;

    /// <summary>Measures a model of any task.</summary>
    /// <param name="package">the model</param>
    /// <param name="corpus">what to measure on; for other tasks than a language model files as its recipe's <c>data</c> section has them</param>
    /// <param name="training">what baselines learn from, or null: no baselines</param>
    /// <param name="compareInt8">whether the loss of a language model with weights of 8 bits is measured too</param>
    /// <exception cref="TrainingException">the files cannot be used, the model was not trained from a recipe, or it has no weights of 8 bits</exception>
    public static EvaluationResult Evaluate(ModelPackage package, Corpus corpus, Corpus? training, bool compareInt8 = false) => package switch
    {
        LanguageModelPackage model => Evaluate(model.Model, model.Tokenizer, corpus, training, compareInt8, model.Ngrams),
        _ when compareInt8 => throw new TrainingException($"weights of 8 bits are for language models; this model's task is \"{package.Manifest.Task}\"."),
        ClassifierPackage classifier => Evaluate(classifier, corpus, training),
        Seq2SeqPackage pairs => Evaluate(pairs, corpus),
        _ => throw new TrainingException($"task is \"{package.Manifest.Task}\", which cannot be evaluated."),
    };

    /// <summary>Loss over the whole text and, for a word model, next-word accuracy over its lines.</summary>
    /// <param name="model">measured with the weights as it keeps them</param>
    /// <param name="tokenizer">its tokens</param>
    /// <param name="corpus">the text</param>
    /// <param name="training">what counting n-grams, the baseline of next-word accuracy, learns from, or null: no baseline</param>
    /// <param name="compareInt8">whether the loss with weights of 8 bits is measured too</param>
    /// <param name="ngrams">added to the model's next words, or null; the loss is the network's own</param>
    /// <exception cref="CorpusException">the text has fewer than two tokens</exception>
    public static LanguageModelResult Evaluate(
        LanguageModel model, ITokenizer tokenizer, Corpus corpus, Corpus? training = null, bool compareInt8 = false, NgramMixture? ngrams = null)
    {
        var stream = corpus.Encode(tokenizer).Stream;
        int columns = Math.Clamp(stream.Length / LeastColumnTokens, 1, MostColumns);
        var pass = new LanguageModelPass(model, TimeSteps, columns);
        var batches = new BpttBatches(stream, columns, TimeSteps);
        var loss = Perplexity.Measure(pass, batches);
        bool readsWords = tokenizer is WordTokenizer;
        return new LanguageModelResult(loss.Tokens, loss.Mean, readsWords ? NextWordEvaluation.Measure(model, tokenizer, corpus.Lines, ngrams) : null)
        {
            NetworkNextWord = ngrams is null ? null : NextWordEvaluation.Measure(model, tokenizer, corpus.Lines),
            Characters = tokenizer is BytePairTokenizer ? corpus.Lines.Sum(line => line.EnumerateRunes().Count() + 1L) : null,
            Int8Loss = compareInt8 ? MeasureInt8(model, pass, batches) : null,
            Ngrams = readsWords && training is not null ? new BackoffNgrams(tokenizer, training.Lines).Measure(corpus.Lines) : null,
        };
    }

    static double MeasureInt8(LanguageModel model, LanguageModelPass pass, BpttBatches batches)
    {
        var kept = model.WeightType;
        model.WeightType = WeightType.Int8;
        double loss = Perplexity.Measure(pass, batches).Mean;
        model.WeightType = kept;
        return loss;
    }

    static Seq2SeqResult Evaluate(Seq2SeqPackage package, Corpus corpus)
    {
        var data = (PairSettings)DataOf(package);
        var pairs = TextPair.Read(corpus, data);
        var encoded = EncodedPairs.Of(pairs, package.Tokenizer, package.Model.Seq2Seq.MaxLength, corpus.Files[0].Path);
        var pass = new Seq2SeqPass(package.Model, encoded.SourceSteps, encoded.TargetSteps, MostColumns);
        return Seq2SeqEvaluation.Measure(pass, package.Model, package.Tokenizer, pairs, encoded, data);
    }

    // What the columns of a task's files hold.
    static DataSettings DataOf(ModelPackage package) => package.Manifest.Recipe is { } json
        ? Recipe.Parse(Encoding.UTF8.GetBytes(json.GetRawText()), ModelFiles.Manifest).Data!
        : throw new TrainingException($"{ModelFiles.Manifest} has no recipe, whose data section would tell the columns of the files.");

    static ClassificationResult Evaluate(ClassifierPackage package, Corpus corpus, Corpus? training)
    {
        var data = DataOf(package);
        var rows = ClassifierRows.Read(data, corpus);
        var labels = new LabelSet(package.Labels);
        var examples = rows.Encode(labels, package.Tokenizer, package.Model.Classifier);
        var pass = new ClassifierPass(package.Model, examples.Max(example => example.Sequence.Length), MostColumns);
        return ClassifierEvaluation.Measure(pass, package.Labels, examples, package.Bag, rows) with
        {
            Baselines = training is null ? [] : ClassifierBaselines.Measure(labels, ClassifierRows.Read(data, training), rows),
        };
    }
}
