using RnnService.Engine.Layers;
using RnnService.Engine.Optimizers;
using RnnService.Models.Decoding;
using RnnService.Models.LanguageModels;
using RnnService.Models.Seq2Seq;

namespace RnnService.Benchmarks;

/// <summary>The encoder-decoder of the contract: BiGRU 256, GRU 512, additive attention 256, embeddings 256, V 8,000.</summary>
static class TranslationWorkloads
{
    const int Seed = 1, VocabularySize = 8_000;

    /// <summary>Source and target of 20 steps, the end of each its last one; 64 examples; Adam without clipping.</summary>
    public static void Train(Measurement measurement)
    {
        const int steps = 20, batchSize = 64;
        var model = Model();
        var pass = new Seq2SeqPass(model, steps, steps, batchSize);
        var optimizer = new Adam(model.Parameters);
        var random = new Random(Seed);
        Seq2SeqExample[] examples = [.. Enumerable.Range(0, batchSize).Select(_ => new Seq2SeqExample(Ids(random, steps - 1), Ids(random, steps - 1)))];
        measurement.Run(() =>
        {
            model.Parameters.ZeroGradients();
            pass.Train(examples, labelSmoothing: 0, dropoutSeed: 0);
            optimizer.Step(model.Parameters, 1e-3f);
        }, steps * batchSize, warmUp: 2);
    }

    /// <summary>A source of 12 steps, 4 hypotheses, 15 steps whatever is written.</summary>
    public static void Translate(Measurement measurement, WeightFormat format)
    {
        const int sourceSteps = 12, beamSize = 4, steps = 15;
        var model = Model();
        format.Round(model.Parameters);
        model.WeightType = format.Type;
        var session = model.CreateSession(beamSize);
        int[][] source = [Ids(new Random(Seed), sourceSteps - 1)];
        // The last step only ends what was written.
        var search = new BeamSearch(session, new BeamSearchOptions { BeamSize = beamSize, MinLength = steps - 1, MaxLength = steps - 1 });
        measurement.Run(() => search.Search(source), steps);
    }

    static Seq2SeqModel Model()
    {
        var settings = new ModelSettings { Cell = CellKind.Gru, Layers = 1, HiddenSize = 512, EmbeddingSize = 256, Bidirectional = true, InitRange = 0.05 };
        var model = new Seq2SeqModel(settings, new Seq2SeqSettings { EncoderHiddenSize = 256, AttentionSize = 256, MaxLength = 80 }, VocabularySize);
        model.Initialize(Seed);
        return model;
    }

    static int[] Ids(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(VocabularySize))];
}
