using Microsoft.Extensions.Configuration;
using RnnService.Api.Hosting;

namespace RnnService.Api.Tests;

public class HostingTests
{
    static StorageLocations Locate(params (string Key, string Value)[] settings) => StorageLocations.From(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build());

    [Fact]
    public void Storage_NoSettings_FindsTheShippedModelsAboveTheProgram()
    {
        var storage = Locate();
        Assert.True(Directory.Exists(storage.ShippedModels), storage.ShippedModels);
        Assert.EndsWith(Path.Combine("deploy", "models"), storage.ShippedModels, StringComparison.Ordinal);
        string root = storage.ShippedModels[..^Path.Combine("deploy", "models").Length];
        Assert.Equal(Path.Combine(root, "data", "models"), storage.Models);
    }

    [Fact]
    public void Storage_AbsolutePaths_AreTakenAsTheyAre()
    {
        var storage = Locate(("Storage:ShippedModels", "/shipped"), ("Storage:Models", "/own"));
        Assert.Equal(("/shipped", "/own"), (storage.ShippedModels, storage.Models));
    }

    [Fact]
    public void Storage_Data_HoldsTheModels() => Assert.Equal(Path.Combine("/everything", "models"), Locate(("Storage:Data", "/everything")).Models);

    [Theory, InlineData(null, null, 5000), InlineData(null, "8080", 8080), InlineData(null, "8081;8082", 8081), InlineData("http://127.0.0.1:9000", "8080", 9000),
        InlineData("http://+:7000;http://+:7001", null, 7000), InlineData("", "", 5000)]
    public void HealthProbe_Port_IsTheServers(string? urls, string? httpPorts, int expected) => Assert.Equal(expected, HealthProbe.Port(urls, httpPorts));
}
