using RnnService.Models.Seq2Seq;
using RnnService.Serving.Registry;
using RnnService.Serving.Tests.Support;

namespace RnnService.Serving.Tests;

public sealed class TranslationTests : IAsyncLifetime
{
    static readonly LanguagePair _french = LanguagePair.Of("fr", "en");
    readonly ServingHost _host = new(new() { Chat = "chat" });

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host.Add("translate-fr-en", TinyTranslators.FrenchToEnglish);
        _host.Add("another-fr-en", TinyTranslators.FrenchToEnglish);
        _host.Add("my-chinese", TinyTranslators.EnglishToChinese);
        _host.Add("chat", TinyTranslators.Chat);
        _host.Source.Set("words", [1]);
        await _host.Registry.RefreshAsync(Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return ValueTask.CompletedTask;
    }

    Task<ModelAnswer<Translation>> TranslateAsync(string text, string source, string target, string? model = null, TranslationOptions? options = null) =>
        _host.Predictions.TranslateAsync(model, text, LanguagePair.Of(source, target), options ?? new(), Cancellation);

    [Theory]
    [InlineData("Elle aime la Chine.", "fr", "en", "translate-fr-en", "She loves China.")]
    [InlineData("She loves China. He loves books.", "EN", "Zh", "my-chinese", "她爱中国。他爱书。")]
    public async Task Translate_NoModelNamed_AsksTheOneForTheLanguages(string text, string source, string target, string model, string expected)
    {
        var answer = await TranslateAsync(text, source, target);
        Assert.Equal((new ModelKey(model, 1), expected), (answer.Model, answer.Result.Text));
    }

    [Fact]
    public async Task Translate_ModelNamed_AsksThatOne() =>
        Assert.Equal("another-fr-en", (await TranslateAsync("Elle dort.", "fr", "en", "another-fr-en@1")).Model.Name);

    [Fact]
    public async Task Translate_Tokens_AreThoseReadAndWritten() => Assert.Equal(3 + 3, (await TranslateAsync("Elle dort.", "fr", "en")).Tokens);

    [Fact]
    public async Task Translate_UnknownLanguages_ListsThoseThereAre()
    {
        var failure = await Assert.ThrowsAsync<ServingException>(() => TranslateAsync("a", "en", "de"));
        Assert.Equal(ServingFailure.UnknownLanguages, failure.Failure);
        Assert.Equal("No model translates from 'en' to 'de'; there are: fr to en, en to zh.", failure.Message);
    }

    [Fact]
    public async Task Translate_ModelOfOtherLanguages_SaysWhichItHas()
    {
        var failure = await Assert.ThrowsAsync<ServingException>(() => TranslateAsync("a", "en", "fr", "my-chinese"));
        Assert.Equal(ServingFailure.UnknownLanguages, failure.Failure);
        Assert.StartsWith("The model 'my-chinese' translates en to zh, not en to fr;", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Translate_ModelIsNotInMemory_IsAnotherFailure()
    {
        await _host.Registry.UnloadAsync(new("another-fr-en", 1));
        await _host.Registry.UnloadAsync(new("translate-fr-en", 1));
        Assert.Equal(ServingFailure.NotLoaded, (await Assert.ThrowsAsync<ServingException>(() => TranslateAsync("a", "fr", "en"))).Failure);
    }

    [Theory, InlineData("words", "it can continue texts"), InlineData("chat", "it can chat (POST /api/v1/chat).")]
    public async Task Translate_ModelOfAnotherTask_SaysWhatItDoes(string model, string does)
    {
        var failure = await Assert.ThrowsAsync<ServingException>(() => TranslateAsync("a", "fr", "en", model));
        Assert.Equal(ServingFailure.WrongTask, failure.Failure);
        Assert.Contains(does.Split(' ')[2], failure.Message, StringComparison.Ordinal);
        Assert.StartsWith($"The model '{model}@1' cannot translate texts; it can", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Translate_AlignmentOfALongText_IsRefused()
    {
        var failure = await Assert.ThrowsAsync<ServingException>(() =>
            _host.Predictions.TranslateAsync(null, new string('a', 2001), _french, new() { Alignment = true }, Cancellation));
        Assert.Equal(("alignment", ServingFailure.Invalid), (failure.Field!.Name, failure.Failure));
        Assert.Contains("found 2001", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Translate_ManyAtOnce_GivesEachWhatItGivesAlone()
    {
        string[] texts = ["Elle dort.", "Il aime les livres.", "Elle aime la Chine. Elle dort."];
        string[] expected = ["She sleeps.", "He loves books.", "She loves China. She sleeps."];
        var translator = new TextTranslator(TinyTranslators.FrenchToEnglish);
        await Parallel.ForAsync(0, 60, Cancellation, (i, cancellation) =>
        {
            Assert.Equal(expected[i % 3], translator.Translate(texts[i % 3], new(), cancellation).Text);
            return ValueTask.CompletedTask;
        });
    }

    [Theory, InlineData("hello", "hi, how are you?"), InlineData("hello\nhi\nhow are you?", "fine, thank you.")]
    public async Task Chat_Turns_GivesTheNext(string text, string reply)
    {
        var answer = await _host.Predictions.ChatAsync(null, text, new() { Temperature = 0 }, Cancellation);
        Assert.Equal(("chat", reply), (answer.Model.Name, answer.Result));
        Assert.True(answer.Tokens > 5);
    }

    [Fact]
    public async Task Chat_Translator_DoesAnotherJob()
    {
        var failure = await Assert.ThrowsAsync<ServingException>(() => _host.Predictions.ChatAsync("my-chinese", "hello", new(), Cancellation));
        Assert.Equal("The model 'my-chinese@1' cannot chat; it can translate texts (POST /api/v1/translation).", failure.Message);
    }
}
