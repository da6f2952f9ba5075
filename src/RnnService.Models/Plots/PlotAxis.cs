using System.Globalization;

namespace RnnService.Models.Plots;

/// <summary>Maps values to places between two ends of a picture, straight or by logarithm, and says where marks belong.</summary>
/// <param name="Minimum">the value at <paramref name="From"/></param>
/// <param name="Maximum">the value at <paramref name="To"/>, more than the minimum</param>
/// <param name="From">pixels</param>
/// <param name="To">pixels</param>
/// <param name="IsLogarithmic">powers of ten at equal distances; values are positive</param>
readonly record struct PlotAxis(double Minimum, double Maximum, double From, double To, bool IsLogarithmic)
{
    const int WantedTicks = 6;

    /// <summary>An axis that holds all values; of a logarithmic one the ends are powers of ten.</summary>
    public static PlotAxis Over(IEnumerable<double> values, double from, double to, bool isLogarithmic)
    {
        double[] all = [.. values];
        var (least, most) = all.Length == 0 ? (1, 1) : (all.Min(), all.Max());
        if (isLogarithmic)
        {
            var (low, high) = (Math.Floor(Math.Log10(least)), Math.Ceiling(Math.Log10(most)));
            return new PlotAxis(Math.Pow(10, low), Math.Pow(10, high == low ? low + 1 : high), from, to, isLogarithmic);
        }
        return new PlotAxis(least, most == least ? least + 1 : most, from, to, isLogarithmic);
    }

    /// <summary>Where a value lies, pixels.</summary>
    public double this[double value] => From + (To - From) * (Scale(value) - Scale(Minimum)) / (Scale(Maximum) - Scale(Minimum));

    /// <summary>Values to mark: round numbers, not too many.</summary>
    public IEnumerable<double> Ticks => IsLogarithmic ? Powers() : RoundNumbers();

    /// <summary>A tick's value in few letters.</summary>
    public string Label(double tick) => IsLogarithmic && Math.Abs(Math.Log10(tick)) > 3.5
        ? string.Create(CultureInfo.InvariantCulture, $"1e{Math.Round(Math.Log10(tick)):0}")
        : tick.ToString("#,0.####", CultureInfo.InvariantCulture);

    double Scale(double value) => IsLogarithmic ? Math.Log10(value) : value;

    IEnumerable<double> Powers()
    {
        int low = (int)Math.Round(Math.Log10(Minimum)), high = (int)Math.Round(Math.Log10(Maximum));
        int distance = Math.Max(1, (high - low + WantedTicks - 1) / WantedTicks);
        for (int power = low; power <= high; power += distance)
            yield return Math.Pow(10, power);
    }

    IEnumerable<double> RoundNumbers()
    {
        double rough = (Maximum - Minimum) / WantedTicks, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * ((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        // Counted, not summed up: sums drift off the round numbers.
        for (double count = Math.Ceiling(Minimum / step - 1e-9); count * step <= Maximum + step * 1e-9; count++)
            yield return count * step + 0.0;   // + 0 makes 0 of -0
    }
}
