using RnnService.Engine.Losses;
using RnnService.Engine.Optimizers;
using RnnService.Engine.Tensors;
using RnnService.Models.LanguageModels;
using RnnService.Training.Data;
using RnnService.Training.Evaluation;
using RnnService.Training.Recipes;
using RnnService.Training.Schedules;

namespace RnnService.Training;

/// <summary>
/// Trains a language model by truncated backpropagation through time: forward, loss, backward, clip, step; validation after each epoch;
/// the best weights are kept. Everything that happens is a function of recipe, seed and text, so a training that was stopped and
/// resumed gives the same weights, bit for bit, as one that ran through.
/// </summary>
public sealed class Trainer
{
    const ulong DropoutStream = 1, OrderStream = 2;
    static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    readonly TrainingSettings _settings;
    readonly LanguageModel _model;
    readonly TokenLines _training;
    readonly BpttBatches _validation;
    readonly LanguageModelPass _pass;
    readonly IOptimizer _optimizer;
    readonly WeightAverage? _average;
    readonly List<Parameter> _best;
    readonly int[] _inputs, _targets;   // [T,B]
    readonly int _stepsPerEpoch;
    readonly TimeProvider _clock;

    /// <param name="settings">the recipe's <c>training</c> section</param>
    /// <param name="model">the model to train, initialised</param>
    /// <param name="training">the training text</param>
    /// <param name="validation">the validation text</param>
    /// <param name="clock">times reports and checkpoints, never the training itself</param>
    public Trainer(TrainingSettings settings, LanguageModel model, TokenLines training, TokenLines validation, TimeProvider clock)
    {
        _settings = settings;
        _model = model;
        _training = training;
        _validation = new BpttBatches(validation.Stream, settings.BatchSize, settings.BpttWindow);
        _pass = new LanguageModelPass(model, settings.BpttWindow, settings.BatchSize);
        _optimizer = OptimizerFactory.Create(settings.Optimizer, model.Parameters);
        _average = settings.Averaging is { } averaging ? new WeightAverage(model.Parameters, averaging.Decay) : null;
        _best = [.. model.Parameters.Select(parameter => new Parameter(parameter.Name, new Tensor(parameter.Shape)))];
        _inputs = new int[settings.BpttWindow * settings.BatchSize];
        _targets = new int[_inputs.Length];
        _stepsPerEpoch = BatchesOf(training.Stream).WindowCount;
        _clock = clock;
    }

    /// <summary>Where the training stands. Set it, and fill <see cref="State"/>, to resume.</summary>
    public TrainingPosition Position { get; private set; } = new();

    /// <summary>Steps of all epochs.</summary>
    public long TotalSteps => (long)_stepsPerEpoch * _settings.Epochs;

    /// <summary>Every tensor a resumed training needs: weights, optimizer, carried state, best weights, mean of weights.</summary>
    public ParameterSet State
    {
        get
        {
            var state = new ParameterSet();
            Add("weights", _model.Parameters);
            Add("optimizer", _optimizer.State);
            Add("carried", _pass.State);
            Add("best", _best);
            Add("average", _average?.Means ?? []);
            return state;

            void Add(string group, IEnumerable<Parameter> parameters)
            {
                foreach (var parameter in parameters)
                    state.Add(new Parameter($"{group}/{parameter.Name}", parameter.Value));
            }
        }
    }

    /// <summary>Goes on from a position whose tensors were read into <see cref="State"/>.</summary>
    public void Resume(TrainingPosition position)
    {
        Position = position;
        _optimizer.StepCount = position.Step;
    }

    /// <summary>
    /// Trains to the last epoch, or until patience ends; the model then has the best weights. A stop is obeyed between two steps: the
    /// training can be saved and resumed from there.
    /// </summary>
    /// <param name="progress">told what happens</param>
    /// <param name="afterStep">called after each step, for saving now and then</param>
    /// <param name="stop">asks for the end</param>
    /// <returns>true when training is complete, false when it was stopped</returns>
    /// <exception cref="TrainingException">the loss or the gradient is no longer a number</exception>
    public bool Run(IProgress<TrainingEvent> progress, Action afterStep, CancellationToken stop)
    {
        progress.Report(new TrainingStarted(_model.VocabularySize, _model.Parameters.WeightCount,
            _training.Stream.Length - 1, _validation.PredictionCount, Position.Step, TotalSteps));
        while (Position.Epoch <= _settings.Epochs && !IsPatienceOver())
        {
            if (!RunEpoch(progress, afterStep, stop))
                return false;
            FinishEpoch(progress);
        }
        Copy(_best, _model.Parameters);
        _model.WeightsChanged();
        return true;
    }

    bool IsPatienceOver() =>
        _settings.Patience > 0 && Position.Best is { } best && Position.History[^1].Epoch - best.Epoch >= _settings.Patience;

    bool RunEpoch(IProgress<TrainingEvent> progress, Action afterStep, CancellationToken stop)
    {
        var batches = BatchesOf(_settings.Order == TextOrder.ShuffledLines
            ? _training.ShuffledStream(SplitMix64.Derive(_settings.Seed, OrderStream, Position.Epoch))
            : _training.Stream);
        var meter = new SpeedMeter(_clock, ReportInterval, TotalSteps);
        if (Position.Window == 0)
            _pass.ResetState();
        while (Position.Window < batches.WindowCount)
        {
            if (stop.IsCancellationRequested)
                return false;
            var (loss, norm, rate) = Step(batches);
            if (meter.Add(loss, Position.Step) is { } speed)
            {
                progress.Report(new StepsDone(Position.Epoch, _settings.Epochs, Position.Step, TotalSteps,
                    speed.Loss, norm, rate, speed.TokensPerSecond, speed.Remaining));
            }
            afterStep();
        }
        return true;
    }

    (LossSum Loss, double GradientNorm, double LearningRate) Step(BpttBatches batches)
    {
        int timeSteps = batches.Fill(Position.Window, _inputs, _targets);
        int count = timeSteps * batches.BatchSize;
        double rate = LearningRate();

        _model.Parameters.ZeroGradients();
        ulong dropoutSeed = SplitMix64.Derive(_settings.Seed, DropoutStream, Position.Step);
        var loss = _pass.Train(_inputs.AsSpan(0, count), _targets.AsSpan(0, count), timeSteps, dropoutSeed);
        double norm = GradientClipping.ClipGlobalNorm(_model.Parameters, _settings.ClipNorm);
        if (!double.IsFinite(loss.Nats) || !double.IsFinite(norm))
        {
            throw new TrainingException(
                $"the training diverged at step {Position.Step + 1} (loss {loss.Nats}, gradient norm {norm}): lower training.optimizer.learningRate or training.clipNorm.");
        }
        _optimizer.Step(_model.Parameters, (float)rate);

        long averagedSteps = Position.AveragedSteps;
        if (_average is not null && Position.Epoch >= _settings.Averaging!.StartEpoch)
            _average.Add(averagedSteps++);
        Position = Position with
        {
            Window = Position.Window + 1,
            Step = Position.Step + 1,
            EpochLoss = Position.EpochLoss + loss,
            AveragedSteps = averagedSteps,
        };
        return (loss, norm, rate);
    }

    void FinishEpoch(IProgress<TrainingEvent> progress)
    {
        bool averaged = Position.AveragedSteps > 0;
        if (averaged)
            SwapAverage();
        var loss = Perplexity.Measure(_pass, _validation);
        var result = new EpochResult(Position.Epoch, Position.EpochLoss.Mean, loss.Mean, LearningRate());
        bool improved = Position.Best is not { } best || result.ValidationLoss < best.ValidationLoss;
        if (improved)
            Copy(_model.Parameters, _best);
        if (averaged)
            SwapAverage();

        Position = Position with
        {
            Epoch = Position.Epoch + 1,
            Window = 0,
            EpochLoss = default,
            History = [.. Position.History, result],
        };
        progress.Report(new EpochDone(result, improved));
        if (IsPatienceOver() && Position.Epoch <= _settings.Epochs)
            progress.Report(new StoppedEarly(Position.Best!.Epoch));
    }

    void SwapAverage()
    {
        _average!.Swap();
        _model.WeightsChanged();
    }

    double LearningRate() => _settings.Optimizer.LearningRate * _settings.Schedule.FactorAt(
        new SchedulePoint(Position.Step, TotalSteps, Position.Epoch, Position.EpochsWithoutImprovement));

    BpttBatches BatchesOf(ReadOnlyMemory<int> stream) => new(stream, _settings.BatchSize, _settings.BpttWindow);

    static void Copy(IReadOnlyList<Parameter> from, IReadOnlyList<Parameter> to)
    {
        for (int i = 0; i < from.Count; i++)
            from[i].Value.Span.CopyTo(to[i].Value.Span);
    }
}
