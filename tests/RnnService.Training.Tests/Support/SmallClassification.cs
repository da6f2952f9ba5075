using RnnService.Models.Checkpoints;
using RnnService.Models.LanguageModels;
using RnnService.Models.Packages;
using RnnService.Models.Text;
using RnnService.Training.Data;
using RnnService.Training.Tasks;

namespace RnnService.Training.Tests.Support;

/// <summary>Trainings of each task of classification that take milliseconds: the rows to learn are the rows to measure on.</summary>
sealed class SmallClassification : SmallRun<ClassifierTask>
{
    public const string Texts = "label\ttext\ngood\ta lovely film\nbad\ta dull film\ngood\tlovely , lovely\nbad\tdull and long\ngood\ta lovely long song\nbad\t\nbad\tdull song\n";

    public const string Sentences = "the\tDET\ndog\tNOUN\nruns\tVERB\n\na\tDET\ncat\tNOUN\nsees\tVERB\nthe\tDET\ndogs\tNOUN\n\nruns\tNOUN\nend\tVERB\n";

    public const string Series = "player,season,hits,outs,next,now\na,1,10,100,up,low\na,2,30,90,up,up\na,3,70,80,,up\nb,1,50,20,low,up\nb,2,20,30,low,low\nb,3,10,40,,low\nc,1,15,90,up,low\nc,2,40,30,low,up\n";

    const string Training = """ "epochs": 40, "batchSize": 3, "patience": 0, "optimizer": { "type": "adam", "learningRate": 0.02 }""";

    const string Words = """ "tokenizer": { "type": "word", "lowercase": true },""";

    /// <param name="task">whose rows and recipe to use</param>
    /// <param name="model">fields of the <c>model</c> section that replace the usual ones</param>
    /// <param name="training">more fields of the <c>training</c> section</param>
    /// <param name="more">more sections of the recipe</param>
    /// <param name="encoder">what it starts from</param>
    /// <param name="teacher">what it learns from beside the labels</param>
    public SmallClassification(string task, string? model = null, string training = "", string more = "", PretrainedEncoder? encoder = null, Teacher? teacher = null)
        : base(Some.Recipe(RecipeJson(task, model, training, more, encoder is not null)),
            recipe => new ClassifierTask(recipe, CorpusOf(task), CorpusOf(task), encoder, teacher)) =>
        Corpus = CorpusOf(task);

    public Corpus Corpus { get; }

    public static string RecipeJson(string task, string? model = null, string training = "", string more = "", bool hasEncoder = false)
    {
        var (data, tokenizer, usual) = task switch
        {
            ModelTask.SequenceClassifier => (""" "format": "tsv", "text": "text", "label": "label" """, Words, """ "hiddenSize": 8, "embeddingSize": 6, "layers": 1, "bidirectional": true, "pooling": "max" """),
            ModelTask.Tagger => (""" "format": "conll" """, Words, """ "hiddenSize": 8, "embeddingSize": 6, "layers": 1, "bidirectional": true, "characters": { "embeddingSize": 4, "hiddenSize": 4 } """),
            _ => (""" "format": "csv", "series": "player", "features": ["hits", "outs"], "label": "next", "current": "now", "window": 3 """, "", """ "hiddenSize": 8, "layers": 1, "cell": "gru" """),
        };
        return $$"""
            { "task": "{{task}}", "data": { {{data}} }, {{(hasEncoder ? "" : tokenizer)}}
              "model": { {{model ?? usual}} },
              "training": { {{Training}}{{training}} }{{more}} }
            """;
    }

    /// <summary>A language model of 6-unit embeddings and two layers of 8 units, written into a folder as the next version of <c>lm</c>.</summary>
    public static void WriteLanguageModel(string repository, Func<ModelSettings, ModelSettings>? change = null)
    {
        var tokenizer = TokenizerTrainer.Train(new() { Lowercase = true }, ["a lovely film , a dull song and long"]);
        var settings = new ModelSettings { Layers = 2, HiddenSize = 8, EmbeddingSize = 6 };
        var model = new LanguageModel(change?.Invoke(settings) ?? settings, tokenizer.Vocabulary.Count);
        model.Initialize(seed: 9);
        new ModelRepository(null, repository).Publish("lm", folder =>
            LanguageModelPackage.Write(folder, new ModelManifest(), tokenizer, model, StorageType.Float32, "# lm\n"));
    }

    static Corpus CorpusOf(string task) => Some.Corpus(task switch { ModelTask.SequenceClassifier => Texts, ModelTask.Tagger => Sentences, _ => Series });
}
