namespace RnnService.Training.Recipes;

/// <summary>The <c>card</c> section of a recipe: what the model card says beyond what training knows by itself. Markdown.</summary>
/// <param name="Description">what the model does and for whom</param>
/// <param name="Data">where the training text comes from</param>
/// <param name="Licence">the licence of the data, attribution included, and of the weights</param>
/// <param name="Limitations">what the model should not be used for</param>
public sealed record CardSettings(string Description = "", string Data = "", string Licence = "", string Limitations = "");
