using RnnService.Engine.Layers;
using RnnService.Models.LanguageModels;

namespace RnnService.Training.Recipes;

/// <summary>The fields of a recipe's <c>model</c> section and which of them contradict each other.</summary>
static class ModelSectionReader
{
    /// <summary>Reads the fields of the network; those of the task may follow.</summary>
    /// <param name="section">the section</param>
    /// <param name="isBidirectional">whether the network reads both ways where the recipe does not say</param>
    public static ModelSettings Read(RecipeSection section, bool isBidirectional)
    {
        var settings = ReadCell(section) with
        {
            Layers = section.Integer("layers", 2, new NumberRange(1, 16)),
            HiddenSize = section.Integer("hiddenSize", 512, new NumberRange(1, 16_384)),
            EmbeddingSize = section.Integer("embeddingSize", 256, new NumberRange(1, 16_384)),
            Bidirectional = section.Flag("bidirectional", isBidirectional),
            Residual = section.Flag("residual", false),
            Dropout = section.Number("dropout", 0, NumberRange.Fraction),
            DropoutKind = section.Choice("dropoutKind", "standard", ("standard", DropoutKind.Standard), ("locked", DropoutKind.Locked)),
            EmbeddingDropout = section.Number("embeddingDropout", 0, NumberRange.Fraction),
            TieEmbeddings = section.Flag("tieEmbeddings", false),
            InitRange = section.OptionalNumber("initRange", NumberRange.Positive),
        };
        CheckCell(section, settings);
        if (settings.Residual && settings.Layers == 1)
            throw section.Error("residual", "but model.layers is 1; residual connections go around the layers above the first");
        if (settings.Bidirectional && settings.Recurrence == Recurrence.Jordan)
            throw section.Error("bidirectional", "but model.recurrence is \"jordan\", which feeds the outputs of one direction back; set one of them otherwise");
        return settings;
    }

    static ModelSettings ReadCell(RecipeSection section) => new()
    {
        Cell = section.Choice("cell", "lstm", ("rnn", CellKind.Rnn), ("lstm", CellKind.Lstm), ("gru", CellKind.Gru)),
        Activation = section.Choice("activation", "tanh",
            ("tanh", CellActivation.Tanh), ("relu", CellActivation.Relu), ("sigmoid", CellActivation.Sigmoid)),
        Recurrence = section.Choice("recurrence", "elman", ("elman", Recurrence.Elman), ("jordan", Recurrence.Jordan)),
        GruForm = section.Choice("gruForm", "reset-after", ("reset-after", GruForm.ResetAfter), ("reset-before", GruForm.ResetBefore)),
        Leak = section.Number("leak", 0, NumberRange.Fraction),
        TimeSkip = section.Integer("timeSkip", 0, new NumberRange(0, RecurrentOptions.MaxTimeSkip)),
        Initialization = section.Choice("initialization", "uniform",
            ("uniform", RecurrentInitialization.Uniform), ("orthogonal", RecurrentInitialization.Orthogonal), ("identity", RecurrentInitialization.Identity)),
        ForgetBias = section.OptionalNumber("forgetBias", new NumberRange(-100, 100)),
    };

    static void CheckCell(RecipeSection section, ModelSettings settings)
    {
        if (settings.Cell != CellKind.Rnn)
        {
            section.Forbid("activation", "model.cell is not \"rnn\"");
            section.Forbid("recurrence", "model.cell is not \"rnn\"");
        }
        if (settings.Cell != CellKind.Gru)
            section.Forbid("gruForm", "model.cell is not \"gru\"");
        if (settings.Cell != CellKind.Lstm)
            section.Forbid("forgetBias", "model.cell is not \"lstm\", which alone has a forget gate");
        if (settings.Initialization == RecurrentInitialization.Identity && (settings.Cell, settings.Activation) != (CellKind.Rnn, CellActivation.Relu))
            throw section.Error("initialization", "but model.cell is not \"rnn\" with model.activation \"relu\", which alone keeps what it has by it");
    }
}
