using System.Globalization;

namespace RnnService.Training.Recipes;

/// <summary>The numbers a recipe field allows; an open end is itself not allowed.</summary>
readonly record struct NumberRange(double Minimum, double Maximum, bool MinimumOpen = false, bool MaximumOpen = false)
{
    /// <summary>0 or more.</summary>
    public static readonly NumberRange NotNegative = new(0, double.PositiveInfinity);

    /// <summary>More than 0.</summary>
    public static readonly NumberRange Positive = new(0, double.PositiveInfinity, MinimumOpen: true);

    /// <summary>0 or more and less than 1: probabilities of dropping, momenta.</summary>
    public static readonly NumberRange Fraction = new(0, 1, MaximumOpen: true);

    /// <summary>More than 0, at most 1: factors of decay.</summary>
    public static readonly NumberRange Factor = new(0, 1, MinimumOpen: true);

    /// <summary>More than 0 and less than 1: shares of a whole.</summary>
    public static readonly NumberRange Share = new(0, 1, MinimumOpen: true, MaximumOpen: true);

    public bool Contains(double value) =>
        (MinimumOpen ? value > Minimum : value >= Minimum) && (MaximumOpen ? value < Maximum : value <= Maximum) && double.IsFinite(value);

    /// <summary>For example <c>more than 0 and at most 1</c>.</summary>
    public override string ToString()
    {
        string minimum = Minimum.ToString(CultureInfo.InvariantCulture);
        string low = MinimumOpen ? $"more than {minimum}" : $"{minimum} or more";
        return double.IsPositiveInfinity(Maximum)
            ? low
            : $"{low} and {(MaximumOpen ? "less than" : "at most")} {Maximum.ToString(CultureInfo.InvariantCulture)}";
    }
}
