namespace RnnService.Training.Recipes;

/// <summary>The <c>card</c> section of a recipe: what the model card and <c>model.json</c> say beyond what training knows by itself. Texts are Markdown.</summary>
/// <param name="Description">what the model does and for whom</param>
/// <param name="Data">where the training text comes from</param>
/// <param name="Licence">the licence of the data, attribution included, and of the weights</param>
/// <param name="Limitations">what the model should not be used for</param>
/// <param name="Language">BCP 47 tag of the language the model reads, for example <c>en</c>; empty where it is not told, or where the data tells it</param>
public sealed record CardSettings(string Description = "", string Data = "", string Licence = "", string Limitations = "", string Language = "");
