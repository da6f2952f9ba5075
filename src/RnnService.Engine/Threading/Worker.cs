using System.Diagnostics.CodeAnalysis;

namespace RnnService.Engine.Threading;

/// <summary>One thread of the team: spins for its next share, then sleeps until woken.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Workers live as long as the process.")]
sealed unsafe class Worker
{
    // About a millisecond: longer than any gap inside a training step, short enough to leave an idle service at rest.
    const int SpinsBeforeSleep = 4000;
    const int Awake = 0;
    const int Asleep = 1;

    readonly SemaphoreSlim _wake = new(0);
    delegate*<void*, int, int, void> _body;
    void* _job;
    int _thread;
    int _threads;
    int _state = Awake;
    volatile int _requested;
    volatile int _completed;

    public Worker(int number)
    {
        var thread = new Thread(Loop) { IsBackground = true, Name = $"rnn compute {number}" };
        thread.Start();
    }

    public void Start(delegate*<void*, int, int, void> body, void* job, int thread, int threads)
    {
        _body = body;
        _job = job;
        _thread = thread;
        _threads = threads;
        _requested++;
        if (Interlocked.Exchange(ref _state, Awake) == Asleep)
            _wake.Release();
    }

    public void WaitUntilDone()
    {
        var spin = new Spinner();
        while (_completed != _requested)
            spin.Once();
    }

    void Loop()
    {
        for (int done = 0; ; done++)
        {
            var spin = new Spinner();
            while (_requested == done)
            {
                if (spin.Spins < SpinsBeforeSleep)
                    spin.Once();
                else
                    Sleep(done);
            }
            _body(_job, _thread, _threads);
            _completed = done + 1;
        }
    }

    void Sleep(int done)
    {
        Interlocked.Exchange(ref _state, Asleep);
        // A request that came in between finds the state asleep and releases once, or came too early and is seen here.
        if (_requested == done || Interlocked.Exchange(ref _state, Awake) == Awake)
            _wake.Wait();
    }
}
