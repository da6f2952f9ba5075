using RnnService.Engine.Layers;
using RnnService.Models.Decoding;
using RnnService.Models.LanguageModels;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Decoding;

/// <summary>Next words of models whose tokens are characters or pieces of words.</summary>
public class SpelledWordTests
{
    static readonly BytePairTokenizer _pieces = Pieces(" the", " student", " don't", "ents", "'", "，", "我们", "学习", "老师", "批评");

    static WordPrediction[] Predict(LanguageModel model, ITokenizer tokenizer, string text, string? prefix = null, int top = 5) =>
        [.. new NextWordPredictor(model, tokenizer).Predict(text, prefix, top, TestContext.Current.CancellationToken).Predictions];

    /// <summary>After any text the tokens of these texts have these logits, all others -20.</summary>
    static LanguageModel Fixed(params (string Piece, float Logit)[] logits) =>
        TinyModels.Fixed(_pieces, logits.ToDictionary(pair => _pieces.Vocabulary[Assert.Single(_pieces.Encode(pair.Piece))], pair => pair.Logit), others: -20);

    /// <summary>A tokenizer that has these pieces, and what they are joined from: bytes, characters, beginnings.</summary>
    static BytePairTokenizer Pieces(params string[] pieces)
    {
        var bytes = TokenizerTrainer.Train(new TokenizerSettings { Type = TokenizerKind.Bpe, VocabularySize = BytePairTokenizer.SmallestVocabulary }, []);
        List<string> tokens = [.. Enumerable.Range(4, 256).Select(id => bytes.Vocabulary[id])];
        List<BytePairMerge> merges = [];
        foreach (string piece in pieces)
            _ = piece.EnumerateRunes().Select(rune => bytes.Encode(rune.ToString()).Select(id => bytes.Vocabulary[id]).Aggregate(Join)).Aggregate(Join);
        return new BytePairTokenizer(new Vocabulary(tokens), merges);

        string Join(string left, string right)
        {
            if (!tokens.Contains(left + right))
            {
                merges.Add(new BytePairMerge(IdOf(left), IdOf(right)));
                tokens.Add(left + right);
            }
            return left + right;
        }

        int IdOf(string token) => tokens.IndexOf(token) + 4;
    }

    static string[] Words(IEnumerable<WordPrediction> predictions) => [.. predictions.Select(prediction => prediction.Word)];

    [Theory, InlineData("ab "), InlineData("ab"), InlineData("ba")]
    public void Predict_Characters_AreWordsWithAllThatMayFollow(string text)
    {
        var tokenizer = TinyModels.Characters("ab .");
        var model = TinyModels.Random(tokenizer, seed: 3);
        var expected = new Dictionary<string, double>();
        var session = model.CreateSession();
        session.Feed(tokenizer.Encode(text.TrimEnd(' ')));
        Spell(tokenizer, session, "", 1, expected);
        foreach (var (word, probability) in Predict(model, tokenizer, text, top: 3))
            Assert.Equal(expected[word], probability, 1e-6);
        Assert.Equal(expected.OrderByDescending(word => word.Value).Take(3).Select(word => word.Key), Words(Predict(model, tokenizer, text, top: 3)));
    }

    [Fact]
    public void Predict_PiecesOfWords_BeginWithABlankAndEndBeforeTheNext()
    {
        var predictions = Predict(Fixed((" the", 2), (" stud", 3), ("ents", 1), (" ", 0.5f), (",", 0)), _pieces, "the ");
        double sum = Math.Exp(2) + Math.Exp(3) + Math.E + Math.Exp(0.5) + 1, goesOn = Math.E / sum;
        Assert.Equal(["stud", "the", "students"], Words(predictions)[..3]);
        Assert.Equal(Math.Exp(3) / sum * (1 - goesOn), predictions[0].Probability, 1e-5);
        Assert.Equal(Math.Exp(3) / sum * goesOn * (1 - goesOn), predictions[2].Probability, 1e-5);
    }

    [Fact]
    public void Predict_BeginOfTheText_NeedsNoBlank() => Assert.Equal(["the", "ents"], Words(Predict(Fixed(("ents", 0), (" the", 1)), _pieces, "", top: 2)));

    [Fact]
    public void Predict_Apostrophe_BelongsToTheWordItJoins()
    {
        string[] words = Words(Predict(Fixed((" don't", 2), (" student", 1), ("'", 1), ("s", 0)), _pieces, "the", top: 20));
        Assert.Contains("don't", words);
        Assert.Contains("student's", words);
        Assert.DoesNotContain("student'", words);
    }

    [Fact]
    public void Predict_ScriptWithoutBlanks_IsOfferedInTokensOfSeveralCharacters()
    {
        var predictions = Predict(Fixed(("我", 2), ("我们", 1.5f), ("，", 3), ("学习", 1)), _pieces, "我昨天上学迟到了，老师批评了", top: 3);
        Assert.Equal(["我", "我们", "学习"], Words(predictions));
        Assert.Equal(Math.Exp(2) / (Math.Exp(2) + Math.Exp(1.5) + Math.Exp(3) + Math.E), predictions[0].Probability, 1e-5);
    }

    [Fact]
    public void Predict_WhatFollowsIsAlmostCertain_BelongsToTheWord()
    {
        // One unit, which is 1 after 批 and 0 after all else; where it is 1, 评 is 30 more.
        var model = new LanguageModel(new() { Cell = CellKind.Rnn, Layers = 1, HiddenSize = 1, EmbeddingSize = 1 }, _pieces.Vocabulary.Count);
        int first = Assert.Single(_pieces.Encode("批")), second = Assert.Single(_pieces.Encode("评"));
        model.Parameters["embedding.weight"].Value.Span[first] = 10;
        model.Parameters["rnn.weight_ih_l0"].Value.Span[0] = 1;
        model.Parameters["output.weight"].Value.Span[second] = 30;
        var bias = model.Parameters["output.bias"].Value.Span;
        bias.Fill(-20);
        (bias[first], bias[_pieces.Encode("我")[0]]) = (2, 1);
        model.WeightsChanged();
        Assert.Equal(["批评", "我"], Words(Predict(model, _pieces, "老师", top: 2)));
    }

    [Fact]
    public void Generate_ScriptWithoutBlanks_MayGoOnInATokenThatReachesOverTheEndOfThePrompt()
    {
        var tokenizer = Pieces("批评", "了我");
        LanguageModel Fixed(float over) => TinyModels.Fixed(tokenizer, new Dictionary<string, float>
        {
            [tokenizer.Vocabulary[tokenizer.Encode("了我")[0]]] = over,
            [tokenizer.Vocabulary[tokenizer.Encode("了")[0]]] = 1,
            [tokenizer.Vocabulary[tokenizer.Encode("批评")[0]]] = 3,
        });
        string Generate(float over, string prompt) => string.Concat(new TextGenerator(Fixed(over), tokenizer)
            .Generate(prompt, new() { MaxTokens = 2, Sampling = new() { Temperature = 0 } }, TestContext.Current.CancellationToken).Select(piece => piece.Text));
        Assert.Equal("我批评", Generate(over: 2, "老师批评了"));
        Assert.Equal("批评批评", Generate(over: 0, "老师批评了"));
        Assert.Equal("批评批评", Generate(over: 2, "老师，"));
    }

    [Fact]
    public void Predict_ScriptWithoutBlanks_GoesOnFromATokenThatReachesOverTheEndOfTheText()
    {
        // In training 了我 is one token: what follows 批评了 is in the tokens that begin with 了, and 了 itself is seldom.
        var tokenizer = Pieces("批评", "了我", "了他", "他们");
        var logits = new Dictionary<string, float> { ["了"] = 0, ["了我"] = 2, ["了他"] = 1, ["他们"] = 3, ["。"] = 4, ["批评"] = 4 };
        var model = TinyModels.Fixed(tokenizer, logits.Where(pair => tokenizer.Encode(pair.Key).Length == 1)
            .ToDictionary(pair => tokenizer.Vocabulary[tokenizer.Encode(pair.Key)[0]], pair => pair.Value), others: -30);
        var predictions = Predict(model, tokenizer, "老师批评了", top: 2);
        double all = new[] { 0.0, 2, 1, 3, 4 }.Sum(Math.Exp), reopened = new[] { 0.0, 2, 1 }.Sum(Math.Exp);
        Assert.Equal("我", predictions[0].Word);
        Assert.Equal(Math.Exp(2) / reopened, predictions[0].Probability, 1e-4);
        Assert.Equal(["我", "他"], Words(predictions));
        // 了 and then 批评: as a token that stands after it
        var third = Predict(model, tokenizer, "老师批评了", top: 3)[2];
        Assert.Equal(("批评", true), (third.Word, Math.Abs(third.Probability - 1 / reopened * Math.Exp(4) / all) < 1e-3));
    }

    [Fact]
    public void Predict_RareCharacter_IsPutTogetherFromItsBytes()
    {
        var model = TinyModels.Fixed(_pieces, _pieces.Encode("龘").ToDictionary(id => _pieces.Vocabulary[id], _ => 2f), others: -20);
        Assert.True(_pieces.Encode("龘").Length > 1);
        Assert.Contains("龘", Words(Predict(model, _pieces, "我们")));
    }

    [Fact]
    public void Predict_ScriptTheVocabularyDoesNotHave_IsSpelledInBytes()
    {
        var tokenizer = Pieces(" the");
        var prediction = Assert.Single(Predict(TinyModels.Random(tokenizer), tokenizer, "the", "我", top: 1));
        Assert.Equal("我", prediction.Word);
    }

    [Theory]
    [InlineData("stu", "stud|students")]
    [InlineData("STUDE", "students")]
    [InlineData("students", "students")]
    [InlineData("t", "the")]
    [InlineData("xyz", "")]
    public void Predict_Prefix_AlsoCutsATokenOrNeedsSeveral(string prefix, string expected)
    {
        var model = Fixed((" the", 2), (" stud", 1), ("ents", 4));
        string[] words = Words(Predict(model, _pieces, "the", prefix, top: 2));
        Assert.Equal(expected.Split('|', StringSplitOptions.RemoveEmptyEntries), words.Where(word => expected.Contains(word, StringComparison.Ordinal)));
        Assert.All(words, word => Assert.StartsWith(prefix, word, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(words, Words(Predict(model, _pieces, "the " + prefix, prefix, top: 2)));
    }

    [Fact]
    public void Predict_PrefixWithoutBlanks_IsTakenOffTheText()
    {
        var model = TinyModels.Random(_pieces);
        var expected = Predict(model, _pieces, "老师", "我");
        Assert.NotEmpty(expected);
        Assert.Equal(expected, Predict(model, _pieces, "老师我", "我"));
        Assert.All(expected, prediction => Assert.StartsWith("我", prediction.Word, StringComparison.Ordinal));
    }

    [Fact]
    public void Predict_BlankAtTheEnd_ChangesNothing()
    {
        var model = TinyModels.Random(_pieces);
        Assert.Equal(Predict(model, _pieces, "the students"), Predict(model, _pieces, "the students "));
    }

    [Fact]
    public void Predict_AnyText_GivesDistinctWordsBestFirst()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            var predictions = Predict(TinyModels.Random(_pieces, seed), _pieces, "the students 我们", top: 20);
            Assert.Equal(20, predictions.Length);
            Assert.Equal(predictions.OrderByDescending(prediction => prediction.Probability), predictions);
            Assert.Equal(20, Words(predictions).Distinct().Count());
            Assert.All(predictions, prediction => Assert.Matches(@"^[\p{L}\p{N}]", prediction.Word));
        }
    }

    /// <summary>All words of up to six characters after a blank, with the probability that a word ends there.</summary>
    static void Spell(CharTokenizer tokenizer, StepSession session, string word, double probability, Dictionary<string, double> words)
    {
        double[] probabilities = [.. AutomatonDecoder.LogSoftmax(session.Logits).Select(Math.Exp)];
        double Probability(char character) => probabilities[tokenizer.Vocabulary.IdOf(character.ToString())];
        if (word.Length > 1)
            words.Add(word[1..], probability * (1 - Probability('a') - Probability('b')));
        foreach (char character in word.Length switch { 0 => " ", 7 => "", _ => "ab" })
        {
            var next = session.Fork([0]);
            next.Feed(tokenizer.Vocabulary.IdOf(character.ToString()));
            Spell(tokenizer, next, word + character, probability * Probability(character), words);
        }
    }
}
