namespace RnnService.Models.Tests.Interchange;

/// <summary>Files that other programs wrote.</summary>
static class Golden
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Interchange", "Golden", name);
}
