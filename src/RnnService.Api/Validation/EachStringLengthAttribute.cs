using System.ComponentModel.DataAnnotations;

namespace RnnService.Api.Validation;

/// <summary>The length that each string of a list may have.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class EachStringLengthAttribute(int minimum, int maximum) : ValidationAttribute
{
    internal int Minimum => minimum;

    internal int Maximum => maximum;

    public override bool IsValid(object? value) =>
        value is not IEnumerable<string?> items || items.All(IsInRange);

    internal bool IsInRange(string? item) => item?.Length >= minimum && item.Length <= maximum;
}
