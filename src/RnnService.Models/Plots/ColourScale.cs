namespace RnnService.Models.Plots;

/// <summary>Values as colours: from white to blue, or with a middle at zero from red over white to blue.</summary>
/// <param name="Minimum">the value of the first colour</param>
/// <param name="Maximum">the value of the last colour, more than the minimum</param>
public readonly record struct ColourScale(double Minimum, double Maximum)
{
    static readonly (double Red, double Green, double Blue) s_white = (255, 255, 255), s_blue = (8, 69, 148), s_red = (165, 15, 21);

    /// <summary>0 to 1, for gates.</summary>
    public static ColourScale Fraction => new(0, 1);

    /// <summary>From -<paramref name="extent"/> to <paramref name="extent"/>, for states.</summary>
    public static ColourScale AroundZero(double extent) => new(-extent, extent);

    /// <summary>The colour of a value, <c>#rrggbb</c>; what lies outside has the colour of the nearer end, what is no number is grey.</summary>
    public string this[double value]
    {
        get
        {
            if (double.IsNaN(value))
                return "#888888";
            double limited = Math.Clamp(value, Minimum, Maximum);
            var (end, share) = Minimum < 0
                ? (limited < 0 ? (s_red, limited / Minimum) : (s_blue, limited / Maximum))
                : (s_blue, (limited - Minimum) / (Maximum - Minimum));
            return $"#{Mix(s_white.Red, end.Red, share):x2}{Mix(s_white.Green, end.Green, share):x2}{Mix(s_white.Blue, end.Blue, share):x2}";
        }
    }

    static int Mix(double from, double to, double share) => (int)Math.Round(from + (to - from) * share);
}
