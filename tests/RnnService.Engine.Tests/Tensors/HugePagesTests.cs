using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RnnService.Engine.Tensors;

namespace RnnService.Engine.Tests.Tensors;

public sealed class HugePagesTests
{
    const string Setting = "/sys/kernel/mm/transparent_hugepage/enabled";

    [Fact]
    public void LargeTensor_WhereLinuxHasHugePages_LiesInMemoryThatMayHaveThem()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(Setting), "no huge pages here");
        bool areWanted = !File.ReadAllText(Setting).Contains("[never]", StringComparison.Ordinal);
        var tensor = new Tensor(2, 2 << 20);
        Assert.False(tensor.Span.ContainsAnyExcept(0f));
        Assert.Equal(areWanted, FlagsOf(AddressOf(tensor.Row(1))).Contains("hg"));
        GC.KeepAlive(tensor);
    }

    static unsafe ulong AddressOf(Span<float> values) => (ulong)Unsafe.AsPointer(ref MemoryMarshal.GetReference(values));

    /// <summary>What Linux says about the mapping an address lies in: "rd wr … hg", hg for madvise's huge pages.</summary>
    static string[] FlagsOf(ulong address)
    {
        bool isThere = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.Split(' ')[0].Split('-') is [var from, var to] && TryHex(from, out ulong first) && TryHex(to, out ulong end))
                isThere = first <= address && address < end;
            else if (isThere && line.StartsWith("VmFlags:", StringComparison.Ordinal))
                return line["VmFlags:".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
        throw new InvalidOperationException($"no mapping has {address:x}");
    }

    static bool TryHex(string text, out ulong value) => ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
