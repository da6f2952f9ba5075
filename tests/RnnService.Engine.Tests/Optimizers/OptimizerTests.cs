using RnnService.Engine.Kernels;
using RnnService.Engine.Optimizers;
using RnnService.Engine.Tensors;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Optimizers;

[Collection(Tiers.Collection)]
public sealed class OptimizerTests
{
    const int Size = 83;

    static readonly Dictionary<string, Func<ParameterSet, IOptimizer>> s_optimizers = new()
    {
        ["sgd"] = parameters => new Sgd(parameters),
        ["sgd with momentum"] = parameters => new Sgd(parameters, momentum: 0.9f, weightDecay: 0.2f),
        ["adam"] = parameters => new Adam(parameters),
        ["adamw"] = parameters => new Adam(parameters, beta1: 0.8f, beta2: 0.99f, epsilon: 1e-3f, weightDecay: 0.3f),
    };

    public static TheoryData<string> Names => [.. s_optimizers.Keys];

    public static MatrixTheoryData<string, SimdTier> Cases => new(s_optimizers.Keys, Enum.GetValues<SimdTier>());

    // import torch
    // torch.set_default_dtype(torch.float64)
    // wave = lambda k, n: torch.sin(torch.arange(n) * 0.7 + k)
    // def steps(optimizer, **options):
    //     p = torch.nn.Parameter(wave(0, 5))
    //     o = optimizer([p], lr=0.1, **options)
    //     for t in range(3):
    //         p.grad = wave(t + 1, 5) * 10.0 ** -t
    //         o.step()
    //     return p.tolist()
    // steps(torch.optim.SGD); steps(torch.optim.SGD, momentum=0.9, weight_decay=0.2); steps(torch.optim.Adam)
    // steps(torch.optim.AdamW, betas=(0.8, 0.99), eps=1e-3, weight_decay=0.3)
    [Theory]
    [InlineData("sgd", new[] { -0.093381193f, 0.54130724f, 0.92141043f, 0.86815989f, 0.40660019f })]
    [InlineData("sgd with momentum", new[] { -0.23891303f, 0.30441912f, 0.7045782f, 0.77336315f, 0.47842332f })]
    [InlineData("adam", new[] { -0.23240129f, 0.42018493f, 0.77262859f, 0.83331893f, 0.57393337f })]
    [InlineData("adamw", new[] { -0.21437359f, 0.382092f, 0.70502262f, 0.77197136f, 0.52671267f })]
    public void Step_ThreeTimes_AgreesWithTorch(string name, float[] expected)
    {
        static IEnumerable<float> Wave(int k) => Enumerable.Range(0, 5).Select(i => (float)Math.Sin(i * 0.7 + k));
        var parameters = new ParameterSet();
        var parameter = parameters.Add(new Parameter("w", Tensor.From([.. Wave(0)], new Shape(5))));
        var optimizer = s_optimizers[name](parameters);
        for (int step = 0; step < 3; step++)
        {
            float scale = MathF.Pow(10, -step);
            float[] gradient = [.. Wave(step + 1).Select(value => value * scale)];
            gradient.CopyTo(parameter.Gradient.Span);
            optimizer.Step(parameters, 0.1f);
            Tolerance.AssertSameBits(gradient, parameter.Gradient.Span, "the gradient, which a step leaves alone");
        }
        Assert.Equal(3, optimizer.StepCount);
        Tolerance.AssertClose(expected, parameter.Value.Span, 1e-6, name);
    }

    [Fact]
    public void Adam_ManySteps_FollowsThePapersFormulaInDouble()
    {
        var (parameters, optimizer) = Make("adamw");
        double[] value = [.. parameters[0].Value.Span.ToArray().Select(x => (double)x)], m = new double[Size], v = new double[Size];
        for (int t = 1; t <= 50; t++)
        {
            SetGradients(parameters, t);
            optimizer.Step(parameters, 0.01f);
            for (int i = 0; i < Size; i++)
            {
                double g = parameters[0].Gradient.Span[i];
                m[i] = 0.8 * m[i] + 0.2 * g;
                v[i] = 0.99 * v[i] + 0.01 * g * g;
                value[i] -= 0.01 * 0.3 * value[i];
                value[i] -= 0.01 * (m[i] / (1 - Math.Pow(0.8, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.99, t))) + 1e-3);
            }
        }
        Tolerance.AssertClose(value, parameters[0].Value.Span, 2e-6, "values after 50 steps");
    }

    [Theory, MemberData(nameof(Cases))]
    public void Step_AnyTier_GivesTheBitsOfTheScalarTier(string name, SimdTier tier)
    {
        float[] Values(SimdTier on)
        {
            using var use = SimdTiers.Use(on);
            var (parameters, optimizer) = Make(name);
            for (int step = 0; step < 4; step++)
            {
                SetGradients(parameters, step);
                optimizer.Step(parameters, 0.05f);
            }
            return parameters[0].Value.Span.ToArray();
        }
        Tolerance.AssertSameBits(Values(SimdTier.Scalar), Values(tier), $"{name} on {tier}");
    }

    [Theory, MemberData(nameof(Names))]
    public void State_RestoredIntoANewOptimizer_ContinuesToTheSameBits(string name)
    {
        var (whole, wholeOptimizer) = Make(name);
        var (part, partOptimizer) = Make(name);
        for (int step = 0; step < 6; step++)
        {
            SetGradients(whole, step);
            wholeOptimizer.Step(whole, 0.05f);
            SetGradients(part, step);
            partOptimizer.Step(part, 0.05f);
            if (step != 2)
                continue;
            var (other, otherOptimizer) = Make(name);
            part[0].Value.Span.CopyTo(other[0].Value.Span);
            foreach (var (from, to) in partOptimizer.State.Zip(otherOptimizer.State))
            {
                Assert.Equal(from.Name, to.Name);
                from.Value.Span.CopyTo(to.Value.Span);
            }
            otherOptimizer.StepCount = partOptimizer.StepCount;
            (part, partOptimizer) = (other, otherOptimizer);
        }
        Tolerance.AssertSameBits(whole[0].Value.Span, part[0].Value.Span, name);
    }

    [Fact]
    public void State_OfEachOptimizer_HasTheNamesOfCheckpoints()
    {
        Assert.Empty(Make("sgd").Optimizer.State);
        Assert.Equal(["sgd.velocity/w"], Make("sgd with momentum").Optimizer.State.Select(parameter => parameter.Name));
        Assert.Equal(["adam.m/w", "adam.v/w"], Make("adam").Optimizer.State.Select(parameter => parameter.Name));
    }

    [Fact]
    public void Step_AnotherSet_Throws() =>
        Assert.Throws<ArgumentException>(() => Make("adam").Optimizer.Step(new ParameterSet(), 0.1f));

    [Fact]
    public void Constructor_NumbersOutsideTheirRange_SayWhich()
    {
        var parameters = new ParameterSet();
        Assert.Equal("momentum", Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(parameters, momentum: 1f)).ParamName);
        Assert.Equal("weightDecay", Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(parameters, weightDecay: -1f)).ParamName);
        Assert.Equal("beta1", Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(parameters, beta1: -0.1f)).ParamName);
        Assert.Equal("beta2", Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(parameters, beta2: float.NaN)).ParamName);
        Assert.Equal("epsilon", Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(parameters, epsilon: 0f)).ParamName);
    }

    static (ParameterSet Parameters, IOptimizer Optimizer) Make(string name)
    {
        var parameters = new ParameterSet();
        parameters.Add(new Parameter("w", Tensor.From(Some.Floats(Size), new Shape(Size))));
        return (parameters, s_optimizers[name](parameters));
    }

    static void SetGradients(ParameterSet parameters, int step) => Some.Fill(parameters[0].Gradient.Span, seed: step + 100);
}
