namespace RnnService.Engine.Threading;

/// <summary>Waits a little: first without leaving the processor, later letting others run.</summary>
struct Spinner
{
    // Some tens of microseconds: longer than threads of a step are apart when nothing else runs.
    const int SpinsBeforeYield = 2000;
    int _spins;

    /// <summary>How often <see cref="Once"/> was called.</summary>
    public readonly int Spins => _spins;

    public void Once()
    {
        if (++_spins < SpinsBeforeYield)
            Thread.SpinWait(1);
        else
            Thread.Yield();
    }
}
