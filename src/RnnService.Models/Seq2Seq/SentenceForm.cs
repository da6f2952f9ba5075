using System.Buffers;
using RnnService.Models.Text;

namespace RnnService.Models.Seq2Seq;

/// <summary>
/// The form of written sentences. Who types "bonjour" means "Bonjour.", and a model that has only seen the latter makes something else of the
/// former. What is added to a source is taken away from its translation.
/// </summary>
public static class SentenceForm
{
    const char Stop = '.';
    const char UnspacedStop = '。';

    // Fewer words in capitals may be an abbreviation.
    const int LeastShoutedWords = 2;

    static readonly SearchValues<char> s_beforeLetters = SearchValues.Create(" \"'“‘«(¿¡");

    /// <summary>The beginning of a sentence with a capital; where all of it is in capitals, with this one only.</summary>
    public static string Begin(string sentence)
    {
        if (IsShouted(sentence))
            sentence = sentence.ToLowerInvariant();
        int letter = sentence.AsSpan().IndexOfAnyExcept(s_beforeLetters);
        return letter >= 0 && char.IsLower(sentence[letter])
            ? $"{sentence[..letter]}{char.ToUpperInvariant(sentence[letter])}{sentence[(letter + 1)..]}"
            : sentence;
    }

    /// <summary>Whether a sentence ends with a letter or digit, without any mark.</summary>
    public static bool IsOpen(string sentence) => sentence.Length > 0 && char.IsLetterOrDigit(sentence[^1]);

    /// <summary>An open sentence with its full stop, a wide one after a script without blanks.</summary>
    public static string Close(string sentence) => sentence + (WordPattern.IsUnspaced(sentence[^1]) ? UnspacedStop : Stop);

    /// <summary>The translation of a closed sentence without the full stop.</summary>
    public static string Reopen(string translation) => translation switch
    {
        [.., not Stop, Stop] or [.., UnspacedStop] => translation[..^1],
        _ => translation,
    };

    static bool IsShouted(string sentence)
    {
        int words = 0;
        bool isInWord = false;
        foreach (char unit in sentence)
        {
            if (char.IsLower(unit))
                return false;
            bool isLetter = char.IsUpper(unit);
            words += isLetter && !isInWord ? 1 : 0;
            isInWord = isLetter || unit is '\'' or '’';
        }
        return words >= LeastShoutedWords;
    }
}
