using System.Text;
using RnnService.Training.Data;
using RnnService.Training.Recipes;

namespace RnnService.Training.Tests.Support;

/// <summary>Small valid things that tests change one part of.</summary>
static class Some
{
    /// <summary>A whole recipe; the arguments replace a section's content.</summary>
    public static string RecipeJson(
        string task = "language-model",
        string tokenizer = """ "type": "word" """,
        string model = """ "cell": "lstm", "layers": 1, "hiddenSize": 16, "embeddingSize": 8 """,
        string training = """ "epochs": 2, "batchSize": 2, "bpttWindow": 5 """,
        string more = "") => $$"""
        {
          "task": "{{task}}",
          "tokenizer": { {{tokenizer}} },
          "model": { {{model}} },
          "training": { {{training}} }{{more}}
        }
        """;

    public static Recipe Recipe(string json) => Training.Recipes.Recipe.Parse(Encoding.UTF8.GetBytes(json), "recipe.json");

    /// <summary>A file <c>some.txt</c> of this content, read.</summary>
    public static Corpus Corpus(string content) => new([new TextFile("some.txt", content, "")]);

    /// <summary>A section of a recipe as it is read, called <c>data</c>.</summary>
    public static RecipeSection Section(string content) =>
        new("recipe.json", "data", JsonValue.Parse(Encoding.UTF8.GetBytes($"{{ {content} }}"), "recipe.json"));

    /// <summary>Ten sentences that share words, so that the next one depends on more than the last.</summary>
    public static readonly string[] Sentences =
    [
        "the cat sleeps on the mat .",
        "the dog sleeps in the garden .",
        "a bird sings in the old tree .",
        "my brother reads a long book .",
        "the old man walks to the market .",
        "she opens the door and smiles .",
        "we eat bread and cheese at noon .",
        "the train leaves at nine .",
        "nobody knows where the key is .",
        "rain falls on the quiet town .",
    ];
}
