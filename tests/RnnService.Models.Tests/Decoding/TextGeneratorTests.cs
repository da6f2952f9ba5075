using RnnService.Models.Decoding;
using RnnService.Models.Text;

namespace RnnService.Models.Tests.Decoding;

public class TextGeneratorTests
{
    static readonly WordTokenizer _words = TinyModels.Words("the", "students", "opened", ".", "ab");
    static readonly CharTokenizer _characters = TinyModels.Characters("\nab");
    static readonly SamplingOptions _greedy = new() { Temperature = 0 };

    static TextGenerator Fixed(ITokenizer tokenizer, string token) =>
        new(TinyModels.Fixed(tokenizer, new Dictionary<string, float> { [token] = 5 }), tokenizer);

    static (string Text, GeneratedPiece Last) Run(TextGenerator generator, string prompt, GenerationOptions options)
    {
        var pieces = generator.Generate(prompt, options, TestContext.Current.CancellationToken).ToList();
        Assert.All(pieces.SkipLast(1), piece => Assert.True(piece.FinishReason is null && piece.Text.Length > 0));
        return (string.Concat(pieces.Select(piece => piece.Text)), pieces[^1]);
    }

    [Theory, InlineData("opened", " students students"), InlineData("opened ", "students students"), InlineData("", "Students students")]
    public void Generate_WordModel_ContinuesThePromptWithItsBlanks(string prompt, string expected)
    {
        var (text, last) = Run(Fixed(_words, "students"), prompt, new() { MaxTokens = 2, Sampling = _greedy });
        Assert.Equal(expected, text);
        Assert.Equal(2, last.Tokens);
        Assert.Equal(FinishReason.Length, last.FinishReason);
    }

    [Fact]
    public void Generate_MarksOfTheirOwn_AreReadAsTheLettersTheyBelongTo()
    {
        var words = TinyModels.Words("le", "café", "noir", "est", "chaud");
        var generator = new TextGenerator(TinyModels.Random(words, seed: 1), words);
        var options = new GenerationOptions { MaxTokens = 20, Sampling = new() { Seed = 1 } };
        Assert.Equal(Run(generator, "le café", options).Text, Run(generator, "le cafe\u0301", options).Text);
        Assert.NotEqual(Run(generator, "le cafe", options).Text, Run(generator, "le cafe\u0301", options).Text);
    }

    [Fact]
    public void Generate_ModelEndsTheText_FinishesWithStop()
    {
        var (text, last) = Run(Fixed(_words, "<eos>"), "", new() { MaxTokens = 9, Sampling = _greedy });
        Assert.Equal(("", 0, FinishReason.Stop), (text, last.Tokens, last.FinishReason));
    }

    [Fact]
    public void Generate_PromptThatIsOver_GoesOnWithTheNextSentence()
    {
        var model = TinyModels.Fixed(_words, new Dictionary<string, float> { ["<eos>"] = 5, ["students"] = 3 });
        var (text, last) = Run(new TextGenerator(model, _words), "the.", new() { MaxTokens = 9, Sampling = _greedy });
        Assert.Equal((" Students", 1, FinishReason.Stop), (text, last.Tokens, last.FinishReason));
    }

    [Theory, InlineData("<pad>"), InlineData("<unk>"), InlineData("<bos>")]
    public void Generate_SpecialTokens_AreNeverDrawn(string special)
    {
        var (text, _) = Run(Fixed(_words, special), "the", new() { MaxTokens = 50, Sampling = new() { Seed = 1 } });
        Assert.DoesNotContain('<', text);
        Assert.NotEmpty(text);
    }

    [Fact]
    public void Generate_StopStringAcrossTokens_EndsBeforeIt()
    {
        var (text, last) = Run(Fixed(_words, "ab"), "the", new() { MaxTokens = 9, Sampling = _greedy, Stop = ["b a"] });
        Assert.Equal((" a", 2, FinishReason.Stop), (text, last.Tokens, last.FinishReason));
    }

    [Fact]
    public void Generate_CharacterModel_NeitherTrimsNorEnds()
    {
        var (text, last) = Run(Fixed(_characters, "\n"), "a\n", new() { MaxTokens = 3, Sampling = _greedy });
        Assert.Equal(("\n\n\n", FinishReason.Length), (text, last.FinishReason));
        Assert.Equal(20, Run(Fixed(_characters, "<eos>"), "", new() { MaxTokens = 20 }).Last.Tokens);
    }

    [Fact]
    public void Generate_EmptyPromptOfACharacterModel_ReadsALineBreak()
    {
        var generator = new TextGenerator(TinyModels.Random(_characters), _characters);
        GenerationOptions options = new() { MaxTokens = 40, Sampling = new() { Seed = 5 } };
        Assert.Equal(Run(generator, "\n", options).Text, Run(generator, "", options).Text);
        Assert.NotEqual(Run(generator, "b", options).Text, Run(generator, "", options).Text);
    }

    [Fact]
    public void Generate_SameSeed_SameText()
    {
        var generator = new TextGenerator(TinyModels.Random(_words), _words);
        string Text(long seed) => Run(generator, "the", new() { MaxTokens = 30, Sampling = new() { Seed = seed } }).Text;
        Assert.Equal(Text(1), Text(1));
        Assert.NotEqual(Text(1), Text(2));
    }

    [Fact]
    public void Generate_CallerLeaves_StopsBeforeTheNextToken()
    {
        using var caller = new CancellationTokenSource();
        int pieces = 0;
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var _ in Fixed(_words, "the").Generate("the", new() { MaxTokens = 100 }, caller.Token))
            {
                if (++pieces == 3)
                    caller.Cancel();
            }
        });
        Assert.Equal(3, pieces);
    }

    [Fact]
    public void Generate_OptionsOutOfRange_AreRefusedAtTheCall()
    {
        var generator = Fixed(_words, "the");
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.Generate("the", new() { MaxTokens = 0 }, TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(() => generator.Generate("the", new() { Stop = [""] }, TestContext.Current.CancellationToken));
    }
}
