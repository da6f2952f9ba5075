using RnnService.Engine.Kernels;
using RnnService.Models.LanguageModels;
using RnnService.Models.Text;
using RnnService.Training.Data;
using RnnService.Training.Evaluation;
using RnnService.Training.Metrics;
using RnnService.Training.Tests.Support;

namespace RnnService.Training.Tests.Evaluation;

public sealed class EvaluatorTests
{
    static readonly Corpus s_corpus = new([new TextFile("sentences.txt", string.Join('\n', Some.Sentences) + "\nan unseen wombat .", "")]);
    static readonly ITokenizer s_tokenizer = TokenizerTrainer.Train(new TokenizerSettings(), Some.Sentences);

    [Fact]
    public void Evaluate_ZeroWeights_GivesTheLossOfGuessingBlindly()
    {
        var result = Evaluator.Evaluate(Model(), s_tokenizer, s_corpus);
        Assert.Equal(Math.Log(s_tokenizer.Vocabulary.Count), result.Loss, 5);
        Assert.Equal(s_tokenizer.Vocabulary.Count, result.Perplexity, 3);
        Assert.Equal(s_corpus.Encode(s_tokenizer).Stream.Length - 1, result.Tokens);
    }

    [Fact]
    public void Evaluate_Int8_MeasuresTheChangeAndLeavesTheModelAsItWas()
    {
        var model = Model();
        model.Initialize(3);
        var result = Evaluator.Evaluate(model, s_tokenizer, s_corpus, compareInt8: true);
        Assert.Equal(WeightType.Float32, model.WeightType);
        Assert.NotEqual(result.Loss, result.Int8Loss);
        Assert.Equal(result with { Int8Loss = null }, Evaluator.Evaluate(model, s_tokenizer, s_corpus));
        model.WeightType = WeightType.Int8;
        Assert.Equal(result.Int8Loss, Evaluator.Evaluate(model, s_tokenizer, s_corpus).Loss);
        double change = result.Metrics.Single(metric => metric.Key == "int8PerplexityChange").Value;
        Assert.Equal(Math.Exp(result.Int8Loss!.Value - result.Loss) - 1, change, 1e-12);
        Assert.InRange(Math.Abs(change), 1e-9, 0.01);
    }

    [Fact]
    public void Evaluate_CharacterModel_HasNoNextWordAccuracy()
    {
        var tokenizer = TokenizerTrainer.Train(new TokenizerSettings { Type = TokenizerKind.Char }, s_corpus.Lines);
        var model = new LanguageModel(new ModelSettings { Layers = 1, HiddenSize = 8, EmbeddingSize = 4 }, tokenizer.Vocabulary.Count);
        var result = Evaluator.Evaluate(model, tokenizer, s_corpus);
        Assert.Null(result.NextWord);
        Assert.Equal(["loss", "perplexity", "tokens"], result.Metrics.Select(metric => metric.Key));
    }

    [Fact]
    public void Evaluate_BytePairModel_GivesThePerplexityPerCharacterToo()
    {
        var tokenizer = TokenizerTrainer.Train(new TokenizerSettings { Type = TokenizerKind.Bpe, VocabularySize = 300 }, s_corpus.Lines);
        var model = new LanguageModel(new ModelSettings { Layers = 1, HiddenSize = 8, EmbeddingSize = 4 }, tokenizer.Vocabulary.Count);
        var result = Evaluator.Evaluate(model, tokenizer, s_corpus);
        int characters = s_corpus.Lines.Sum(line => line.Length + 1);
        Assert.Equal(Math.Pow(300, result.Tokens / (double)characters), result.Metrics.Single(metric => metric.Key == "characterPerplexity").Value, 4);
        Assert.Contains("\nperplexity per character ", result.Report, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_ManySentences_EqualsReadingEachAlone()
    {
        var model = Model();
        model.Initialize(3);
        // More sentences than are read side by side, of many lengths.
        string[] sentences = [.. Enumerable.Range(0, 150).Select(i => string.Join(' ', Some.Sentences[i % 10].Split(' ').Take(1 + i % 7)))];
        var ranking = new WordRanking(s_tokenizer.Vocabulary);
        var expected = new NextWordAccuracy();
        foreach (string sentence in sentences)
        {
            int[] words = s_tokenizer.Encode(sentence);
            var session = model.CreateSession();
            session.Feed(Vocabulary.EosId);
            session.Feed(words[0]);
            foreach (int word in words.Skip(1).Where(word => WordRanking.IsWord(s_tokenizer.Vocabulary[word])))
            {
                expected += ranking.Score(session.Logits, word);
                session.Feed(word);
            }
        }
        var actual = NextWordEvaluation.Measure(model, s_tokenizer, sentences);
        Assert.Equal(expected, actual);
        Assert.True(actual.Top3 > 0, "a test that cannot tell right from wrong");
    }

    [Fact]
    public void Measure_FirstWordAfterAnOpeningMark_IsNotAskedFor() =>
        Assert.Equal(2, NextWordEvaluation.Measure(Model(), s_tokenizer, ["\" the cat ( sleeps ) ."]).Words);

    static LanguageModel Model() => new(new ModelSettings { Layers = 1, HiddenSize = 16, EmbeddingSize = 8 }, s_tokenizer.Vocabulary.Count);
}
