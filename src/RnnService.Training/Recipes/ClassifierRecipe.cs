using RnnService.Models.Classification;

namespace RnnService.Training.Recipes;

/// <summary>The fields of the <c>model</c> and <c>training</c> sections that only classifiers have.</summary>
/// <param name="Model">what is around the network; alphabet and numbers are learnt from the data</param>
/// <param name="LabelSmoothing">ε of the smoothed targets, 0 (inclusive) to 1 (exclusive)</param>
/// <param name="BalancesClasses">whether each class weighs the same in the loss, however often it occurs</param>
/// <param name="Encoder">the model to start from, or null</param>
/// <param name="Teacher">the model to learn from beside the labels, or null</param>
public sealed record ClassifierRecipe(
    ClassifierSettings Model, double LabelSmoothing, bool BalancesClasses, EncoderSettings? Encoder, TeacherSettings? Teacher);

/// <summary>A language model, or a classifier of texts, whose tokenizer, embedding and recurrent layers a classifier starts from.</summary>
/// <param name="InitializeFrom">REPOSITORY/NAME, with @version or @alias; a NAME alone is in the repository the new model goes to</param>
/// <param name="UnfreezeEvery">epochs after which one more layer of it is trained, the top one first, the embedding last (Howard and Ruder
/// 2018); 0 trains all from the start</param>
public sealed record EncoderSettings(string InitializeFrom, int UnfreezeEvery);

/// <summary>A classifier of texts whose probabilities another learns beside the labels (Hinton, Vinyals and Dean 2015).</summary>
/// <param name="Model">REPOSITORY/NAME, with @version or @alias; a NAME alone is in the repository the new model goes to</param>
/// <param name="Share">how much of what is learnt is the teacher's, more than 0 and less than 1; the rest is the labels'</param>
public sealed record TeacherSettings(string Model, double Share);
