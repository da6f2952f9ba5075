using System.Diagnostics;
using System.Globalization;
using System.Text;
using RnnService.Engine.Threading;

namespace RnnService.Benchmarks;

/// <summary>Times one workload call by call and prints its JSON line.</summary>
/// <param name="workload">name in the line</param>
/// <param name="reps">calls wanted; more where they are short, fewer (15 at least) where they are long</param>
/// <param name="peer">who is measured, in the line</param>
sealed class Measurement(string workload, int reps, string peer = Measurement.OwnPeer)
{
    internal const string OwnPeer = "rnnservice";

    const int LeastReps = 15;
    const int MostReps = 3000;
    static readonly TimeSpan s_budget = TimeSpan.FromSeconds(8);
    static readonly TimeSpan s_least = TimeSpan.FromSeconds(0.6);

    /// <summary>The same workload with other weights, under the name these have in the contract.</summary>
    public Measurement With(WeightFormat weights) => new(workload, reps, weights.Peer);

    /// <summary>Runs the action until there are enough times.</summary>
    /// <param name="action">one call</param>
    /// <param name="tokens">tokens of a call, or 0</param>
    /// <param name="warmUp">calls before the clock starts</param>
    /// <param name="extra">further fields from the median in microseconds</param>
    public void Run(Action action, int tokens = 0, int warmUp = 3, Func<double, (string Name, double Value)[]>? extra = null)
    {
        QuietMachine.Wait();
        for (int call = 0; call < warmUp; call++)
            action();
        var times = new List<double>(MostReps);
        var cpu = QuietMachine.Start();
        long start = Stopwatch.GetTimestamp();
        while (!Enough(times.Count, Stopwatch.GetElapsedTime(start)))
        {
            long before = Stopwatch.GetTimestamp();
            action();
            times.Add(Stopwatch.GetElapsedTime(before).TotalMicroseconds);
        }
        double otherCpu = cpu.OtherCpu();
        times.Sort();
        double median = times[times.Count / 2];
        var line = new StringBuilder($$"""{"peer":"{{peer}}","workload":"{{workload}}","threads":{{ComputeThreads.Count}}""");
        Field("median_us", median);
        Field("p90_us", times[Math.Min(times.Count - 1, times.Count * 9 / 10)]);
        Field("min_us", times[0]);
        Field("n", times.Count);
        if (tokens > 0)
            Field("tokens_per_s", tokens / median * 1e6);
        foreach (var (name, value) in extra?.Invoke(median) ?? [])
            Field(name, value);
        if (!double.IsNaN(otherCpu))
            Field("other_cpu", otherCpu);
        Console.WriteLine(line.Append('}'));

        void Field(string name, double value) => line.Append(CultureInfo.InvariantCulture, $",\"{name}\":{Math.Round(value, 2)}");
    }

    bool Enough(int count, TimeSpan spent) =>
        count >= MostReps || (count >= reps && spent > s_least) || (count >= LeastReps && spent > s_budget);
}
