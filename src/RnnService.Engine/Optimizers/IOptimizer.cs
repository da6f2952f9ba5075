using System.Diagnostics.CodeAnalysis;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Optimizers;

/// <summary>Moves parameters against their gradients. Steps depend only on gradients, <see cref="State"/> and <see cref="StepCount"/>.</summary>
public interface IOptimizer
{
    /// <summary>What is kept between steps, as named tensors: saved and restored, training continues to the same bits.</summary>
    IReadOnlyList<Parameter> State { get; }

    /// <summary>Steps made so far; saved and restored with <see cref="State"/>.</summary>
    long StepCount { get; set; }

    /// <summary>Updates every value that is not frozen from its gradient; gradients stay as they are.</summary>
    /// <param name="parameters">the set the optimizer was made for</param>
    /// <param name="learningRate">the factor of this step</param>
    /// <exception cref="ArgumentException">another set</exception>
    [SuppressMessage("Naming", "CA1716", Justification = "The field's word for it; no other language calls it.")]
    void Step(ParameterSet parameters, float learningRate);
}
