using RnnService.Engine.Layers;
using RnnService.Engine.Losses;
using RnnService.Engine.Tensors;
using RnnService.Models.Decoding;
using RnnService.Models.LanguageModels;
using RnnService.Models.Text;

namespace RnnService.Models.Inspection;

/// <summary>
/// Looks inside a language model while it reads a text: gates, states, and how the loss of a prediction depends on each step. Not
/// thread-safe; the model may be in use meanwhile, since a backward pass needs gradients and gets them in a copy of the weights.
/// </summary>
public sealed class LanguageModelInspector
{
    /// <summary>The longest text, tokens: gates and states of every step are kept.</summary>
    public const int MostTokens = 256;

    readonly LanguageModel _model;
    readonly ITokenizer _tokenizer;

    /// <param name="model">whose weights are copied</param>
    /// <param name="tokenizer">its tokens</param>
    public LanguageModelInspector(LanguageModel model, ITokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        _model = new LanguageModel(model.Settings, model.VocabularySize);
        foreach (var parameter in model.Parameters)
            parameter.Value.Span.CopyTo(_model.Parameters[parameter.Name].Value.Span);
        _model.Pack(forTraining: true);
    }

    /// <summary>Reads a text from the zero state, framed as in training: a word model reads the border between sentences first.</summary>
    /// <param name="text">2 to <see cref="MostTokens"/> tokens, the border included</param>
    /// <param name="lossOf">which tokens' prediction the gradients explain</param>
    /// <exception cref="ArgumentException">fewer tokens or more</exception>
    public TextInspection Inspect(string text, InspectedTokens lossOf = InspectedTokens.Last)
    {
        int[] ids = PromptReader.Encode(_tokenizer, text);
        int steps = ids.Length;
        if (steps is < 2 or > MostTokens)
            throw new ArgumentException($"the text has {steps} tokens, expected 2 to {MostTokens}.");
        var stack = _model.Recurrent;
        var tape = stack.CreateTape(steps, batchSize: 1);
        LayerReader.Prepare(tape);
        var embedded = new Tensor(steps, _model.Embedding.Size);
        _model.Embedding.Forward(ids, DropoutMask.None, embedded.Span);
        stack.Forward(embedded.Span, [], tape);
        // The backward pass turns the gates into their gradients: they are read before it.
        var reader = new LayerReader(tape, steps);
        var dTop = new Tensor(steps, stack.OutputSize);
        var loss = LossBackward(tape.Outputs(steps), Targets(ids, lossOf), dTop);
        stack.Backward(embedded.Span, [], tape, dTop.Span, dState: null, dx: []);
        return new TextInspection
        {
            Cell = _model.Settings.Cell,
            HiddenSize = _model.Settings.HiddenSize,
            Tokens = [.. ids.Select(Shown)],
            Loss = new InspectedLoss(lossOf, loss.Mean),
            Layers = reader.WithGradients(stepsOfLoss: steps - 1),
        };
    }

    LossSum LossBackward(ReadOnlySpan<float> top, int[] targets, Tensor dTop)
    {
        var softmax = new SoftmaxCrossEntropy(_model.Output);
        if (_model.Projection is not { } projection)
            return softmax.ForwardBackward(top, targets, dTop.Span);
        var projected = new Tensor(targets.Length, projection.OutputSize);
        var dProjected = new Tensor(projected.Shape);
        projection.Forward(top, targets.Length, projected.Span);
        var loss = softmax.ForwardBackward(projected.Span, targets, dProjected.Span);
        projection.Backward(top, targets.Length, dProjected.Span, dTop.Span);
        return loss;
    }

    /// <summary>Each step predicts the next token; the last one's is not part of the text.</summary>
    static int[] Targets(int[] ids, InspectedTokens lossOf)
    {
        const int NotCounted = -1;
        int[] targets = [.. ids[1..], NotCounted];
        if (lossOf == InspectedTokens.Last)
            targets.AsSpan(0, targets.Length - 2).Fill(NotCounted);
        return targets;
    }

    string Shown(int tokenId) => _tokenizer.Display(tokenId) switch
    {
        " " => "␣",
        "\n" => "⏎",
        "\t" => "⇥",
        var other => other,
    };
}
