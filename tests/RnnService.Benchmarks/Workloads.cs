using RnnService.Engine.Kernels;
using RnnService.Engine.Layers;
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
        ["lm512_step_b1"] = InEveryFormat((measurement, weights) => Step(measurement, Lm512(), weights, batchSize: 1)),
        ["lm512_step_b16"] = InEveryFormat((measurement, weights) => Step(measurement, Lm512(), weights, batchSize: 16)),
        ["lm512_prefill32"] = InEveryFormat((measurement, weights) => Prefill(measurement, Lm512(), weights, 32)),
        ["lm512_prefill32_all"] = InEveryFormat((measurement, weights) => PrefillAll(measurement, weights, 32)),
        ["lm1150_step_b1"] = InEveryFormat((measurement, weights) => Step(measurement, Model(33_278, 400, 1150, 3), weights, batchSize: 1)),
        ["gru512_step_b1"] = InEveryFormat((measurement, weights) => Step(measurement, Lm512(CellKind.Gru), weights, batchSize: 1)),
        ["bilstm_classify_256_b1"] = InEveryFormat((measurement, weights) => Classify(measurement, weights, batchSize: 1)),
        ["bilstm_classify_256_b32"] = InEveryFormat((measurement, weights) => Classify(measurement, weights, batchSize: 32)),
        ["train_zaremba_small"] = measurement => Train(measurement, 200),
        ["train_zaremba_medium"] = measurement => Train(measurement, 650),
        ["train_seq2seq"] = TranslationWorkloads.Train,
        ["translate_beam4"] = InEveryFormat(TranslationWorkloads.Translate),
    };

    /// <summary>What predicts is measured with weights of every format.</summary>
    static Action<Measurement> InEveryFormat(Action<Measurement, WeightFormat> workload) => measurement =>
    {
        foreach (var weights in WeightFormat.All)
            workload(measurement.With(weights), weights);
    };

    static void Product(Measurement measurement, int m, int n, int k)
    {
        Tensor a = Random(m, k), b = Random(k, n), c = new(m, n);
        measurement.Run(
            () => Gemm.NN(a.Span, b.Span, m, n, k, accumulate: false, c.Span),
            extra: median => [("gflops", 2.0 * m * n * k / median / 1e3)]);
    }

    /// <summary>One token of each text, states carried. Bound by reading the weights when there is one text.</summary>
    static void Step(Measurement measurement, LanguageModel model, WeightFormat format, int batchSize)
    {
        format.Round(model.Parameters);
        model.WeightType = format.Type;
        var session = model.CreateSession(batchSize);
        int[][] ids = [.. Enumerable.Range(0, 64).Select(step => Ids(batchSize, model.VocabularySize, step))];
        int call = 0;
        long weights = MultipliedWeights(model), bytes = weights * format.Bytes;
        measurement.Run(() => session.Feed(ids[call++ % ids.Length]), batchSize, extra: median =>
        [
            ("weights_gbps", bytes / median / 1e3), ("gflops", 2.0 * weights * batchSize / median / 1e3),
        ]);
    }

    static void Prefill(Measurement measurement, LanguageModel model, WeightFormat format, int tokens)
    {
        format.Round(model.Parameters);
        model.WeightType = format.Type;
        var session = model.CreateSession();
        int[] ids = Ids(tokens, model.VocabularySize, Seed);
        measurement.Run(() =>
        {
            session.Reset();
            session.Feed(ids);
        }, tokens);
    }

    /// <summary>The net of <see cref="Lm512"/> from its layers, since a session computes the logits of the last token only.</summary>
    static void PrefillAll(Measurement measurement, WeightFormat format, int tokens)
    {
        var net = new LayerNet(10_000, 256, new RecurrentOptions { HiddenSize = 512, Layers = 2 }, outputs: 10_000, tokens, batchSize: 1, format);
        var logits = new Tensor(tokens, net.Output.OutputSize);
        int[] ids = Ids(tokens, net.Embedding.VocabularySize, Seed);
        measurement.Run(() => net.Output.Forward(net.Read(ids), tokens, logits.Span), tokens);
    }

    static void Classify(Measurement measurement, WeightFormat format, int batchSize)
    {
        const int embeddingSize = 128, timeSteps = 256, classes = 2;
        var options = new RecurrentOptions { HiddenSize = 256, Bidirectional = true };
        var net = new LayerNet(20_000, embeddingSize, options, classes, timeSteps, batchSize, format);
        var pooling = new SequencePooling(PoolingKind.Last, options);
        Tensor pooled = new(batchSize, net.Stack.OutputSize), logits = new(batchSize, classes);
        int[] ids = Ids(timeSteps * batchSize, net.Embedding.VocabularySize, Seed);
        double flop = 2.0 * timeSteps * batchSize * 2 * 4 * options.HiddenSize * (embeddingSize + options.HiddenSize);
        measurement.Run(() =>
        {
            pooling.Forward(net.Read(ids), [], batchSize, pooled.Span);
            net.Output.Forward(pooled.Span, batchSize, logits.Span);
        }, timeSteps * batchSize, extra: median => [("gflops", flop / median / 1e3)]);
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

    static LanguageModel Lm512(CellKind cell = CellKind.Lstm) => Model(10_000, 256, 512, 2, cell);

    static LanguageModel Model(int vocabularySize, int embeddingSize, int hiddenSize, int layers, CellKind cell = CellKind.Lstm)
    {
        var settings = new ModelSettings
        {
            Cell = cell,
            EmbeddingSize = embeddingSize,
            HiddenSize = hiddenSize,
            Layers = layers,
            InitRange = 0.05,
        };
        var model = new LanguageModel(settings, vocabularySize);
        model.Initialize(Seed);
        return model;
    }

    /// <summary>Weights that a step multiplies by: all but the embedding, of which it reads a row.</summary>
    static long MultipliedWeights(LanguageModel model) =>
        model.Parameters.WeightCount - (long)model.VocabularySize * model.Settings.EmbeddingSize;

    static Tensor Random(int rows, int columns)
    {
        var tensor = new Tensor(rows, columns);
        Fill(tensor, 0.5f);
        return tensor;
    }

    internal static void Fill(Tensor tensor, float range)
    {
        var random = new Random(Seed);
        foreach (ref float value in tensor.Span)
            value = (2 * random.NextSingle() - 1) * range;
    }

    static int[] Ids(int count, int vocabularySize, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(vocabularySize))];
    }
}
