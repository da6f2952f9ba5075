using RnnService.Engine.Losses;
using RnnService.Models.LanguageModels;

namespace RnnService.Models.Tests.LanguageModels;

/// <summary>A model and a pass over windows for it.</summary>
sealed class PassCase
{
    internal PassCase(ModelSettings settings, int vocabularySize, int timeSteps, int batchSize)
    {
        Model = new LanguageModel(settings, vocabularySize);
        Model.Initialize(seed: 3);
        Pass = new LanguageModelPass(Model, timeSteps, batchSize);
    }

    internal LanguageModel Model { get; }

    internal LanguageModelPass Pass { get; }

    internal LossSum Train(Window window, ulong dropoutSeed = 0) =>
        Pass.Train(window.Inputs, window.Targets, window.TimeSteps, dropoutSeed);

    internal LossSum Evaluate(Window window) => Pass.Evaluate(window.Inputs, window.Targets, window.TimeSteps);

    internal float[] Weights() => [.. Model.Parameters.SelectMany(parameter => parameter.Value.Span.ToArray())];

    internal float[] Gradients() => [.. Model.Parameters.SelectMany(parameter => parameter.Gradient.Span.ToArray())];

    /// <summary>The carried states of all layers.</summary>
    internal float[] State() => [.. Pass.State.SelectMany(state => state.Value.Row(0).ToArray())];
}
