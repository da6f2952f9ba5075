using RnnService.Models.Text;

namespace RnnService.Training.Data;

/// <summary>
/// A text as token ids. Lines of words are framed by eos on both sides, <c>eos line eos line … eos</c>, so that the first word of every
/// line is predicted from a border, as at inference; characters are one running stream without eos.
/// </summary>
public sealed class TokenLines
{
    readonly int[] _stream;
    readonly int[] _starts;   // of each line in the stream, and after the last one the stream's length; empty for running text

    TokenLines(int[] stream, int[] starts)
    {
        _stream = stream;
        _starts = starts;
    }

    /// <summary>All tokens in the order of the text.</summary>
    public ReadOnlyMemory<int> Stream => _stream;

    /// <summary>Number of lines; 0 for running text.</summary>
    public int LineCount => Math.Max(0, _starts.Length - 1);

    /// <summary>The tokens of a line, its closing eos included.</summary>
    public ReadOnlySpan<int> Line(int index) => _stream.AsSpan(_starts[index].._starts[index + 1]);

    /// <summary>Lines of words.</summary>
    /// <param name="lines">token ids of each line, without bos or eos</param>
    public static TokenLines FromLines(IEnumerable<int[]> lines)
    {
        List<int> stream = [Vocabulary.EosId];
        List<int> starts = [1];
        foreach (int[] line in lines)
        {
            if (line.Length == 0)
                continue;
            stream.AddRange(line);
            stream.Add(Vocabulary.EosId);
            starts.Add(stream.Count);
        }
        return new TokenLines([.. stream], [.. starts]);
    }

    /// <summary>Running text.</summary>
    /// <param name="texts">token ids of each file; they are joined as they are</param>
    public static TokenLines FromText(IEnumerable<int[]> texts) => new([.. texts.SelectMany(text => text)], []);

    /// <summary>The lines in another order, drawn from <paramref name="seed"/>: a new stream with the same framing.</summary>
    public ReadOnlyMemory<int> ShuffledStream(ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, LineCount)];
        var random = new SplitMix64(seed);
        LengthBatches.Shuffle(order, ref random);

        int[] shuffled = new int[_stream.Length];
        shuffled[0] = Vocabulary.EosId;
        int end = 1;
        foreach (int index in order)
        {
            Line(index).CopyTo(shuffled.AsSpan(end));
            end += Line(index).Length;
        }
        return shuffled;
    }
}
