using RnnService.Engine.Kernels;

namespace RnnService.Serving;

/// <summary>Limits and defaults of serving; the <c>Serving</c> section of the settings.</summary>
public sealed class ServingOptions
{
    /// <summary>Requests computed at the same time; 0 takes the number of processors.</summary>
    public int Concurrency { get; set; }

    /// <summary>Requests that may wait for a place; one more is refused at once.</summary>
    public int QueueLength { get; set; } = 64;

    /// <summary>Seconds between two looks for new versions in the repository.</summary>
    public double RescanSeconds { get; set; } = 2;

    /// <summary>How language models and encoder-decoders keep their weights in memory; those of other tasks are float32.</summary>
    public WeightType WeightType { get; set; }

    /// <summary>The models of requests that name none.</summary>
    public ServingDefaults Defaults { get; set; } = new();
}

/// <summary>The model of each route for requests that name none.</summary>
public sealed class ServingDefaults
{
    /// <summary>Model of next-word requests.</summary>
    public string NextWord { get; set; } = "next-word-en";

    /// <summary>Model of next-word requests whose text has Chinese characters.</summary>
    public string NextWordChinese { get; set; } = "next-word-zh";

    /// <summary>Model of generation requests.</summary>
    public string Generate { get; set; } = "next-word-en";

    /// <summary>Model of generation requests whose prompt has Chinese characters.</summary>
    public string GenerateChinese { get; set; } = "next-word-zh";

    /// <summary>Model of sentiment requests.</summary>
    public string Sentiment { get; set; } = "sentiment-en";

    /// <summary>Model of sentiment requests whose text has Chinese characters.</summary>
    public string SentimentChinese { get; set; } = "sentiment-zh";

    /// <summary>Model of tagging requests.</summary>
    public string Tags { get; set; } = "tags-en";

    /// <summary>Model of series requests.</summary>
    public string Series { get; set; } = "home-runs";

    /// <summary>Model of chat requests.</summary>
    public string Chat { get; set; } = "chat-en";

    /// <summary>All of them, the ones asked most often first.</summary>
    public IReadOnlyList<string> Names => [NextWord, Sentiment, Generate, NextWordChinese, SentimentChinese, GenerateChinese, Tags, Chat, Series];
}
