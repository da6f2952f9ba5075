using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using RnnService.Engine.Kernels;
using RnnService.Engine.Tests.Support;

namespace RnnService.Engine.Tests.Kernels;

/// <summary>
/// Runs kernel tests again in processes of their own: with a tier forced by the setting, and with instruction sets really switched off, so
/// that the narrower tiers also run without the instructions (fused multiply-add) that this machine would lend them.
/// </summary>
[Collection(Tiers.Collection)]
public sealed partial class ForcedTierTests(ITestOutputHelper output)
{
    [Fact]
    public void Setting_EverySupportedTier_IsInForce()
    {
        foreach (var tier in SimdTiers.Supported)
            RunTests(SimdTiers.Variable, tier.ToString(), tier, typeof(SimdTiersTests));
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX2", SimdTier.Vector128)]
    [InlineData("DOTNET_EnableHWIntrinsic", SimdTier.Scalar)]
    public void Kernels_InstructionSetSwitchedOff_StillHoldTheirErrors(string variable, SimdTier expected)
    {
        Assert.SkipUnless(Avx2.IsSupported, "this processor has no AVX2 to switch off");
        RunTests(variable, "0", expected, typeof(SimdTiersTests), typeof(LaneMathTests), typeof(VectorKernelTests), typeof(SoftmaxKernelTests));
    }

    void RunTests(string variable, string value, SimdTier expected, params Type[] classes)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(ForcedTierTests).Assembly.Location);
        foreach (var type in classes)
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add(type.FullName!);
        }
        start.Environment.Remove(SimdTiers.Variable);
        start.Environment[variable] = value;
        start.Environment[SimdTiersTests.ExpectedTier] = expected.ToString();
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        output.WriteLine(text + error.Result);
        Assert.Equal(0, process.ExitCode);
        Assert.Matches(SomeTestsPassed(), text);
    }

    [GeneratedRegex(@"Total: [1-9]\d*, Errors: 0, Failed: 0")]
    private static partial Regex SomeTestsPassed();
}
