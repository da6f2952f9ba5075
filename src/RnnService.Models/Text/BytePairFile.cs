using System.Text.Json;
using RnnService.Models.Checkpoints;

namespace RnnService.Models.Text;

/// <summary>The parts of a <c>tokenizer.json</c> that say how byte pairs are merged: the <c>BPE</c> model, its pre-tokenizer and its decoder.</summary>
static class BytePairFile
{
    /// <summary>The name of the model's type.</summary>
    public const string ModelType = "BPE";

    /// <summary>Writes the pre-tokenizer: pieces first, then their bytes in the byte-level alphabet.</summary>
    public static void WritePreTokenizer(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Sequence");
        json.WriteStartArray("pretokenizers");
        json.WriteStartObject();
        json.WriteString("type", "Split");
        json.WriteStartObject("pattern");
        json.WriteString("Regex", SubwordPattern.Portable);
        json.WriteEndObject();
        json.WriteString("behavior", "Isolated");
        json.WriteBoolean("invert", false);
        json.WriteEndObject();
        WriteByteLevel(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes the object that turns bytes into characters of the byte-level alphabet, or back where it is the decoder.</summary>
    public static void WriteByteLevel(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", false);
        json.WriteBoolean("use_regex", false);
        json.WriteEndObject();
    }

    /// <summary>Writes the fields of the model that follow its vocabulary.</summary>
    public static void WriteMerges(Utf8JsonWriter json, BytePairTokenizer tokenizer)
    {
        json.WriteStartArray("merges");
        foreach (var merge in tokenizer.Merges)
            json.WriteStringValue($"{tokenizer.Vocabulary[merge.Left]} {tokenizer.Vocabulary[merge.Right]}");
        json.WriteEndArray();
        json.WriteNull("dropout");
        json.WriteNull("unk_token");
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        json.WriteBoolean("ignore_merges", false);
    }

    /// <summary>Makes the tokenizer that a file describes.</summary>
    /// <param name="path">the file, for messages</param>
    /// <param name="root">its content</param>
    /// <param name="vocabulary">its tokens</param>
    /// <exception cref="CheckpointException">the file describes a tokenizer of another kind, or its merges do not fit its tokens</exception>
    public static BytePairTokenizer Read(string path, JsonField root, Vocabulary vocabulary)
    {
        CheckPreTokenizer(root.Required("pre_tokenizer"));
        if (!root.Optional("normalizer").IsNull)
            throw root.Optional("normalizer").Unexpected("null, because byte pairs keep the text as it is");
        var merges = root.Required("model").Required("merges").Items().Select(merge => ReadMerge(merge, vocabulary)).ToArray();
        try
        {
            return new BytePairTokenizer(vocabulary, merges);
        }
        catch (ArgumentException wrong)
        {
            throw new CheckpointException(path, "model", wrong.Message, "all bytes as tokens and merges that make tokens", wrong);
        }
    }

    static void CheckPreTokenizer(JsonField steps)
    {
        if (steps.Required("type").AsString() != "Sequence")
            throw steps.Required("type").Unexpected("'Sequence'");
        var pretokenizers = steps.Required("pretokenizers").Items().ToArray();
        if (pretokenizers.Length != 2)
            throw steps.Required("pretokenizers").Unexpected("'Split' and 'ByteLevel'");
        var pattern = pretokenizers[0].Required("pattern").Required("Regex");
        if (pattern.AsString() != SubwordPattern.Portable)
            throw pattern.Unexpected("the pattern of this program's byte-pair tokenizer");
        if (pretokenizers[1].Required("type").AsString() != "ByteLevel")
            throw pretokenizers[1].Required("type").Unexpected("'ByteLevel'");
        foreach (string option in (ReadOnlySpan<string>)["add_prefix_space", "use_regex"])
            if (pretokenizers[1].Required(option).Element.ValueKind != JsonValueKind.False)
                throw pretokenizers[1].Required(option).Unexpected("false");
    }

    static BytePairMerge ReadMerge(JsonField field, Vocabulary vocabulary)
    {
        string[] parts = field.AsString().Split(' ');
        int[] ids = [.. parts.Select(vocabulary.IdOf)];
        return ids.Length == 2 && !ids.Any(Vocabulary.IsSpecial)
            ? new BytePairMerge(ids[0], ids[1])
            : throw field.Unexpected("two tokens with a blank between them");
    }
}
