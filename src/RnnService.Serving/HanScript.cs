using System.Text;

namespace RnnService.Serving;

/// <summary>Chinese characters.</summary>
static class HanScript
{
    /// <summary>
    /// Whether a text is mainly Chinese: as many Chinese characters as words of other scripts, or more. A name in characters does not make
    /// an English sentence Chinese, nor a few English words a Chinese one English.
    /// </summary>
    internal static bool Prevails(string text)
    {
        int characters = 0, words = 0;
        bool isInWord = false;
        foreach (var rune in text.EnumerateRunes())
        {
            bool isHan = IsHan(rune), isOther = !isHan && Rune.IsLetter(rune);
            characters += isHan ? 1 : 0;
            words += isOther && !isInWord ? 1 : 0;
            isInWord = isOther;
        }
        return characters > 0 && characters >= words;
    }

    static bool IsHan(Rune rune) => rune.Value
        is >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0xF900 and <= 0xFAFF or >= 0x20000 and <= 0x3FFFF;
}
