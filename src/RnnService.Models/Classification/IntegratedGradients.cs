using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;

namespace RnnService.Models.Classification;

/// <summary>
/// What each token of a text contributes to the probability F of a label (Sundararajan et al. 2017): on the straight way from a text
/// whose token vectors are zero, x', to the text, x, the contribution of a token is the integral of (x-x')·dF/dx over the way. All of them
/// add up to F(x) - F(x'). The integral is taken by Gauss and Legendre's rule of three points in ever more parts, until the sum is right.
/// </summary>
static class IntegratedGradients
{
    // Sequences of a pass: the points of the first attempt.
    internal const int BatchSize = Points * FewestParts;

    const int Points = 3, FewestParts = 4, MostParts = 64;
    const double EnoughRelative = 0.005, EnoughAbsolute = 1e-5;

    static readonly double[] s_places = [0.5 - Math.Sqrt(0.15), 0.5, 0.5 + Math.Sqrt(0.15)];
    static readonly double[] s_weights = [5 / 18.0, 8 / 18.0, 5 / 18.0];

    /// <summary>The contributions of the tokens of one text.</summary>
    /// <param name="model">packed for training and frozen</param>
    /// <param name="pass">of this model, for <see cref="BatchSize"/> sequences</param>
    /// <param name="sequence">a framed text</param>
    /// <param name="label">whose probability is explained</param>
    public static Attribution Explain(ClassifierModel model, ClassifierPass pass, ClassifierSequence sequence, int label)
    {
        var path = new StraightPath(model, pass, sequence, label);
        double[] ends = path.Scores([0, 1]);
        for (int parts = FewestParts; ; parts *= 2)
        {
            double[] contributions = path.Integrate(parts);
            var attribution = new Attribution(contributions, ends[1], ends[0]);
            if (parts == MostParts || attribution.Error <= Math.Max(EnoughAbsolute, EnoughRelative * Math.Abs(ends[1] - ends[0])))
                return attribution;
        }
    }

    /// <summary>The straight way from the text of zero vectors to a text.</summary>
    sealed class StraightPath
    {
        readonly ClassifierModel _model;
        readonly ClassifierPass _pass;
        readonly int _label, _length;
        readonly float[] _text;   // [T,I]

        public StraightPath(ClassifierModel model, ClassifierPass pass, ClassifierSequence sequence, int label)
        {
            (_model, _pass, _label, _length) = (model, pass, label, sequence.Length);
            pass.Read([.. Enumerable.Repeat(sequence, BatchSize)], DropoutMask.None);
            _text = new float[_length * model.InputSize];
            for (int t = 0; t < _length; t++)
                Input(t, 0).CopyTo(Text(t));
        }

        /// <summary>F at some places of the way, 0 at its begin and 1 at its end.</summary>
        public double[] Scores(ReadOnlySpan<double> places)
        {
            Run(places);
            double[] scores = new double[places.Length];
            for (int row = 0; row < scores.Length; row++)
            {
                var logits = _pass.Logits(row);
                scores[row] = Math.Exp(logits[_label] - SoftmaxKernel.LogSumExp(logits));
            }
            return scores;
        }

        /// <summary>The contributions, with the way cut into parts; a multiple of <see cref="FewestParts"/>.</summary>
        public double[] Integrate(int parts)
        {
            double[] contributions = new double[_length - TextFrame.Steps], places = new double[BatchSize];
            for (int first = 0; first < parts; first += FewestParts)
            {
                for (int row = 0; row < BatchSize; row++)
                    places[row] = (first + row / Points + s_places[row % Points]) / parts;
                Run(places);
                for (int row = 0; row < BatchSize; row++)
                    ToProbabilityGradient(_pass.Logits(row));
                var dInputs = _pass.Backward(wantsInputs: true);
                for (int row = 0; row < BatchSize; row++)
                {
                    for (int token = 0; token < contributions.Length; token++)
                        contributions[token] += s_weights[row % Points] / parts
                            * VectorKernel.Dot(Text(TextFrame.Lead + token), dInputs.Slice(At(TextFrame.Lead + token, row), _model.InputSize));
                }
            }
            return contributions;
        }

        void Run(ReadOnlySpan<double> places)
        {
            for (int row = 0; row < places.Length; row++)
            {
                // The frame belongs to every text.
                for (int t = TextFrame.Lead; t < _length - (TextFrame.Steps - TextFrame.Lead); t++)
                    VectorKernel.Scale(Text(t), (float)places[row], Input(t, row));
            }
            _pass.Run(StackDropout.None);
        }

        // d p[label] / d logit[k] = p[label] (1 if k is the label, else 0, - p[k])
        void ToProbabilityGradient(Span<float> logits)
        {
            SoftmaxKernel.Softmax(logits);
            float score = logits[_label];
            for (int k = 0; k < logits.Length; k++)
                logits[k] = score * ((k == _label ? 1f : 0f) - logits[k]);
        }

        Span<float> Text(int t) => _text.AsSpan(t * _model.InputSize, _model.InputSize);

        Span<float> Input(int t, int row) => _pass.Inputs.Slice(At(t, row), _model.InputSize);

        int At(int t, int row) => (t * BatchSize + row) * _model.InputSize;
    }
}

/// <summary>What tokens contribute to a label's probability.</summary>
/// <param name="Contributions">one for each token read</param>
/// <param name="Score">the probability for the text</param>
/// <param name="BaselineScore">the probability for a text whose token vectors are zero</param>
public sealed record Attribution(IReadOnlyList<double> Contributions, double Score, double BaselineScore)
{
    /// <summary>How far the sum of the contributions is from the difference of the two probabilities.</summary>
    public double Error => Math.Abs(Contributions.Sum() - (Score - BaselineScore));
}
