using Microsoft.Extensions.Configuration;
using RnnService.Api.Hosting;
using RnnService.Engine.Kernels;

namespace RnnService.Api.Tests;

public class HostingTests
{
    static StorageLocations Locate(params (string Key, string Value)[] settings) => StorageLocations.From(Configuration(settings));

    static IConfiguration Configuration(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build();

    [Theory, InlineData("int8", WeightType.Int8), InlineData("Float32", WeightType.Float32)]
    public void Serving_WeightType_IsReadByName(string name, WeightType expected) =>
        Assert.Equal(expected, ServingSettings.From(Configuration(("Serving:WeightType", name))).WeightType);

    [Theory, InlineData("int4"), InlineData("1"), InlineData("")]
    public void Serving_UnknownWeightType_SaysWhatIsExpected(string name)
    {
        var error = Assert.Throws<InvalidOperationException>(() => ServingSettings.From(Configuration(("Serving:WeightType", name))));
        Assert.Equal($"Serving:WeightType is '{name}', expected float32 or int8.", error.Message);
    }

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
