namespace RnnService.Serving;

/// <summary>Chinese characters.</summary>
static class HanScript
{
    /// <summary>Whether a text has one.</summary>
    internal static bool OccursIn(string text) => text.Any(unit =>
        unit is >= '\u4E00' and <= '\u9FFF' or >= '\u3400' and <= '\u4DBF' or >= '\uF900' and <= '\uFAFF'
            // High surrogates of the supplementary and tertiary ideographic planes.
            or >= '\uD840' and <= '\uD8BF');
}
