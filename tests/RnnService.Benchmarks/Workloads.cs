using RnnService.Engine.Kernels;
using RnnService.Engine.Optimizers;
using RnnService.Engine.Tensors;
using RnnService.Models.LanguageModels;

namespace RnnService.Benchmarks;

/// <summary>The workloads by name. Random weights and ids; weights are packed before the clock starts.</summary>
static class Workloads
{
    const int Seed = 1;

    public static IReadOnlyDictionary<string, Action<Measurement>> All { get; } = new Dictionary<string, Action<Measurement>>
    {
        ["gemm_1024"] = measurement => Product(measurement, 1024, 1024, 1024),
        ["gemm_train"] = measurement => Product(measurement, 700, 2600, 650),
        ["lm512_step_b1"] = measurement => Step(measurement, 10_000, 256, 512, 2, batchSize: 1),
        ["lm512_step_b16"] = measurement => Step(measurement, 10_000, 256, 512, 2, batchSize: 16),
        ["lm512_prefill32"] = measurement => Prefill(measurement, 32),
        ["lm1150_step_b1"] = measurement => Step(measurement, 33_278, 400, 1150, 3, batchSize: 1),
        ["train_zaremba_small"] = measurement => Train(measurement, 200),
        ["train_zaremba_medium"] = measurement => Train(measurement, 650),
    };

    static void Product(Measurement measurement, int m, int n, int k)
    {
        Tensor a = Random(m, k), b = Random(k, n), c = new(m, n);
        measurement.Run(
            () => Gemm.NN(a.Span, b.Span, m, n, k, accumulate: false, c.Span),
            extra: median => [("gflops", 2.0 * m * n * k / median / 1e3)]);
    }

    static void Step(Measurement measurement, int vocabularySize, int embeddingSize, int hiddenSize, int layers, int batchSize)
    {
        var session = Model(vocabularySize, embeddingSize, hiddenSize, layers).CreateSession(batchSize);
        int[][] ids = [.. Enumerable.Range(0, 64).Select(step => Ids(batchSize, vocabularySize, step))];
        int call = 0;
        measurement.Run(() => session.Feed(ids[call++ % ids.Length]), batchSize);
    }

    static void Prefill(Measurement measurement, int tokens)
    {
        const int vocabularySize = 10_000;
        var session = Model(vocabularySize, 256, 512, 2).CreateSession();
        int[] ids = Ids(tokens, vocabularySize, Seed);
        measurement.Run(() =>
        {
            session.Reset();
            session.Feed(ids);
        }, tokens);
    }

    static void Train(Measurement measurement, int hiddenSize)
    {
        const int vocabularySize = 10_000, timeSteps = 35, batchSize = 20;
        var model = Model(vocabularySize, hiddenSize, hiddenSize, 2);
        var pass = new LanguageModelPass(model, timeSteps, batchSize);
        var optimizer = new Sgd(model.Parameters);
        int[] ids = Ids(timeSteps * batchSize + batchSize, vocabularySize, Seed);
        measurement.Run(() =>
        {
            model.Parameters.ZeroGradients();
            pass.Train(ids.AsSpan(0, timeSteps * batchSize), ids.AsSpan(batchSize), timeSteps, dropoutSeed: 0);
            GradientClipping.ClipGlobalNorm(model.Parameters, 5);
            optimizer.Step(model.Parameters, 1f);
        }, timeSteps * batchSize, warmUp: 2);
    }

    static LanguageModel Model(int vocabularySize, int embeddingSize, int hiddenSize, int layers)
    {
        var model = new LanguageModel(
            new ModelSettings { EmbeddingSize = embeddingSize, HiddenSize = hiddenSize, Layers = layers, InitRange = 0.05 }, vocabularySize);
        model.Initialize(Seed);
        return model;
    }

    static Tensor Random(int rows, int columns)
    {
        var random = new Random(Seed);
        var tensor = new Tensor(rows, columns);
        foreach (ref float value in tensor.Span)
            value = random.NextSingle() - 0.5f;
        return tensor;
    }

    static int[] Ids(int count, int vocabularySize, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(vocabularySize))];
    }
}
