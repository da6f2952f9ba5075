using RnnService.Engine.Tensors;
using RnnService.Models.Checkpoints;

namespace RnnService.Training.Publishing;

/// <summary>Rounds weights to what a file will hold, so that published figures are those of the published weights.</summary>
static class StorageRounding
{
    public static void Round(ParameterSet parameters, StorageType storage)
    {
        if (storage != StorageType.Float16)
            return;
        foreach (var parameter in parameters)
        {
            foreach (ref float weight in parameter.Value.Span)
                weight = (float)(Half)weight;
        }
    }
}
