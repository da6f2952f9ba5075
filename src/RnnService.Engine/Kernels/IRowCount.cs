namespace RnnService.Engine.Kernels;

/// <summary>A number of rows known when code is compiled, so that one tile kernel body serves one to six rows.</summary>
interface IRowCount
{
    static abstract int Count { get; }
}

readonly struct Rows1 : IRowCount { public static int Count => 1; }

readonly struct Rows2 : IRowCount { public static int Count => 2; }

readonly struct Rows3 : IRowCount { public static int Count => 3; }

readonly struct Rows4 : IRowCount { public static int Count => 4; }

readonly struct Rows5 : IRowCount { public static int Count => 5; }

readonly struct Rows6 : IRowCount { public static int Count => 6; }
