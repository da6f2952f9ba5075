using System.Runtime.CompilerServices;
using RnnService.Models.Checkpoints;

namespace RnnService.Models.Ngrams;

/// <summary>
/// <c>ngrams.bin</c>, packed by gzip: the bytes <c>RNG1</c>, then whole numbers of 7 bits a byte, low ones first, the top bit set on all but the last
/// (LEB128): V, N, and level by level the number of n-grams and for each its last token less that of its sibling before it (the first:
/// less 0), its count, and, unless N tokens long, its number of children.
/// </summary>
public static class NgramFile
{
    const int LeastBytes = 2;   // of an n-gram
    static ReadOnlySpan<byte> Magic => "RNG1"u8;

    /// <summary>Writes counts, replacing what is there.</summary>
    public static void Write(NgramCounts counts, string path)
    {
        using var writer = PackedWriter.Create(path);
        writer.Write(Magic);
        writer.Write7BitEncodedInt(counts.VocabularySize);
        writer.Write7BitEncodedInt(counts.Order);
        int[]? familiesOf = null;
        foreach (var level in counts.Levels)
        {
            writer.Write7BitEncodedInt(level.Tokens.Length);
            int[] families = familiesOf ?? [0, level.Tokens.Length];
            for (int parent = 0; parent + 1 < families.Length; parent++)
            {
                int before = 0;
                for (int node = families[parent]; node < families[parent + 1]; node++)
                {
                    writer.Write7BitEncodedInt(level.Tokens[node] - before);
                    before = level.Tokens[node];
                    writer.Write7BitEncodedInt(level.Counts[node]);
                    if (level.FirstChildren.Length > 0)
                        writer.Write7BitEncodedInt(level.FirstChildren[node + 1] - level.FirstChildren[node]);
                }
            }
            familiesOf = level.FirstChildren;
        }
    }

    /// <summary>Reads counts. The file may hold anything; no memory is taken for a number that its length does not bear out.</summary>
    /// <param name="path">the file</param>
    /// <param name="vocabularySize">V of the model it belongs to</param>
    /// <exception cref="CheckpointException">it is missing or broken, or of another vocabulary</exception>
    public static NgramCounts Read(string path, int vocabularySize)
    {
        var reader = new PackedReader(path, "counted n-grams");
        reader.Expect(Magic);
        reader.Number("vocabulary size", vocabularySize, vocabularySize);
        int order = reader.Number("tokens of the longest n-gram", 2, NgramSettings.HighestOrder);
        var levels = new NgramLevel[order];
        for (int depth = 0; depth < order; depth++)
            levels[depth] = ReadLevel(reader, depth == 0 ? null : levels[depth - 1], isLongest: depth == order - 1, vocabularySize);
        reader.ExpectEnd();
        return new NgramCounts(vocabularySize, levels);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static NgramLevel ReadLevel(PackedReader reader, NgramLevel? above, bool isLongest, int vocabularySize)
    {
        int size = above?.FirstChildren[^1] ?? vocabularySize;
        size = reader.Number("number of n-grams", above is null ? 1 : size, Math.Min(size, reader.Left / LeastBytes));
        var level = new NgramLevel(new int[size], new int[size], isLongest ? [] : new int[size + 1]);
        int[] families = above?.FirstChildren ?? [0, size];
        long children = 0;
        for (int parent = 0; parent + 1 < families.Length; parent++)
        {
            long left = above is null ? int.MaxValue : above.Counts[parent];
            int token = 0, first = families[parent];
            for (int node = first; node < families[parent + 1]; node++)
            {
                level.Tokens[node] = token += reader.Number("token", node == first ? 0 : 1, vocabularySize - 1 - token);
                left -= level.Counts[node] = reader.Number("count", 1, (int)left);
                if (isLongest)
                    continue;
                level.FirstChildren[node + 1] = (int)(children += reader.Number("children", 0, Math.Min(vocabularySize, reader.Left / LeastBytes)));
                if (children > reader.Left / LeastBytes)
                    throw reader.Unexpected($"{children} longer n-grams", $"at most as many as {reader.Left} bytes hold");
            }
        }
        return level;
    }
}
