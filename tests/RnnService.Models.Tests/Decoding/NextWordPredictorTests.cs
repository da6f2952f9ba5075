using RnnService.Models.Decoding;
using RnnService.Models.Ngrams;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Decoding;

public class NextWordPredictorTests
{
    static readonly WordTokenizer _tokenizer = TinyModels.Words("the", "students", "opened", "their", "boston", ".", "don't", "7");

    static NextWordPredictor Fixed(params (string Token, float Logit)[] logits) =>
        new(TinyModels.Fixed(_tokenizer, logits.ToDictionary(pair => pair.Token, pair => pair.Logit)), _tokenizer);

    static IReadOnlyList<WordPrediction> Predict(NextWordPredictor predictor, string text, string? prefix, int top) =>
        predictor.Predict(text, prefix, top, TestContext.Current.CancellationToken).Predictions;

    static string[] Words(NextWordPredictor predictor, string? prefix, int top = 5) =>
        [.. Predict(predictor, "the", prefix, top).Select(prediction => prediction.Word)];

    [Fact]
    public void Predict_Top3_AreTheMostProbableWordsBestFirst() =>
        Assert.Equal(["students", "the", "7"], Words(Fixed(("the", 2), ("students", 3), ("7", 1)), null, 3));

    [Fact]
    public void Predict_PunctuationAndSpecialTokens_AreNoWords() =>
        Assert.Equal(["opened"], Words(Fixed((".", 9), ("<unk>", 9), ("<eos>", 9), ("<bos>", 9), ("<pad>", 9), ("opened", 1)), null, 1));

    [Fact]
    public void Predict_Word_HasItsWrittenForm() => Assert.Equal(["Boston"], Words(Fixed(("boston", 3)), null, 1));

    [Fact]
    public void Predict_Probabilities_AreTheSoftmaxOverAllTokens()
    {
        var predictions = Predict(Fixed((".", 2), ("the", 1), ("<eos>", 0)), "x", null, 1);
        double sum = Math.Exp(2) + Math.Exp(1) + 1 + 9 * Math.Exp(-10);
        Assert.Equal(Math.E / sum, predictions[0].Probability, 1e-5);
    }

    [Theory, InlineData("t", new[] { "their", "the" }), InlineData("THE", new[] { "their", "the" }), InlineData("bo", new[] { "Boston" }),
        InlineData("don’", new[] { "don't" }), InlineData("xyz", new string[0])]
    public void Predict_Prefix_OnlyWordsThatBeginWithIt(string prefix, string[] expected) =>
        Assert.Equal(expected, Words(Fixed(("students", 5), ("their", 4), ("the", 3)), prefix));

    [Fact]
    public void Predict_MarksOfTheirOwn_AreReadAsTheLettersTheyBelongTo()
    {
        var words = TinyModels.Words("le", "café", "noir");
        var predictor = new NextWordPredictor(TinyModels.Random(words, seed: 1), words);
        Assert.Equal(Predict(predictor, "le café", null, 3), Predict(predictor, "le cafe\u0301", null, 3));
        Assert.NotEqual(Predict(predictor, "le cafe", null, 3), Predict(predictor, "le cafe\u0301", null, 3));
        Assert.Equal(["café"], Predict(predictor, "le", "cafe\u0301", 3).Select(prediction => prediction.Word));
    }

    [Fact]
    public void Predict_TextEndsWithThePrefix_ReadsTheTextBeforeIt()
    {
        var predictor = new NextWordPredictor(TinyModels.Random(_tokenizer), _tokenizer);
        var expected = Predict(predictor, "the students ", "o", 8);
        Assert.Equal(expected, Predict(predictor, "the students o", "o", 8));
        Assert.NotEqual(expected, Predict(predictor, "the students opened", "o", 8));
    }

    [Fact]
    public void Predict_CaseAndBlanks_MakeNoDifference()
    {
        var predictor = new NextWordPredictor(TinyModels.Random(_tokenizer), _tokenizer);
        Assert.Equal(Predict(predictor, "the students", null, 5), Predict(predictor, "  The  STUDENTS ", null, 5));
    }

    [Theory, InlineData("the students", new[] { 3, 4, 5 }), InlineData("the\n\nstudents", new[] { 3, 4, 3, 5 }), InlineData("the.\n", new[] { 3, 4, 9, 3 }),
        InlineData("", new[] { 3 })]
    public void Predict_Text_IsReadWithTheBordersBetweenSentences(string text, int[] tokenIds)
    {
        var model = TinyModels.Random(_tokenizer);
        var session = model.CreateSession();
        session.Feed(tokenIds);
        double sum = 0;
        foreach (float logit in session.Logits)
            sum += Math.Exp(logit);
        var (predictions, read) = new NextWordPredictor(model, _tokenizer).Predict(text, null, 8, TestContext.Current.CancellationToken);
        Assert.Equal(tokenIds.Length, read);
        foreach (var (word, probability) in predictions)
            Assert.Equal(Math.Exp(session.Logits[_tokenizer.Encode(word)[0]]) / sum, probability, 1e-5);
    }

    [Fact]
    public void Predict_Ngrams_AddWhatFollowedInTheText()
    {
        var model = TinyModels.Fixed(_tokenizer, new Dictionary<string, float> { ["the"] = 3 });
        var settings = new NgramSettings { Share = 0.5 };
        int[] text = [Vocabulary.EosId, .. _tokenizer.Encode("the students opened their 7"), Vocabulary.EosId];
        var predictor = new NextWordPredictor(model, _tokenizer, new(NgramCounter.Count(text, Vocabulary.EosId, _tokenizer.Vocabulary.Count, settings), settings));
        Assert.Equal(["the", "opened"], Predict(predictor, "The students", null, 2).Select(prediction => prediction.Word));
        Assert.Equal("students", Predict(predictor, "7. the", "s", 1)[0].Word);
        Assert.InRange(Predict(predictor, "the students", null, 1)[0].Probability, 0.5, 0.55);
    }

    [Fact]
    public void Predict_LongTextWithACallerWhoLeft_Stops() => Assert.Throws<OperationCanceledException>(() =>
        Fixed().Predict(string.Concat(Enumerable.Repeat("the ", 1000)), null, 5, new CancellationToken(canceled: true)));
}
