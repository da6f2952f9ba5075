using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
using RnnService.Models.Explanations;

namespace RnnService.Models.Classification;

/// <summary>
/// What each token of a text contributes to the probability F of a label (Sundararajan et al. 2017): on the straight way from a text
/// whose token vectors are zero, x', to the text, x, the contribution of a token is the integral of (x-x')·dF/dx over the way. All of them
/// add up to F(x) - F(x'). The integral is taken by Gauss and Legendre's rule of three points on parts of the way. On each part, too, the sum
/// is known, the difference of F at its ends: the parts that miss it most are halved until all is right, for F may jump within a short part.
/// </summary>
static class IntegratedGradients
{
    // Sequences of a pass: the points of the parts of one attempt.
    internal const int BatchSize = Points * PartsAtOnce;

    const int Points = GaussLegendre.Points, PartsAtOnce = 4, MostParts = 64;
    const double EnoughRelative = 0.005, EnoughAbsolute = 1e-6;

    /// <summary>The contributions of the tokens of one text.</summary>
    /// <param name="model">packed for training and frozen</param>
    /// <param name="pass">of this model, for <see cref="BatchSize"/> sequences</param>
    /// <param name="sequence">a framed text</param>
    /// <param name="label">whose probability is explained</param>
    /// <param name="cancellationToken">checked before each pass</param>
    /// <exception cref="OperationCanceledException">the caller left</exception>
    public static Attribution Explain(
        ClassifierModel model, ClassifierPass pass, ClassifierSequence sequence, int label, CancellationToken cancellationToken)
    {
        var path = new StraightPath(model, pass, sequence, label, cancellationToken);
        var marks = path.At([0, 0.25, 0.5, 0.75, 1]);
        var (baselineScore, score) = (marks[0].Score, marks[^1].Score);
        double enough = Math.Max(EnoughAbsolute, EnoughRelative * Math.Abs(score - baselineScore));
        List<Part> parts = [.. path.Integrate([.. marks.Zip(marks[1..])])];
        while (parts.Count < MostParts && parts.Sum(part => part.Error) > enough)
        {
            parts.Sort((one, other) => other.Error.CompareTo(one.Error));
            var middles = path.At([parts[0].Middle, parts[1].Middle]);
            var halves = path.Integrate(
                [(parts[0].Begin, middles[0]), (middles[0], parts[0].End), (parts[1].Begin, middles[1]), (middles[1], parts[1].End)]);
            parts.RemoveRange(0, 2);
            parts.AddRange(halves);
        }
        double[] contributions = new double[sequence.Length - TextFrame.Steps];
        foreach (var part in parts)
        {
            for (int token = 0; token < contributions.Length; token++)
                contributions[token] += part.Contributions[token];
        }
        return new Attribution(contributions, score, baselineScore);
    }

    /// <summary>A place of the way, 0 at its begin and 1 at its end, and F there.</summary>
    readonly record struct Mark(double Place, double Score);

    /// <summary>A part of the way and what each token contributes on it.</summary>
    sealed record Part(Mark Begin, Mark End, double[] Contributions)
    {
        public double Middle => (Begin.Place + End.Place) / 2;

        /// <summary>How far the contributions are from what they must add up to.</summary>
        public double Error { get; } = Math.Abs(Contributions.Sum() - (End.Score - Begin.Score));
    }

    /// <summary>The straight way from the text of zero vectors to a text.</summary>
    sealed class StraightPath
    {
        readonly ClassifierModel _model;
        readonly ClassifierPass _pass;
        readonly int _label, _length;
        readonly float[] _text;   // [T,I]
        readonly CancellationToken _cancellationToken;

        public StraightPath(ClassifierModel model, ClassifierPass pass, ClassifierSequence sequence, int label, CancellationToken cancellationToken)
        {
            (_model, _pass, _label, _length, _cancellationToken) = (model, pass, label, sequence.Length, cancellationToken);
            pass.KeepGates();
            pass.Read([.. Enumerable.Repeat(sequence, BatchSize)], DropoutMask.None);
            _text = new float[_length * model.InputSize];
            for (int t = 0; t < _length; t++)
                Input(t, 0).CopyTo(Text(t));
        }

        /// <summary>F at some places, as many as fit a pass.</summary>
        public Mark[] At(ReadOnlySpan<double> places)
        {
            Run(places);
            var marks = new Mark[places.Length];
            for (int row = 0; row < marks.Length; row++)
            {
                var logits = _pass.Logits(row);
                marks[row] = new Mark(places[row], Math.Exp(logits[_label] - SoftmaxKernel.LogSumExp(logits)));
            }
            return marks;
        }

        /// <summary>The contributions on <see cref="PartsAtOnce"/> parts.</summary>
        public Part[] Integrate((Mark Begin, Mark End)[] ends)
        {
            double[] places = new double[BatchSize];
            for (int row = 0; row < BatchSize; row++)
            {
                var (begin, end) = ends[row / Points];
                places[row] = begin.Place + GaussLegendre.Places[row % Points] * (end.Place - begin.Place);
            }
            Run(places);
            for (int row = 0; row < BatchSize; row++)
                ToProbabilityGradient(_pass.Logits(row));
            var dInputs = _pass.Backward(wantsInputs: true);
            var parts = new Part[PartsAtOnce];
            for (int part = 0; part < parts.Length; part++)
            {
                var (begin, end) = ends[part];
                double[] contributions = new double[_length - TextFrame.Steps];
                for (int point = 0; point < Points; point++)
                {
                    double weight = GaussLegendre.Weights[point] * (end.Place - begin.Place);
                    for (int token = 0; token < contributions.Length; token++)
                    {
                        var dInput = dInputs.Slice(Offset(TextFrame.Lead + token, part * Points + point), _model.InputSize);
                        contributions[token] += weight * VectorKernel.Dot(Text(TextFrame.Lead + token), dInput);
                    }
                }
                parts[part] = new Part(begin, end, contributions);
            }
            return parts;
        }

        void Run(ReadOnlySpan<double> places)
        {
            _cancellationToken.ThrowIfCancellationRequested();
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

        Span<float> Input(int t, int row) => _pass.Inputs.Slice(Offset(t, row), _model.InputSize);

        int Offset(int t, int row) => (t * BatchSize + row) * _model.InputSize;
    }
}
