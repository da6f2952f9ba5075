using RnnService.Engine.Layers;
using RnnService.Engine.Tensors;

namespace RnnService.Models.Classification;

/// <summary>
/// Reads words character by character, both ways; the last state of each direction is what it says about a word (Ling et al. 2015), so
/// that words the vocabulary does not hold are known by their endings, capitals and digits.
/// </summary>
public sealed class CharacterEncoder
{
    // Of a longer word begin and end are read, half each.
    internal const int MostCharacters = 24;

    readonly Dictionary<char, int> _ids;

    /// <param name="settings">sizes and alphabet</param>
    /// <param name="parameters">receives <c>characters.embedding.weight</c>, <c>characters.rnn.weight_ih_l0</c> and so on</param>
    public CharacterEncoder(CharacterSettings settings, ParameterSet parameters)
    {
        _ids = settings.Alphabet.Select((character, index) => (character, Id: index + 1)).ToDictionary(pair => pair.character, pair => pair.Id);
        Embedding = new Embedding(settings.Alphabet.Length + 1, settings.EmbeddingSize, parameters, "characters.embedding.weight");
        Recurrent = new RecurrentStack(OptionsOf(settings), settings.EmbeddingSize, parameters, "characters.rnn.");
        Pooling = new SequencePooling(PoolingKind.Last, Recurrent.Options);
    }

    /// <summary>Elements of what it says about a word.</summary>
    public int OutputSize => Recurrent.OutputSize;

    internal Embedding Embedding { get; }

    internal RecurrentStack Recurrent { get; }

    internal SequencePooling Pooling { get; }

    internal static RecurrentOptions OptionsOf(CharacterSettings settings) => new() { HiddenSize = settings.HiddenSize, Bidirectional = true };

    /// <summary>The characters of words that occur twice or more, in the order of their codes.</summary>
    public static string LearnAlphabet(IEnumerable<string> words) => string.Concat(words.SelectMany(word => word).CountBy(character => character)
        .Where(pair => pair.Value > 1 && !char.IsSurrogate(pair.Key)).Select(pair => pair.Key).Order());

    /// <summary>Writes the ids of a word's characters.</summary>
    /// <returns>how many</returns>
    internal int Encode(string word, Span<int> ids)
    {
        int count = Math.Min(word.Length, MostCharacters), head = count == word.Length ? count : count / 2;
        for (int i = 0; i < count; i++)
            ids[i] = _ids.GetValueOrDefault(i < head ? word[i] : word[word.Length - (count - i)]);
        return count;
    }
}
