using System.Diagnostics;
using RnnService.Engine.Kernels;
using RnnService.Engine.Threading;
using RnnService.Engine.Tensors;

Console.WriteLine(SimdTiers.Describe());
foreach (int threads in new[] { 1, 2 })
{
    ComputeThreads.Count = threads;
    Time("gemm1024", 1024, 1024, 1024, 'n');
    Time("train NT", 700, 2600, 650, 't');
    Time("NN", 700, 650, 2600, 'n');
    Time("TN dW", 2600, 650, 700, 'a');
    Time("TN dWout", 10000, 650, 700, 'a');
    Time("NT out", 700, 10000, 650, 't');
    Time("NN dX", 700, 650, 10000, 'n');
    var w = new PackedMatrix(650, 2600, 4);
    var src = Fill(650 * 2600); w.PackTransposed(src.Span);
    var h = Fill(20 * 650); var g = new Tensor(20, 2600);
    Report("rec20x650", 2.0 * 20 * 650 * 2600, () => w.Multiply(h.Span, 20, true, g.Span));
    var w2 = new PackedMatrix(200, 800, 4);
    var src2 = Fill(200 * 800); w2.PackTransposed(src2.Span);
    var h2 = Fill(20 * 200); var g2 = new Tensor(20, 800);
    Report("rec20x200", 2.0 * 20 * 200 * 800, () => w2.Multiply(h2.Span, 20, true, g2.Span));
    var w3 = new PackedMatrix(512, 10000);
    var src3 = Fill(512 * 10000); w3.PackTransposed(src3.Span);
    var h3 = Fill(512); var g3 = new Tensor(10000);
    Report("gemv 512x10000 (as GB/s x0.5)", 2.0 * 512 * 10000, () => w3.Multiply(h3.Span, 1, true, g3.Span));
}
static Tensor Fill(int n) { var t = new Tensor(n); var r = new Random(1); foreach (ref float f in t.Span) f = r.NextSingle() - 0.5f; return t; }
static void Time(string name, int m, int n, int k, char mode)
{
    var a = Fill(m * k); var b = Fill(k * n); var c = Fill(m * n);
    Report(name, 2.0 * m * n * k, () => {
        if (mode == 'n') Gemm.NN(a.Span, b.Span, m, n, k, false, c.Span);
        else if (mode == 't') Gemm.NT(a.Span, b.Span, m, n, k, false, c.Span);
        else Gemm.TN(a.Span, b.Span, m, n, k, false, c.Span);
    });
}
static void Report(string name, double flop, Action action)
{
    for (int i = 0; i < 3; i++) action();
    var times = new List<double>();
    var total = Stopwatch.StartNew();
    while (times.Count < 30 && total.ElapsedMilliseconds < 1500) { long s = Stopwatch.GetTimestamp(); action(); times.Add(Stopwatch.GetElapsedTime(s).TotalMicroseconds); }
    times.Sort();
    double med = times[times.Count / 2];
    Console.WriteLine($"{name} t={ComputeThreads.Count}: {med:F1} us, {flop / med / 1e3:F1} GFLOP/s (best {flop / times[0] / 1e3:F1})");
}
