namespace RnnService.Training.Metrics;

/// <summary>
/// Precision, recall and F1 of whole entities as the CoNLL shared tasks count them (Tjong Kim Sang and De Meulder 2003): an entity is right
/// when its type and both its ends are.
/// </summary>
/// <param name="Right">predicted entities that are right</param>
/// <param name="Predicted">predicted entities</param>
/// <param name="True">entities there are</param>
public readonly record struct EntityScore(long Right, long Predicted, long True)
{
    /// <summary>Of the predicted entities, the fraction that is right; 0 without any.</summary>
    public double Precision => Ratio(Right, Predicted);

    /// <summary>Of the entities there are, the fraction that was found; 0 without any.</summary>
    public double Recall => Ratio(Right, True);

    /// <summary>The harmonic mean of precision and recall.</summary>
    public double F1 => Ratio(2 * Right, Predicted + True);

    /// <summary>The sum of two counts.</summary>
    public static EntityScore operator +(EntityScore left, EntityScore right) =>
        new(left.Right + right.Right, left.Predicted + right.Predicted, left.True + right.True);

    /// <inheritdoc cref="op_Addition"/>
    public static EntityScore Add(EntityScore left, EntityScore right) => left + right;

    /// <summary>Whether tags are BIO tags: <c>O</c>, and <c>B-</c> or <c>I-</c> before a type.</summary>
    public static bool AreEntityTags(IEnumerable<string> tags) => tags.All(tag => tag == "O" || IsInside(tag) || IsBegin(tag));

    /// <summary>Counts the entities of one sentence.</summary>
    /// <param name="truth">[n] the right tags</param>
    /// <param name="predicted">[n] the predicted tags</param>
    public static EntityScore Of(IReadOnlyList<string> truth, IReadOnlyList<string> predicted)
    {
        var (trueEntities, predictedEntities) = (Entities(truth), Entities(predicted));
        return new EntityScore(trueEntities.Intersect(predictedEntities).Count(), predictedEntities.Count, trueEntities.Count);
    }

    /// <summary>
    /// The entities of a sentence. A <c>B-</c> begins one; so does an <c>I-</c> that follows no tag of its type, as the scorer of CoNLL-2000
    /// reads ill-formed predictions.
    /// </summary>
    /// <param name="tags">[n]</param>
    public static IReadOnlyList<EntitySpan> Entities(IReadOnlyList<string> tags)
    {
        List<EntitySpan> entities = [];
        for (int start = 0; start < tags.Count;)
        {
            int end = start + 1;
            if (IsBegin(tags[start]) || IsInside(tags[start]))
            {
                string type = tags[start][2..];
                while (end < tags.Count && IsInside(tags[end]) && tags[end].AsSpan(2).SequenceEqual(type))
                    end++;
                entities.Add(new EntitySpan(type, start, end));
            }
            start = end;
        }
        return entities;
    }

    static bool IsBegin(string tag) => tag.StartsWith("B-", StringComparison.Ordinal) && tag.Length > 2;

    static bool IsInside(string tag) => tag.StartsWith("I-", StringComparison.Ordinal) && tag.Length > 2;

    static double Ratio(long part, long whole) => whole == 0 ? 0 : part / (double)whole;
}

/// <summary>An entity of a sentence.</summary>
/// <param name="Type">PER, LOC and so on</param>
/// <param name="Start">its first token</param>
/// <param name="End">the token after its last</param>
public readonly record struct EntitySpan(string Type, int Start, int End);
