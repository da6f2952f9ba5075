namespace RnnService.Engine.Threading;

/// <summary>Waits a little: first without leaving the processor, later letting others run.</summary>
struct Spinner
{
    const int SpinsBeforeYield = 200;
    int _spins;

    /// <summary>How often <see cref="Once"/> was called.</summary>
    public readonly int Spins => _spins;

    public void Once()
    {
        if (++_spins < SpinsBeforeYield)
            Thread.SpinWait(8);
        else
            Thread.Yield();
    }
}
