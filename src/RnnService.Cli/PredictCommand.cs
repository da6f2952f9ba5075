using System.CommandLine;
using System.Globalization;
using RnnService.Models.Classification;
using RnnService.Models.Decoding;
using RnnService.Models.Packages;
using RnnService.Models.Seq2Seq;

namespace RnnService.Cli;

/// <summary><c>rnn predict</c>: what a model says about an input.</summary>
static class PredictCommand
{
    const string Description = """
        Prints what a model predicts: the most probable next words of a text, best first; the class of a text; the tag of
        each word; the translation of a text, or the reply to it; or the class of a series, whose steps are separated by
        semicolons and their numbers by commas.

        Examples:
          rnn predict models/my-model "the students opened their"
          rnn predict models/my-model "the students opened their" --prefix bo --top 3
          rnn predict models/my-sentiment "A film I will not forget." --explain
          rnn predict models/my-tagger "The old man the boat."
          rnn predict models/my-translator "Elle aime la Chine." --beam 4 --alternatives 2 --alignment
          rnn predict models/my-chat "Do you like music?" --seed 7
          rnn predict models/my-series "27,150,630,12;28,140,600,9"
        """;

    public static Command Create(CommandContext context)
    {
        var model = new Argument<string>("MODEL") { Description = ModelLocation.Help };
        var input = new Argument<string>("INPUT") { Description = "The text, which may be empty (\"\"), or the series." };
        var top = new Option<int>("--top") { Description = "How many words, 1 to 50.", DefaultValueFactory = _ => 5, HelpName = "N" };
        var prefix = new Option<string?>("--prefix") { Description = "Only words that begin with this.", HelpName = "P" };
        var explain = new Option<bool>("--explain") { Description = "Also what each token contributes to the class of a text." };
        var beam = new Option<int>("--beam") { Description = "Hypotheses kept of a translation, 1 to 50.", DefaultValueFactory = _ => new TranslationOptions().BeamSize, HelpName = "N" };
        var alternatives = new Option<int>("--alternatives") { Description = "Other translations to print too, 0 to 20, and the scores of all.", HelpName = "N" };
        var alignment = new Option<bool>("--alignment") { Description = "Also where each token of a translation comes from." };
        var seed = CommandOptions.OptionalNumber<long>("--seed", "The same seed gives the same reply.");
        var weights = CommandOptions.Weights();
        CommandOptions.RequireRange(top, 1, 50);
        CommandOptions.RequireRange(beam, 1, 50);
        CommandOptions.RequireRange(alternatives, 0, 20);
        var command = new Command("predict", Description) { model, input, top, prefix, explain, beam, alternatives, alignment, seed, weights };
        command.SetAction(context, parsed =>
        {
            string location = parsed.GetRequiredValue(model), given = parsed.GetRequiredValue(input);
            var package = ModelLocation.Load(location, parsed.GetValue(weights));
            bool isDialogue = package is Seq2SeqPackage { IsDialogue: true };
            OnlyFor(package is LanguageModelPackage, "predict next words", top, prefix);
            OnlyFor(package.Manifest.Task == ModelTask.SequenceClassifier, "classify texts", explain);
            OnlyFor(package is Seq2SeqPackage && !isDialogue, "translate", beam, alternatives, alignment);
            OnlyFor(isDialogue, "reply", seed);
            var translation = new TranslationOptions { BeamSize = parsed.GetValue(beam), Alternatives = parsed.GetValue(alternatives), Alignment = parsed.GetValue(alignment) };
            var lines = package switch
            {
                LanguageModelPackage words => NextWords(words, given, parsed.GetValue(prefix), parsed.GetValue(top), context.Stop),
                ClassifierPackage { Manifest.Task: ModelTask.Tagger } tagger => Tags(tagger, given),
                ClassifierPackage { Manifest.Task: ModelTask.SeriesClassifier } series => Scores(series.CreateSeriesClassifier().Classify(SeriesText.Read(given, series))),
                ClassifierPackage text when parsed.GetValue(explain) => Reasons(text, given),
                ClassifierPackage text => Scores(text.CreateTextClassifier().Classify(given)),
                Seq2SeqPackage dialogue when isDialogue => Seq2SeqText.Reply(dialogue, given, parsed.GetValue(seed), context.Stop),
                Seq2SeqPackage languages => Seq2SeqText.Translate(languages, given, translation, context.Stop),
                _ => throw new UserErrorException($"{location}: its task is {package.Manifest.Task}, for which there is no prediction here."),
            };
            foreach (string line in lines)
                context.Output.WriteLine(line);
            return ExitCode.Success;

            void OnlyFor(bool fits, string models, params ReadOnlySpan<Option> options)
            {
                foreach (var option in options)
                {
                    if (!fits && parsed.GetResult(option) is { Implicit: false })
                        throw new UserErrorException($"{location}: {option.Name} is for models that {models}; this one's task is {package.Manifest.Task}.");
                }
            }
        });
        return command;
    }

    static IEnumerable<string> NextWords(LanguageModelPackage package, string text, string? prefix, int top, CancellationToken stop)
    {
        var (predictions, _) = new NextWordPredictor(package.Model, package.Tokenizer, package.Ngrams).Predict(text, prefix, top, stop);
        return predictions.Select(prediction => Line(prediction.Probability, prediction.Word));
    }

    static IEnumerable<string> Scores(LabelScores scores) =>
        scores.Scores.OrderByDescending(score => score.Value).Select(score => Line(score.Value, score.Key));

    static IEnumerable<string> Tags(ClassifierPackage package, string text) =>
        package.CreateWordTagger().Tag(text).Select(word => $"{Line(word.Probability, word.Tag)}  {word.Word}");

    static IEnumerable<string> Reasons(ClassifierPackage package, string text)
    {
        var explanation = package.CreateTextClassifier().Explain(text);
        string sum = string.Create(CultureInfo.InvariantCulture,
            $"contributions to {explanation.Scores.Label}, which has {explanation.BaselineScore:0.0000} for a text that says nothing (completeness error {explanation.CompletenessError:0.0e+0}):");
        return
        [
            .. Scores(explanation.Scores), "", sum,
            .. explanation.Tokens.Select(token => string.Create(CultureInfo.InvariantCulture, $"{token.Contribution,8:+0.0000;-0.0000}  {token.Token}")),
        ];
    }

    static string Line(double probability, string text) => string.Create(CultureInfo.InvariantCulture, $"{probability:0.0000}  {text}");
}
