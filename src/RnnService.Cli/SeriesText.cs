using System.Globalization;
using RnnService.Models.Packages;

namespace RnnService.Cli;

/// <summary>A series as the command line has it: <c>27,150;28,140</c> is two steps of two numbers.</summary>
static class SeriesText
{
    /// <summary>Reads the steps for a model, [T,F].</summary>
    /// <exception cref="UserErrorException">no steps, or one with another number of numbers than the model reads</exception>
    public static float[] Read(string text, ClassifierPackage package)
    {
        var names = package.Model.Classifier.Series!.Names;
        string[][] steps = [.. text.Split(';').Select(step => step.Split(','))];
        for (int step = 0; step < steps.Length; step++)
        {
            if (steps[step].Length != names.Count)
                throw new UserErrorException($"INPUT, step {step + 1}: found {steps[step].Length} numbers, expected {names.Count}: {string.Join(", ", names)}.");
        }
        return [.. steps.SelectMany((step, index) => step.Select((number, feature) =>
            float.TryParse(number, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
                ? value
                : throw new UserErrorException($"INPUT, step {index + 1}, {names[feature]}: found '{number}', expected a number.")))];
    }
}
