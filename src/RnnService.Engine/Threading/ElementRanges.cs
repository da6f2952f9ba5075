using RnnService.Engine.Tensors;

namespace RnnService.Engine.Threading;

/// <summary>Work on the elements of vectors that may be cut anywhere.</summary>
interface IRangeJob
{
    /// <summary>Does the elements of a range, on the calling thread.</summary>
    void Execute(Range range);
}

/// <summary>Shares the elements of a vector, or of rows of a matrix, among the threads.</summary>
static class ElementRanges
{
    // A cache line of floats: no two threads write the same one.
    const int Line = 16;

    // Fewer elements are done before another thread is awake.
    const int WorthSharing = 1 << 15;

    /// <summary>Runs the job over ranges that together are 0 to <paramref name="length"/>.</summary>
    public static void Run<TJob>(ref TJob job, int length)
        where TJob : struct, IRangeJob
    {
        var lines = new LinesJob<TJob>(job, length);
        ComputeThreads.Run(ref lines, length < WorthSharing ? 1 : length / Line);
    }

    /// <summary>Runs the job over these rows, each of <paramref name="rowLength"/>.</summary>
    public static void Run<TJob>(ref TJob job, RowSet rows, int rowLength)
        where TJob : struct, IRangeJob
    {
        var perRow = new RowsJob<TJob>(job, rows, rowLength);
        int count = rows.Rows.Length;
        ComputeThreads.Run(ref perRow, (long)count * rowLength < WorthSharing ? 1 : count);
    }

    readonly struct RowsJob<TJob>(TJob job, RowSet rows, int rowLength) : IParallelJob
        where TJob : struct, IRangeJob
    {
        public void Execute(int thread, int threads)
        {
            var (from, to) = ComputeThreads.Share(rows.Rows.Length, thread, threads);
            foreach (int row in rows.Rows[from..to])
                job.Execute((row * rowLength)..((row + 1) * rowLength));
        }
    }

    readonly struct LinesJob<TJob>(TJob job, int length) : IParallelJob
        where TJob : struct, IRangeJob
    {
        public void Execute(int thread, int threads)
        {
            var (from, to) = ComputeThreads.Share((length + Line - 1) / Line, thread, threads);
            job.Execute((from * Line)..Math.Min(length, to * Line));
        }
    }
}
