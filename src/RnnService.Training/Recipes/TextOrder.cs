namespace RnnService.Training.Recipes;

/// <summary>The order an epoch reads the training text in.</summary>
public enum TextOrder
{
    /// <summary>As written.</summary>
    Stream,

    /// <summary>Lines shuffled anew each epoch; the recurrent state is carried over their borders all the same.</summary>
    ShuffledLines,
}
