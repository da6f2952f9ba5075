using RnnService.Models.Checkpoints;
using RnnService.Training.Tasks;

namespace RnnService.Training.Publishing;

/// <summary>Rounds weights to what a file will hold, so that published figures are those of the published weights.</summary>
static class StorageRounding
{
    public static void Round(TrainingTask task, StorageType storage)
    {
        if (storage != StorageType.Float16)
            return;
        foreach (var parameter in task.Parameters)
        {
            foreach (ref float weight in parameter.Value.Span)
                weight = (float)(Half)weight;
        }
        task.WeightsChanged();
    }
}
