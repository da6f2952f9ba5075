using RnnService.Models.Ngrams;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Ngrams;

/// <summary>Small texts to count.</summary>
static class SomeNgrams
{
    internal const int Border = Vocabulary.EosId;

    internal static NgramCounts Count(int[] text, int vocabularySize, NgramSettings settings) => NgramCounter.Count(text, Border, vocabularySize, settings);

    /// <summary>Lines of 1 to 7 tokens with borders around them; small tokens are frequent.</summary>
    internal static int[] RandomText(int seed, int lines, int vocabularySize)
    {
        var random = new Random(seed);
        int first = Vocabulary.EosId + 1;
        List<int> text = [Border];
        for (int line = 0; line < lines; line++)
        {
            for (int left = random.Next(1, 8); left > 0; left--)
                text.Add(first + Math.Min(random.Next(vocabularySize - first), random.Next(vocabularySize - first)));
            text.Add(Border);
        }
        return [.. text];
    }
}
