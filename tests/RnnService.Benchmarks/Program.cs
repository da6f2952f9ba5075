using System.Globalization;
using RnnService.Benchmarks;
using RnnService.Engine.Kernels;
using RnnService.Engine.Threading;

const string Usage = """
    Measures named workloads and prints one JSON line each.

      dotnet run -c Release --project tests/RnnService.Benchmarks -- [--threads N] [--reps N] [WORKLOAD...]

      --threads N   compute threads (default: all processors)
      --reps N      timed calls of each workload, 15 or more (default 30)
      WORKLOAD      names from the list below, or `limits`; none: all of them
    """;

int threads = ComputeThreads.Count, reps = 30;
var names = new List<string>();
for (int index = 0; index < args.Length; index++)
{
    switch (args[index])
    {
        case "-h" or "--help":
            Console.WriteLine(Usage);
            Console.WriteLine($"  {string.Join(' ', Workloads.All.Keys)} {Limits.Name}");
            return 0;
        case "--threads" when TryNumber(index + 1, out threads) && threads <= ComputeThreads.MaxCount:
        case "--reps" when TryNumber(index + 1, out reps):
            index++;
            break;
        case var name when Workloads.All.ContainsKey(name) || name == Limits.Name:
            names.Add(name);
            break;
        case var other when other.StartsWith('-'):
            Console.Error.WriteLine($"{other}: expected --threads N or --reps N with a whole number from 1; see --help");
            return 2;
        case var other:
            // The peers' drivers hand every workload of a group to every engine: one we do not have yet is not an error.
            Console.Error.WriteLine($"{other}: not measured by this program");
            break;
    }
}

ComputeThreads.Count = threads;
Console.Error.WriteLine($"SIMD tier {SimdTiers.Describe()}, {threads} threads");
if (names.Count == 0 && args.All(argument => argument.StartsWith('-') || char.IsAsciiDigit(argument[0])))
    names.AddRange([Limits.Name, .. Workloads.All.Keys]);
foreach (string name in names)
{
    if (name == Limits.Name)
        Limits.Print(reps);
    else
        Workloads.All[name](new Measurement(name, reps));
}
return 0;

bool TryNumber(int index, out int number)
{
    number = 0;
    return index < args.Length && int.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1;
}
