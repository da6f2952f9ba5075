using RnnService.Engine.Optimizers;
using RnnService.Engine.Tensors;
using RnnService.Training.Recipes;

namespace RnnService.Training;

/// <summary>Makes the optimizer a recipe names.</summary>
static class OptimizerFactory
{
    public static IOptimizer Create(OptimizerSettings settings, ParameterSet parameters) => settings.Kind switch
    {
        OptimizerKind.Sgd => new Sgd(parameters, (float)settings.Momentum, (float)settings.WeightDecay),
        _ => new Adam(parameters, (float)settings.Beta1, (float)settings.Beta2, (float)settings.Epsilon, (float)settings.WeightDecay),
    };
}
