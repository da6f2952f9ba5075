using System.Runtime.InteropServices;

namespace RnnService.Engine.Tensors;

/// <summary>
/// Asks Linux to hold large blocks of memory in pages of 2 MiB. A kernel that walks down the columns of a matrix meets a new page of
/// 4 KiB at every row, and a virtual machine walks through two page tables to find each.
/// </summary>
static unsafe partial class HugePages
{
    const nuint PageSize = 2 << 20;
    const int AdviceHugePage = 14;   // MADV_HUGEPAGE: pages not yet touched, and pages gathered later
    const int AdviceCollapse = 25;   // MADV_COLLAPSE: those touched already, such as the one with an array's head; Linux 6.1

    static readonly bool s_areWanted = AreWanted("/sys/kernel/mm/transparent_hugepage/enabled");

    /// <summary>To be called for new memory, all of which will be used. Advice only: where it cannot be followed, nothing changes.</summary>
    public static void Advise(void* start, nuint bytes)
    {
        if (bytes < PageSize || !s_areWanted)
            return;
        nuint from = (nuint)start & ~(PageSize - 1), to = ((nuint)start + bytes + PageSize - 1) & ~(PageSize - 1);
        _ = Advise(from, to - from, AdviceHugePage);
        _ = Advise(from, to - from, AdviceCollapse);
    }

    /// <summary>Whether this is Linux with huge pages, and its administrator has not switched them off.</summary>
    static bool AreWanted(string setting)
    {
        try
        {
            return OperatingSystem.IsLinux() && File.Exists(setting) && !File.ReadAllText(setting).Contains("[never]", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint start, nuint length, int advice);
}
