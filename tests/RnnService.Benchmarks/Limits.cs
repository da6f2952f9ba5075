using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RnnService.Engine.Kernels;
using RnnService.Engine.Tensors;
using RnnService.Engine.Threading;

namespace RnnService.Benchmarks;

/// <summary>What the machine can do at most, by this runtime's own code: multiply-adds with operands in registers, and reading memory.</summary>
static class Limits
{
    public const string Name = "limits";
    const int Iterations = 200_000;
    const int Chains = 12;
    const int ReadMebibytes = 128;

    public static void Print(int reps)
    {
        bool wide = SimdTiers.Current == SimdTier.Avx512;
        double flop = 2.0 * Iterations * Chains * (wide ? Vector512<float>.Count : Vector256<float>.Count) * ComputeThreads.Count;
        var fma = new FmaJob { Wide = wide };
        new Measurement("limit_fma", reps).Run(() => ComputeThreads.Run(ref fma), extra: median => [("gflops", flop / median / 1e3)]);
        foreach (int mebibytes in new[] { 1, 8, 32, 128 })
        {
            var block = new Tensor(mebibytes << 18);
            block.Span.Fill(1f);
            var read = new ReadJob { Block = block, Passes = Math.Max(2, ReadMebibytes / mebibytes) };
            double bytes = (double)read.Passes * (mebibytes << 20);
            new Measurement($"limit_read_{mebibytes}mib", reps).Run(() => ComputeThreads.Run(ref read), extra: median => [("gbps", bytes / median / 1e3)]);
        }
    }

    struct FmaJob : IParallelJob
    {
        public bool Wide { get; set; }

        public readonly void Execute(int thread, int threads) => _ = Wide ? Fma512() : Fma256();

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static float Fma256()
        {
            Vector256<float> factor = Vector256.Create(0.999999f), addend = Vector256.Create(1e-6f);
            Vector256<float> s0 = addend, s1 = addend, s2 = addend, s3 = addend, s4 = addend, s5 = addend;
            Vector256<float> s6 = addend, s7 = addend, s8 = addend, s9 = addend, s10 = addend, s11 = addend;
            for (int i = 0; i < Iterations; i++)
            {
                s0 = Vector256.FusedMultiplyAdd(s0, factor, addend);
                s1 = Vector256.FusedMultiplyAdd(s1, factor, addend);
                s2 = Vector256.FusedMultiplyAdd(s2, factor, addend);
                s3 = Vector256.FusedMultiplyAdd(s3, factor, addend);
                s4 = Vector256.FusedMultiplyAdd(s4, factor, addend);
                s5 = Vector256.FusedMultiplyAdd(s5, factor, addend);
                s6 = Vector256.FusedMultiplyAdd(s6, factor, addend);
                s7 = Vector256.FusedMultiplyAdd(s7, factor, addend);
                s8 = Vector256.FusedMultiplyAdd(s8, factor, addend);
                s9 = Vector256.FusedMultiplyAdd(s9, factor, addend);
                s10 = Vector256.FusedMultiplyAdd(s10, factor, addend);
                s11 = Vector256.FusedMultiplyAdd(s11, factor, addend);
            }
            return Vector256.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static float Fma512()
        {
            Vector512<float> factor = Vector512.Create(0.999999f), addend = Vector512.Create(1e-6f);
            Vector512<float> s0 = addend, s1 = addend, s2 = addend, s3 = addend, s4 = addend, s5 = addend;
            Vector512<float> s6 = addend, s7 = addend, s8 = addend, s9 = addend, s10 = addend, s11 = addend;
            for (int i = 0; i < Iterations; i++)
            {
                s0 = Vector512.FusedMultiplyAdd(s0, factor, addend);
                s1 = Vector512.FusedMultiplyAdd(s1, factor, addend);
                s2 = Vector512.FusedMultiplyAdd(s2, factor, addend);
                s3 = Vector512.FusedMultiplyAdd(s3, factor, addend);
                s4 = Vector512.FusedMultiplyAdd(s4, factor, addend);
                s5 = Vector512.FusedMultiplyAdd(s5, factor, addend);
                s6 = Vector512.FusedMultiplyAdd(s6, factor, addend);
                s7 = Vector512.FusedMultiplyAdd(s7, factor, addend);
                s8 = Vector512.FusedMultiplyAdd(s8, factor, addend);
                s9 = Vector512.FusedMultiplyAdd(s9, factor, addend);
                s10 = Vector512.FusedMultiplyAdd(s10, factor, addend);
                s11 = Vector512.FusedMultiplyAdd(s11, factor, addend);
            }
            return Vector512.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
        }
    }

    struct ReadJob : IParallelJob
    {
        public Tensor Block { get; set; }

        public int Passes { get; set; }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Execute(int thread, int threads)
        {
            var (from, to) = ComputeThreads.Share(Block.Length / 128, thread, threads);
            int part = (to - from) * 128 / 4;
            fixed (float* start = Block.Span.Slice(from * 128, part * 4))
            {
                Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
                for (int pass = 0; pass < Passes; pass++)
                {
                    for (int i = 0; i < part; i += 16)
                    {
                        s0 |= Vector256.Load(start + i) | Vector256.Load(start + i + 8);
                        s1 |= Vector256.Load(start + part + i) | Vector256.Load(start + part + i + 8);
                        s2 |= Vector256.Load(start + 2 * part + i) | Vector256.Load(start + 2 * part + i + 8);
                        s3 |= Vector256.Load(start + 3 * part + i) | Vector256.Load(start + 3 * part + i + 8);
                    }
                }
                GC.KeepAlive(Vector256.Sum(s0 | s1 | s2 | s3) > 0 ? Block : null);
            }
        }
    }
}
