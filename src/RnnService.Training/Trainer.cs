using RnnService.Engine.Optimizers;
using RnnService.Engine.Tensors;
using RnnService.Training.Recipes;
using RnnService.Training.Schedules;
using RnnService.Training.Tasks;

namespace RnnService.Training;

/// <summary>
/// Trains the weights of a task: forward, loss, backward, clip, step; validation after each epoch; the best weights are kept. Everything
/// that happens is a function of recipe, seed and data, so a training that was stopped and resumed gives the same weights, bit for bit, as
/// one that ran through.
/// </summary>
public sealed class Trainer
{
    const ulong DropoutStream = 1, OrderStream = 2;
    static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    readonly TrainingSettings _settings;
    readonly TrainingTask _task;
    readonly IOptimizer _optimizer;
    readonly WeightAverage? _average;
    readonly List<Parameter> _best;
    readonly TimeProvider _clock;
    int _epochsWithoutImprovement;   // counted once an epoch, used in every step

    /// <param name="settings">the recipe's <c>training</c> section</param>
    /// <param name="task">what is trained, its weights initialised</param>
    /// <param name="clock">times reports and checkpoints, never the training itself</param>
    public Trainer(TrainingSettings settings, TrainingTask task, TimeProvider clock)
    {
        _settings = settings;
        _task = task;
        _optimizer = OptimizerFactory.Create(settings.Optimizer, task.Parameters);
        _average = settings.Averaging is { } averaging ? new WeightAverage(task.Parameters, averaging.Decay) : null;
        _best = [.. task.Parameters.Select(parameter => new Parameter(parameter.Name, new Tensor(parameter.Shape)))];
        _clock = clock;
    }

    /// <summary>Where the training stands. Set it, and fill <see cref="State"/>, to resume.</summary>
    public TrainingPosition Position { get; private set; } = new();

    /// <summary>Steps of all epochs.</summary>
    public long TotalSteps => (long)_task.Size.StepsPerEpoch * _settings.Epochs;

    /// <summary>Every tensor a resumed training needs: weights, optimizer, carried state, best weights, mean of weights.</summary>
    public ParameterSet State
    {
        get
        {
            var state = new ParameterSet();
            Add("weights", _task.Parameters);
            Add("optimizer", _optimizer.State);
            Add("carried", _task.Carried);
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
        _epochsWithoutImprovement = position.EpochsWithoutImprovement;
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
    /// <exception cref="TrainingException">a loss or the gradient is no longer a number</exception>
    public bool Run(IProgress<TrainingEvent> progress, Action afterStep, CancellationToken stop)
    {
        progress.Report(new TrainingStarted(_task.Size, _task.Parameters.WeightCount, Position.Step, TotalSteps));
        while (Position.Epoch <= _settings.Epochs && !IsPatienceOver())
        {
            if (!RunEpoch(progress, afterStep, stop))
                return false;
            FinishEpoch(progress);
        }
        Copy(_best, _task.Parameters);
        _task.WeightsChanged();
        return true;
    }

    bool IsPatienceOver() =>
        _settings.Patience > 0 && Position.Best is { } best && Position.History[^1].Epoch - best.Epoch >= _settings.Patience;

    bool RunEpoch(IProgress<TrainingEvent> progress, Action afterStep, CancellationToken stop)
    {
        var meter = new SpeedMeter(_clock, ReportInterval, TotalSteps);
        _task.BeginEpoch(Position.Epoch, SplitMix64.Derive(_settings.Seed, OrderStream, Position.Epoch));
        while (Position.Window < _task.Size.StepsPerEpoch)
        {
            if (stop.IsCancellationRequested)
                return false;
            var (sum, norm, rate) = Step();
            if (meter.Add(sum, Position.Step) is { } speed)
            {
                progress.Report(new StepsDone(Position.Epoch, _settings.Epochs, Position.Step, TotalSteps,
                    speed.Loss, _task.PredictsTokens ? Math.Exp(speed.Loss) : null, norm, rate, speed.TokensPerSecond, speed.Remaining));
            }
            afterStep();
        }
        return true;
    }

    (StepSum Sum, double GradientNorm, double LearningRate) Step()
    {
        double rate = LearningRate();
        _task.Parameters.ZeroGradients();
        var sum = _task.Train(Position.Window, SplitMix64.Derive(_settings.Seed, DropoutStream, Position.Step));
        double norm = GradientClipping.ClipGlobalNorm(_task.Parameters, _settings.ClipNorm);
        if (!double.IsFinite(sum.Loss.Nats) || !double.IsFinite(norm))
        {
            throw new TrainingException(
                $"the training diverged at step {Position.Step + 1} (loss {sum.Loss.Nats}, gradient norm {norm}): lower training.optimizer.learningRate or training.clipNorm.");
        }
        _optimizer.Step(_task.Parameters, (float)rate);

        long averagedSteps = Position.AveragedSteps;
        if (_average is not null && Position.Epoch >= _settings.Averaging!.StartEpoch)
            _average.Add(averagedSteps++);
        Position = Position with
        {
            Window = Position.Window + 1,
            Step = Position.Step + 1,
            EpochLoss = Position.EpochLoss + sum.Loss,
            AveragedSteps = averagedSteps,
        };
        return (sum, norm, rate);
    }

    void FinishEpoch(IProgress<TrainingEvent> progress)
    {
        bool averaged = Position.AveragedSteps > 0;
        if (averaged)
            SwapAverage();
        var score = _task.Validate();
        if (!double.IsFinite(score.Loss))
        {
            throw new TrainingException(
                $"the training diverged in epoch {Position.Epoch} (validation loss {score.Loss}): lower training.optimizer.learningRate or training.clipNorm.");
        }
        var result = new EpochResult(Position.Epoch, Position.EpochLoss.Mean, score.Loss, LearningRate(), score.Accuracy);
        bool improved = Position.Best is not { } best || result.IsBetterThan(best);
        if (improved)
            Copy(_task.Parameters, _best);
        if (averaged)
            SwapAverage();

        Position = Position with
        {
            Epoch = Position.Epoch + 1,
            Window = 0,
            EpochLoss = default,
            History = [.. Position.History, result],
        };
        _epochsWithoutImprovement = Position.EpochsWithoutImprovement;
        progress.Report(new EpochDone(result, improved));
        if (IsPatienceOver() && Position.Epoch <= _settings.Epochs)
            progress.Report(new StoppedEarly(Position.Best!.Epoch));
    }

    void SwapAverage()
    {
        _average!.Swap();
        _task.WeightsChanged();
    }

    double LearningRate() => _settings.Optimizer.LearningRate * _settings.Schedule.FactorAt(
        new SchedulePoint(Position.Step, TotalSteps, Position.Epoch, _epochsWithoutImprovement));

    static void Copy(IReadOnlyList<Parameter> from, IReadOnlyList<Parameter> to)
    {
        for (int i = 0; i < from.Count; i++)
            from[i].Value.Span.CopyTo(to[i].Value.Span);
    }
}
