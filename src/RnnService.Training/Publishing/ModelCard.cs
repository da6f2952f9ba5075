using System.Globalization;
using System.Text;
using RnnService.Training.Data;
using RnnService.Training.Evaluation;
using RnnService.Training.Recipes;

namespace RnnService.Training.Publishing;

/// <summary>The README.md beside published weights: what the model is, its data and licence, its figures, and how it was made.</summary>
static class ModelCard
{
    /// <param name="name">the model's name</param>
    /// <param name="card">the recipe's texts</param>
    /// <param name="training">the training text</param>
    /// <param name="validation">the text the figures were measured on</param>
    /// <param name="result">the figures</param>
    /// <param name="history">the epochs</param>
    /// <param name="command">the command line that trained it</param>
    public static string Write(
        string name, CardSettings card, Corpus training, Corpus validation, EvaluationResult result, TrainingPosition history, string command)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {name}\n");
        Paragraph(card.Description);
        Section("Data", card.Data);
        text.Append("\n| use | file | sha256 |\n|---|---|---|\n");
        Files("training", training);
        Files("validation", validation);
        Section("Licence", card.Licence);
        Section("Limitations", card.Limitations);
        Section("Figures", $"Measured on the validation data with the weights as stored (epoch {history.Best?.Epoch}, the best of {history.History.Count}).");
        text.Append("\n| figure | value |\n|---|---|\n");
        foreach (var figure in result.Figures)
            text.Append(CultureInfo.InvariantCulture, $"| {figure.Description} | {figure.Text} |\n");
        if (result.Details.Length > 0)
            Paragraph($"```\n{result.Details}\n```");
        Section("How it was made", $"`recipe.json` beside this file, and:\n\n```\n{command}\n```");
        return text.ToString();

        void Paragraph(string paragraph)
        {
            if (paragraph.Length > 0)
                text.Append('\n').Append(paragraph.Trim()).Append('\n');
        }

        void Section(string title, string content)
        {
            if (content.Length > 0 || title == "Data")
                text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n");
            Paragraph(content);
        }

        void Files(string use, Corpus corpus)
        {
            foreach (var file in corpus.Files)
                text.Append(CultureInfo.InvariantCulture, $"| {use} | {Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file.Path)))}/{Path.GetFileName(file.Path)} | {file.Sha256} |\n");
        }
    }
}
