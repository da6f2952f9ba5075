using System.Globalization;
using RnnService.Models.Classification;

namespace RnnService.Serving;

/// <summary>The steps of a request as the numbers a model reads.</summary>
static class SeriesSteps
{
    // More than any measurement, and little enough that float32 holds it after scaling.
    const double MostMagnitude = 1e12;

    /// <summary>[T,F] the numbers of 1 to window steps.</summary>
    /// <param name="steps">[T][F], oldest first</param>
    /// <param name="features">what the model reads</param>
    /// <exception cref="ServingException">too few or too many steps, or one the model cannot read; the message names the field</exception>
    internal static float[] Join(IReadOnlyList<IReadOnlyList<double>?> steps, SeriesFeatures features)
    {
        int count = features.Names.Count;
        string expected = $"{count} numbers: {string.Join(", ", features.Names)}";
        if (steps.Count < 1 || steps.Count > features.Window)
            throw Invalid("steps", $"has {steps.Count} steps, expected 1 to {features.Window}, oldest first, each of {expected}");
        float[] joined = new float[steps.Count * count];
        for (int t = 0; t < steps.Count; t++)
        {
            var step = steps[t] ?? throw Invalid($"steps[{t}]", $"is null, expected {expected}");
            if (step.Count != count)
                throw Invalid($"steps[{t}]", $"has {step.Count} numbers, expected {expected}");
            for (int i = 0; i < count; i++)
            {
                if (!(Math.Abs(step[i]) <= MostMagnitude))
                    throw Invalid($"steps[{t}][{i}]", string.Create(CultureInfo.InvariantCulture,
                        $"is {step[i]}, expected {features.Names[i]}, a number of at most {MostMagnitude} either side of 0"));
                joined[t * count + i] = (float)step[i];
            }
        }
        return joined;
    }

    static ServingException Invalid(string field, string wrong) => new(new InvalidField(field, wrong));
}
