using System.Text.Encodings.Web;
using System.Text.Json;
using RnnService.Models.Checkpoints;

namespace RnnService.Models.Text;

/// <summary>
/// <c>tokenizer.json</c> in the format of the Hugging Face tokenizers library: a <c>WordLevel</c> or <c>BPE</c> model whose normalizer and
/// pre-tokenizer make that library split a text as the tokenizer here does. Surface forms have no place in the format; <c>model.json</c>
/// keeps them.
/// </summary>
public static class TokenizerFile
{
    const string WordLevel = "WordLevel";
    const string CharacterPattern = @"[\s\S]";
    static readonly JsonWriterOptions _writing = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a tokenizer; the same tokenizer gives the same bytes.</summary>
    public static void Write(ITokenizer tokenizer, string path)
    {
        using var stream = File.Create(path);
        using var json = new Utf8JsonWriter(stream, _writing);
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        WriteAddedTokens(json);
        json.WritePropertyName("normalizer");
        WriteNormalizer(json, tokenizer);
        json.WritePropertyName("pre_tokenizer");
        WritePreTokenizer(json, tokenizer);
        json.WriteNull("post_processor");
        json.WritePropertyName("decoder");
        if (tokenizer is BytePairTokenizer)
            BytePairFile.WriteByteLevel(json);
        else
            json.WriteNullValue();
        WriteModel(json, tokenizer);
        json.WriteEndObject();
    }

    /// <summary>Reads a tokenizer that <see cref="Write"/> wrote.</summary>
    /// <param name="path">the file</param>
    /// <param name="surfaceForms">shown forms of word tokens that differ from the vocabulary's</param>
    /// <exception cref="CheckpointException">the file is missing, broken, or describes a tokenizer of another kind</exception>
    public static ITokenizer Read(string path, IReadOnlyDictionary<string, string>? surfaceForms = null)
    {
        var root = JsonField.Open(path);
        var model = root.Required("model");
        var vocabulary = ReadVocabulary(path, model);
        if (model.Required("type").AsString() == BytePairFile.ModelType)
            return BytePairFile.Read(path, root, vocabulary);
        bool lowercase = ReadLowercase(root.Optional("normalizer"));
        var split = root.Required("pre_tokenizer");
        string type = split.Required("type").AsString();
        if (type == "WhitespaceSplit")
            return new WordTokenizer(vocabulary, lowercase, pretokenized: true, surfaceForms);
        if (type != "Split")
            throw split.Required("type").Unexpected("'Split' or 'WhitespaceSplit'");
        var pattern = split.Required("pattern").Required("Regex");
        return pattern.AsString() switch
        {
            CharacterPattern => new CharTokenizer(vocabulary, lowercase),
            var words when words == WordPattern.Portable => new WordTokenizer(vocabulary, lowercase, pretokenized: false, surfaceForms),
            _ => throw pattern.Unexpected("the pattern of this program's word or character tokenizer"),
        };
    }

    static void WriteAddedTokens(Utf8JsonWriter json)
    {
        json.WriteStartArray("added_tokens");
        for (int id = 0; id < Vocabulary.SpecialTokens.Count; id++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("content", Vocabulary.SpecialTokens[id]);
            json.WriteBoolean("single_word", false);
            json.WriteBoolean("lstrip", false);
            json.WriteBoolean("rstrip", false);
            json.WriteBoolean("normalized", false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteNormalizer(Utf8JsonWriter json, ITokenizer tokenizer)
    {
        if (tokenizer is BytePairTokenizer)
        {
            json.WriteNullValue();
            return;
        }
        bool lowercase = tokenizer is WordTokenizer { Lowercase: true } or CharTokenizer { Lowercase: true };
        json.WriteStartObject();
        json.WriteString("type", "Sequence");
        json.WriteStartArray("normalizers");
        if (tokenizer is WordTokenizer)
            foreach (var (typographic, straight) in TextFolding.QuotationMarks)
            {
                json.WriteStartObject();
                json.WriteString("type", "Replace");
                json.WriteStartObject("pattern");
                json.WriteString("String", typographic.ToString());
                json.WriteEndObject();
                json.WriteString("content", straight.ToString());
                json.WriteEndObject();
            }
        if (lowercase)
        {
            json.WriteStartObject();
            json.WriteString("type", "Lowercase");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WritePreTokenizer(Utf8JsonWriter json, ITokenizer tokenizer)
    {
        if (tokenizer is BytePairTokenizer)
        {
            BytePairFile.WritePreTokenizer(json);
            return;
        }
        json.WriteStartObject();
        if (tokenizer is WordTokenizer { Pretokenized: true })
            json.WriteString("type", "WhitespaceSplit");
        else
        {
            json.WriteString("type", "Split");
            json.WriteStartObject("pattern");
            json.WriteString("Regex", tokenizer is CharTokenizer ? CharacterPattern : WordPattern.Portable);
            json.WriteEndObject();
            // Inverted: what matches is kept, what lies between is removed.
            json.WriteString("behavior", "Removed");
            json.WriteBoolean("invert", true);
        }
        json.WriteEndObject();
    }

    static void WriteModel(Utf8JsonWriter json, ITokenizer tokenizer)
    {
        var vocabulary = tokenizer.Vocabulary;
        json.WriteStartObject("model");
        json.WriteString("type", tokenizer is BytePairTokenizer ? BytePairFile.ModelType : WordLevel);
        json.WriteStartObject("vocab");
        for (int id = 0; id < vocabulary.Count; id++)
            json.WriteNumber(vocabulary[id], id);
        json.WriteEndObject();
        if (tokenizer is BytePairTokenizer bytePairs)
            BytePairFile.WriteMerges(json, bytePairs);
        else
            json.WriteString("unk_token", Vocabulary.SpecialTokens[Vocabulary.UnknownId]);
        json.WriteEndObject();
    }

    static Vocabulary ReadVocabulary(string path, JsonField model)
    {
        if (model.Required("type").AsString() is not (WordLevel or BytePairFile.ModelType))
            throw model.Required("type").Unexpected($"'{WordLevel}' or '{BytePairFile.ModelType}'");
        var fields = model.Required("vocab").Fields().ToList();
        string[] tokens = new string[fields.Count];
        foreach (var (token, field) in fields)
        {
            int id = field.AsInteger(least: 0);
            if (id >= tokens.Length)
                throw field.Unexpected($"an id below {tokens.Length}, the number of tokens");
            if (tokens[id] is { } other)
                throw field.Unexpected($"an id other than that of '{other}'");
            tokens[id] = token;
        }
        for (int id = 0; id < Vocabulary.SpecialTokens.Count; id++)
            if (id >= tokens.Length || tokens[id] != Vocabulary.SpecialTokens[id])
                throw new CheckpointException(
                    path, "model.vocab", $"'{tokens.ElementAtOrDefault(id)}' with id {id}", $"'{Vocabulary.SpecialTokens[id]}'");
        try
        {
            return new Vocabulary(tokens.Skip(Vocabulary.SpecialTokens.Count));
        }
        catch (ArgumentException wrong)
        {
            throw new CheckpointException(path, "model.vocab", wrong.Message, "each token once and none empty", wrong);
        }
    }

    static bool ReadLowercase(JsonField normalizer)
    {
        if (normalizer.IsNull)
            return false;
        bool lowercase = false;
        foreach (var step in normalizer.Required("normalizers").Items())
            switch (step.Required("type").AsString())
            {
                case "Lowercase": lowercase = true; break;
                case "Replace": break;
                default: throw step.Required("type").Unexpected("'Replace' or 'Lowercase'");
            }
        return lowercase;
    }
}
