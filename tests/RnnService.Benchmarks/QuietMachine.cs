using System.Diagnostics;
using System.Globalization;

namespace RnnService.Benchmarks;

/// <summary>Knows from the kernel's counters how busy other processes are; where there are none (not Linux) it does not wait.</summary>
sealed class QuietMachine
{
    const string Counters = "/proc/stat";
    const double TicksPerSecond = 100;
    static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(6);

    readonly double _busy = Busy();
    readonly TimeSpan _own = Process.GetCurrentProcess().TotalProcessorTime;
    readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Waits until other processes use next to nothing, six seconds at most.</summary>
    public static void Wait()
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_longestWait)
        {
            double before = Busy();
            Thread.Sleep(200);
            if (!(Busy() - before > 0.04))
                return;
        }
    }

    public static QuietMachine Start() => new();

    /// <summary>Processors that others used since the start; NaN where that is not known.</summary>
    public double OtherCpu()
    {
        double own = (Process.GetCurrentProcess().TotalProcessorTime - _own).TotalSeconds;
        return Math.Max(0, (Busy() - _busy - own) / Stopwatch.GetElapsedTime(_start).TotalSeconds);
    }

    static double Busy()
    {
        if (!File.Exists(Counters))
            return double.NaN;
        double[] ticks = [.. File.ReadLines(Counters).First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
        const int idle = 3, waiting = 4;
        return (ticks.Sum() - ticks[idle] - ticks[waiting]) / TicksPerSecond;
    }
}
