using System.CommandLine;
using RnnService.Models.Checkpoints;
using RnnService.Models.Interchange.PyTorch;
using RnnService.Models.Packages;

namespace RnnService.Cli;

/// <summary><c>rnn import-pytorch</c>: from a PyTorch <c>state_dict</c> to a version in a model repository.</summary>
static class ImportPyTorchCommand
{
    const string Description = """
        Publishes a language model trained with PyTorch: Embedding, RNN, LSTM or GRU, and Linear, whose state_dict
        was saved as safetensors. Layers, sizes, cell and weight tying follow from the shapes; so do the names of
        its tensors, or a mapping file gives them. The tokenizer is a tokenizer.json as this program writes it, or
        a list of tokens, one a line, the first of id 0.

        A mapping file, all of whose fields may be missing:
          { "embedding": "encoder.weight", "rnn": "lstm.", "projection": "narrow.", "output": "decoder.", "ignore": ["step"],
            "tokenizer": { "type": "word", "lowercase": true, "pretokenized": false,
                           "padding": "<pad>", "unknown": "<unk>", "beginOfSequence": "<s>", "endOfSequence": "</s>" } }
        and, because no shape tells them, where they are not the first of these:
          "activation": "tanh", "relu" or "sigmoid"           what an RNN applies to its sums
          "gruForm": "reset-after" or "reset-before"          r times the recurrent product, or times the state before it
          "updateGate": "keeps" or "renews"                   h = (1-z)*n + z*h, or h = z*n + (1-z)*h
          "residual": false or true                           inputs of layers above the first are added to their outputs

        In Python:
          safetensors.torch.save_file(model.state_dict(), "model.safetensors")

        Examples:
          rnn import-pytorch model.safetensors --tokenizer vocab.txt --out models/my-model
          rnn import-pytorch model.safetensors --mapping mapping.json --tokenizer vocab.txt --out models/my-model --storage float16
        """;

    public static Command Create(string[] args, CommandContext context)
    {
        var stateDict = new Argument<string>("STATE_DICT") { Description = "The state_dict, a safetensors file." };
        var mapping = new Option<string?>("--mapping") { Description = "Which tensor is what, where shapes do not tell; a JSON file.", HelpName = "FILE" };
        var tokenizer = new Option<string>("--tokenizer") { Description = "A tokenizer.json, or a list of tokens, one a line.", Required = true, HelpName = "FILE" };
        var output = CommandOptions.Publication();
        var storage = new Option<string>("--storage") { Description = "How the weights are stored.", DefaultValueFactory = _ => "float32" };
        storage.AcceptOnlyFromAmong("float32", "float16", "bfloat16", "int8");
        var command = new Command("import-pytorch", Description) { stateDict, mapping, tokenizer, output, storage };
        command.SetAction(context, parsed =>
        {
            var (repository, name) = ModelLocation.Split(parsed.GetRequiredValue(output));
            if (!ModelReference.IsName(name))
            {
                throw new UserErrorException(
                    $"'{name}' cannot be a model's name; use lower-case letters, digits and hyphens, a letter or digit first, 64 at most.");
            }
            string weights = CommandOptions.FilePath(parsed.GetRequiredValue(stateDict)), tokens = CommandOptions.FilePath(parsed.GetRequiredValue(tokenizer));
            string? mappingPath = parsed.GetValue(mapping) is { } given ? CommandOptions.FilePath(given) : null;
            var imported = PyTorchImport.Read(weights, mappingPath is null ? new PyTorchMapping() : PyTorchMapping.Read(mappingPath), tokens);
            List<(string, string)> files = [("state_dict", weights), ("tokenizer", tokens)];
            if (mappingPath is not null)
                files.Add(("mapping", mappingPath));
            string card = PyTorchCard.Write(name, imported, files, TypedCommand.Of(args));
            var storageType = Enum.Parse<StorageType>(parsed.GetRequiredValue(storage), ignoreCase: true);
            Publish(repository, name, imported, storageType, card, context);
            return ExitCode.Success;
        });
        return command;
    }

    static void Publish(string repository, string name, PyTorchImport imported, StorageType storage, string card, CommandContext context)
    {
        var manifest = new ModelManifest
        {
            CreatedBy = $"rnn {typeof(ImportPyTorchCommand).Assembly.GetName().Version?.ToString(3)}",
            Created = TimeProvider.System.GetUtcNow(),
        };
        var version = new ModelRepository(null, repository).Publish(
            name, folder => LanguageModelPackage.Write(folder, manifest, imported.Tokenizer, imported.Model, storage, card));
        context.Output.WriteLine($"published {version} in {version.Folder}: {imported.Describe()}");
        if (imported.AbsentTokens.Count > 0)
            context.Output.WriteLine($"the model was trained without {string.Join(", ", imported.AbsentTokens)}: they read as zeros and are never predicted");
    }
}
