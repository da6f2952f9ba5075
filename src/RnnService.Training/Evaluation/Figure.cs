using System.Globalization;

namespace RnnService.Training.Evaluation;

/// <summary>One measured number.</summary>
/// <param name="Name">in <c>model.json</c></param>
/// <param name="Value">the number; percentages are fractions</param>
/// <param name="Description">for the model card</param>
/// <param name="Format">how people read it, a .NET number format: <c>0.0%</c>, <c>N0</c></param>
public sealed record Figure(string Name, double Value, string Description, string Format)
{
    /// <summary>The format of fractions.</summary>
    public const string Percent = "0.0%";

    /// <summary>The format of counts.</summary>
    public const string Count = "N0";

    /// <summary>The number as people read it.</summary>
    public string Text => Value.ToString(Format, CultureInfo.InvariantCulture);
}
