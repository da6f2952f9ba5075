using System.Text;

namespace RnnService.Models.Decoding;

/// <summary>
/// Passes generated text on until a stop string appears, also one that spans several pieces: text that may be the beginning of a stop
/// string is held back until the next piece decides.
/// </summary>
public sealed class StopScanner(IReadOnlyList<string> stops)
{
    readonly StringBuilder _held = new();

    /// <summary>Whether a stop string was met; nothing is passed on after it.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Takes the next piece and gives the text that is certain: everything before the first stop string, if there is one.</summary>
    public string Append(string piece)
    {
        if (Stopped)
            return "";
        _held.Append(piece);
        string text = _held.ToString();
        int end = FirstStop(text);
        Stopped = end >= 0;
        if (!Stopped)
            end = text.Length - LongestStopBeginning(text);
        _held.Clear();
        if (!Stopped)
            _held.Append(text, end, text.Length - end);
        return text[..end];
    }

    /// <summary>What was still held back when the text ended.</summary>
    public string Flush()
    {
        string text = _held.ToString();
        _held.Clear();
        return text;
    }

    int FirstStop(string text)
    {
        int first = -1;
        foreach (string stop in stops)
        {
            int index = text.IndexOf(stop, StringComparison.Ordinal);
            if (index >= 0 && (first < 0 || index < first))
                first = index;
        }
        return first;
    }

    int LongestStopBeginning(string text)
    {
        int longest = 0;
        foreach (string stop in stops)
        {
            for (int length = Math.Min(stop.Length - 1, text.Length); length > longest; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                    longest = length;
            }
        }
        return longest;
    }
}
