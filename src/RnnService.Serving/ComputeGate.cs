namespace RnnService.Serving;

/// <summary>
/// Bounded concurrency: a number of requests compute, a number wait, and one more is refused at once, so that waiting time stays
/// bounded. A caller who leaves while waiting gives the place up before anything is computed.
/// </summary>
public sealed class ComputeGate : IDisposable
{
    readonly SemaphoreSlim _places;
    readonly int _concurrency;
    readonly int _capacity;
    int _inside;

    /// <param name="concurrency">places to compute, 1 or more</param>
    /// <param name="queueLength">places to wait, 0 or more</param>
    public ComputeGate(int concurrency, int queueLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(queueLength);
        _concurrency = concurrency;
        _capacity = concurrency + queueLength;
        _places = new SemaphoreSlim(concurrency);
    }

    /// <summary>Requests computing now.</summary>
    public int Running => _concurrency - _places.CurrentCount;

    /// <summary>Requests waiting now.</summary>
    public int Waiting => Math.Max(0, Volatile.Read(ref _inside) - Running);

    /// <summary>Waits for a place; disposing the result gives it back.</summary>
    /// <exception cref="ServingException">all places are taken (<see cref="ServingFailure.Overloaded"/>)</exception>
    /// <exception cref="OperationCanceledException">the caller left while waiting</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _inside) > _capacity)
        {
            Interlocked.Decrement(ref _inside);
            throw new ServingException(ServingFailure.Overloaded,
                $"All {_concurrency} computing and {_capacity - _concurrency} waiting places are taken; try again in a moment.");
        }
        try
        {
            await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Decrement(ref _inside);
            throw;
        }
        return new Place(this);
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    void Leave()
    {
        _places.Release();
        Interlocked.Decrement(ref _inside);
    }

    sealed class Place(ComputeGate gate) : IDisposable
    {
        ComputeGate? _gate = gate;

        public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Leave();
    }
}
