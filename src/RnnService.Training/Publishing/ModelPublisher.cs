using RnnService.Models.LanguageModels;
using RnnService.Models.Text;
using RnnService.Training.Data;
using RnnService.Training.Evaluation;

namespace RnnService.Training.Publishing;

/// <summary>Writes a trained model into the model repository.</summary>
sealed class ModelPublisher(TrainingRequest request, TimeProvider clock)
{
    public PublishedModel Publish(
        LanguageModel model, ITokenizer tokenizer, Corpus training, Corpus validation, EvaluationResult result, TrainingPosition position)
    {
        string card = ModelCard.Write(request.Name, request.Recipe.Card, training, validation, result, position, request.Command);
        throw new TrainingException(
            $"{request.Repository}: {model.Parameters.Count} tensors and {tokenizer.Vocabulary.Count} tokens cannot be published before the model repository exists ({clock.GetUtcNow():u}, card of {card.Length}); the checkpoint is kept for --resume.");
    }
}
