using System.Text;
using RnnService.Models.Checkpoints;

namespace RnnService.Models.BagsOfWords;

/// <summary>
/// <c>words.bin</c>, packed by gzip: the bytes <c>RBW1</c>; as whole numbers of 7 bits a byte (LEB128) the classes C, the training texts,
/// the features F and for each, in ordinal order, how many bytes of UTF-8 it has in common with the one before, how many follow, these, and
/// how many texts have it; then the weights [F+1,C] in 64ths (zigzag), biases last.
/// </summary>
public static class BagFile
{
    const int LeastBytes = 3;   // of a feature, its weights aside
    const int LongestName = 4 * BagOfWords.LongestName;
    static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    static ReadOnlySpan<byte> Magic => "RBW1"u8;

    /// <summary>Writes a classifier, replacing what is there.</summary>
    /// <param name="classifier">its weights are <see cref="LogisticRegression.Rounded"/></param>
    /// <param name="path">the file</param>
    public static void Write(BagClassifier classifier, string path)
    {
        using var writer = PackedWriter.Create(path);
        var words = classifier.Words;
        writer.Write(Magic);
        writer.Write7BitEncodedInt(classifier.Regression.ClassCount);
        writer.Write7BitEncodedInt(words.TextCount);
        writer.Write7BitEncodedInt(words.Count);
        byte[] before = [];
        for (int index = 0; index < words.Count; index++)
        {
            byte[] name = s_utf8.GetBytes(words.Names[index]);
            int common = before.AsSpan().CommonPrefixLength(name);
            writer.Write7BitEncodedInt(common);
            writer.Write7BitEncodedInt(name.Length - common);
            writer.Write(name.AsSpan(common));
            writer.Write7BitEncodedInt(words.TextCounts[index]);
            before = name;
        }
        foreach (float weight in classifier.Regression.Weights)
            writer.WriteSigned((int)(weight * LogisticRegression.Steps));
    }

    /// <summary>Reads a classifier. The file may hold anything.</summary>
    /// <param name="path">the file</param>
    /// <param name="labelCount">K of the model it belongs to</param>
    /// <exception cref="CheckpointException">it is missing or broken, or of other labels</exception>
    public static BagClassifier Read(string path, int labelCount)
    {
        var reader = new PackedReader(path, "weights of words");
        reader.Expect(Magic);
        int classCount = reader.Number("number of classes", labelCount, Math.Max(labelCount, reader.Left));
        if (classCount % labelCount != 0)
            throw reader.Unexpected($"{classCount} classes", $"a multiple of {labelCount}, the model's labels");
        int textCount = reader.Number("number of texts", 1, int.MaxValue);
        int count = reader.Number("number of features", 0, Math.Max(0, reader.Left / (LeastBytes + classCount)));
        string[] names = new string[count];
        int[] textCounts = new int[count];
        byte[] name = new byte[LongestName];
        int length = 0;
        for (int index = 0; index < count; index++)
        {
            int common = reader.Number("bytes in common", 0, length);
            int rest = reader.Number("bytes of a word", 0, Math.Min(LongestName - common, reader.Left - 1));
            reader.Take(rest).CopyTo(name.AsSpan(common));
            length = common + rest;
            names[index] = NameOf(reader, name.AsSpan(0, length));
            if (index > 0 && string.CompareOrdinal(names[index - 1], names[index]) >= 0)
                throw reader.Unexpected($"'{names[index]}' after '{names[index - 1]}'", "features in ordinal order");
            textCounts[index] = reader.Number("texts of a feature", 1, textCount);
        }
        float[] weights = ReadWeights(reader, (count + 1) * classCount);
        reader.ExpectEnd();
        return new BagClassifier(new BagOfWords(names, textCounts, textCount), new LogisticRegression(weights, classCount), labelCount);
    }

    static string NameOf(PackedReader reader, ReadOnlySpan<byte> utf8)
    {
        try
        {
            return s_utf8.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw reader.Unexpected("bytes that are not UTF-8", "a word or a pair of words");
        }
    }

    static float[] ReadWeights(PackedReader reader, int count)
    {
        if (reader.Left < count)
            throw reader.Unexpected($"{reader.Left} bytes", $"{count} weights");
        float[] weights = new float[count];
        for (int i = 0; i < count; i++)
            weights[i] = reader.Signed("a weight") / LogisticRegression.Steps;
        return weights;
    }
}
