namespace RnnService.Engine.Kernels;

/// <summary>What a cell does with the sums of a step, or backwards with gradients, for one vector of units of one row.</summary>
interface ICellOperation
{
    /// <summary>Does the units from <paramref name="unit"/> on, as many as there are lanes.</summary>
    static abstract void Apply<TLanes>(in CellStep step, int unit)
        where TLanes : unmanaged, ILanes<TLanes>;
}
