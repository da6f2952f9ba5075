namespace RnnService.Engine.Threading;

/// <summary>Work that several threads share. A struct, so that starting it allocates nothing.</summary>
interface IParallelJob
{
    /// <summary>Does the share of one thread.</summary>
    /// <param name="thread">which share, from 0</param>
    /// <param name="threads">number of shares; the result must not depend on it</param>
    void Execute(int thread, int threads);
}
