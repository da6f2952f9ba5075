namespace RnnService.Models.Explanations;

/// <summary>Gauss and Legendre's rule of three points: the integral over [0,1] of f is about the sum of weight · f(place).</summary>
static class GaussLegendre
{
    /// <summary>How many points there are.</summary>
    public const int Points = 3;

    /// <summary>Where they are, ascending.</summary>
    public static IReadOnlyList<double> Places { get; } = [0.5 - Math.Sqrt(0.15), 0.5, 0.5 + Math.Sqrt(0.15)];

    /// <summary>What each weighs; together 1.</summary>
    public static IReadOnlyList<double> Weights { get; } = [5 / 18.0, 8 / 18.0, 5 / 18.0];
}
