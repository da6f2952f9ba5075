using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Layers;

/// <summary>
/// The mean of what was remembered of a sequence, weighted for a query: c = sum over j of a[j] m[j], a = softmax of the scores of
/// <see cref="AttentionKind"/>. m [S,M] is read once a sequence (<see cref="AttentionMemory"/>), queries q [H] come one after the other.
/// </summary>
/// <remarks>Parameters: <c>.query.weight</c> [A,H] (W), for additive scores <c>.keys.weight</c> [A,M], <c>.keys.bias</c> [A] and <c>.score.weight</c> [1,A] (v).</remarks>
public sealed class Attention
{
    /// <param name="kind">how steps are weighted</param>
    /// <param name="querySize">H</param>
    /// <param name="memorySize">M</param>
    /// <param name="size">A of additive scores</param>
    /// <param name="parameters">receives the parameters; none for <see cref="AttentionKind.Mean"/></param>
    /// <param name="name">what stands before their names</param>
    public Attention(AttentionKind kind, int querySize, int memorySize, int size, ParameterSet parameters, string name = "attention")
    {
        Throw.IfNotPositive(querySize, nameof(querySize));
        Throw.IfNotPositive(memorySize, nameof(memorySize));
        (Kind, QuerySize, MemorySize) = (kind, querySize, memorySize);
        if (kind == AttentionKind.Mean)
            return;
        if (kind == AttentionKind.Additive)
        {
            Keys = new Linear(memorySize, size, parameters, $"{name}.keys");
            Score = parameters.Add(new Parameter($"{name}.score.weight", new Tensor(1, size)));
        }
        KeySize = kind == AttentionKind.Additive ? size : memorySize;
        Query = parameters.Add(new Parameter($"{name}.query.weight", new Tensor(KeySize, querySize)));
        QueryProduct = new PackedProduct(Query);
    }

    /// <summary>How steps are weighted.</summary>
    public AttentionKind Kind { get; }

    /// <summary>H.</summary>
    public int QuerySize { get; }

    /// <summary>M.</summary>
    public int MemorySize { get; }

    /// <summary>A: elements of what a query is compared with, M for dot products; 0 where there is no query.</summary>
    public int KeySize { get; }

    /// <summary>W, [A,H]; null where there is no query.</summary>
    public Parameter? Query { get; }

    /// <summary>hidden [N,H] to queries [N,A]; null where there is no query.</summary>
    internal PackedProduct? QueryProduct { get; }

    /// <summary>K and b; null for other scores than additive ones.</summary>
    public Linear? Keys { get; }

    /// <summary>v, [1,A]; null for other scores than additive ones.</summary>
    public Parameter? Score { get; }

    /// <summary>Number of weights; sizes may be any, nothing is made.</summary>
    public static Int128 WeightCount(AttentionKind kind, int querySize, int memorySize, int size) => kind switch
    {
        AttentionKind.Additive => (Int128)size * ((Int128)querySize + memorySize + 2),
        AttentionKind.Dot => (Int128)memorySize * querySize,
        _ => 0,
    };

    /// <summary>Lays the weights out for the kernels; needed after they changed, before they are used.</summary>
    /// <param name="forTraining">whether there will be a backward pass</param>
    /// <param name="weights">how they are kept; training needs <see cref="WeightType.Float32"/></param>
    public void Pack(bool forTraining, WeightType weights = WeightType.Float32)
    {
        Throw.IfRounded(weights, forTraining);
        Keys?.Pack(weights);
        QueryProduct?.Pack(forTraining, weights);
    }

    /// <summary>Memory of up to <paramref name="batchSize"/> sequences of up to <paramref name="steps"/> steps.</summary>
    public AttentionMemory CreateMemory(int steps, int batchSize) => new(this, steps, batchSize);
}
