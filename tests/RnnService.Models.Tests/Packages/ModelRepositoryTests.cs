using RnnService.Models.Checkpoints;
using RnnService.Models.Packages;

namespace RnnService.Models.Tests.Packages;

public sealed class ModelRepositoryTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly ModelRepository _repository;

    public ModelRepositoryTests() => _repository = new ModelRepository(_folder.At("shipped"), _folder.At("writable"));

    public void Dispose() => _folder.Dispose();

    static void WriteManifest(string folder) => File.WriteAllText(Path.Combine(folder, ModelFiles.Manifest), "{}");

    void Ship(string name, int version, string? aliases = null)
    {
        WriteManifest(Directory.CreateDirectory(_folder.At("shipped", name, $"{version}")).FullName);
        if (aliases is not null)
            File.WriteAllText(_folder.At("shipped", name, "aliases.json"), aliases);
    }

    ModelVersion Publish(string name) => _repository.Publish(name, WriteManifest);

    [Fact]
    public void Names_NoFolders_IsEmpty() => Assert.Empty(_repository.Names());

    [Fact]
    public void Publish_NewModel_IsVersionOneThenTwo()
    {
        Assert.Equal("next-word-en@1", Publish("next-word-en").ToString());
        Assert.Equal("next-word-en@2", Publish("next-word-en").ToString());
        Assert.Equal(["next-word-en"], _repository.Names());
        Assert.Equal([1, 2], _repository.Versions("next-word-en").Select(version => version.Version));
    }

    [Fact]
    public void Publish_ShippedModel_UnitesTheVersions()
    {
        Ship("a", 1);
        Ship("a", 10);
        Ship("only-shipped", 1);
        Publish("a");
        Publish("only-writable");

        Assert.Equal(["a", "only-shipped", "only-writable"], _repository.Names());
        Assert.Equal([(1, true), (10, true), (11, false)], _repository.Versions("a").Select(version => (version.Version, version.IsShipped)));
    }

    [Fact]
    public void Publish_WriterFails_LeavesNothing()
    {
        Assert.Throws<InvalidOperationException>(() => _repository.Publish("a", folder =>
        {
            WriteManifest(folder);
            throw new InvalidOperationException("disk full");
        }));
        Assert.Empty(_repository.Names());
        Assert.Empty(Directory.EnumerateDirectories(_folder.At("writable", "a")));
    }

    [Fact]
    public void Publish_BeforeTheRename_IsNotListed() => _repository.Publish("a", folder =>
    {
        WriteManifest(folder);
        Assert.Empty(_repository.Versions("a"));
    });

    [Fact]
    public void Publish_AfterACrashBetweenWriteAndRename_ClearsTheLeftovers()
    {
        string left = Directory.CreateDirectory(_folder.At("writable", "a", AtomicFiles.TemporaryPrefix + "crashed")).FullName;
        WriteManifest(left);
        Assert.Empty(_repository.Names());

        Assert.Equal(1, Publish("a").Version);
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public async Task Publish_FromSeveralThreads_GivesEachItsVersion()
    {
        var published = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Publish("a").Version)));
        Assert.Equal(Enumerable.Range(1, 8), published.Order());
    }

    [Theory]
    [InlineData("../a"), InlineData(".."), InlineData(""), InlineData("A"), InlineData("a/b"), InlineData("-a"), InlineData("a_b"), InlineData("a\n")]
    [InlineData("a123456789012345678901234567890123456789012345678901234567890abcd")]
    public void Names_OutsideTheRule_AreRefusedEverywhere(string name)
    {
        Publish("a");
        Assert.Throws<ArgumentException>(() => Publish(name));
        Assert.Throws<ModelNotFoundException>(() => _repository.Resolve(name));
        Assert.Throws<ModelNotFoundException>(() => _repository.RemoveAlias(name, "b"));
        Assert.Throws<ModelNotFoundException>(() => _repository.DeleteVersion(name, 1));
        Assert.Throws<ArgumentException>(() => _repository.SetAlias("a", name, 1));
        Assert.Empty(_repository.Versions(name));
        Assert.Empty(_repository.Aliases(name));
    }

    [Fact]
    public void Resolve_BareName_IsProductionIfSetElseTheHighest()
    {
        Publish("a");
        Publish("a");
        Assert.Equal(2, _repository.Resolve("a").Version);
        _repository.SetAlias("a", "production", 1);
        Assert.Equal(1, _repository.Resolve("a").Version);
        Assert.Equal(2, _repository.Resolve("a@latest").Version);
    }

    [Fact]
    public void Resolve_VersionOrAlias_IsThatVersion()
    {
        Publish("a");
        Publish("a");
        _repository.SetAlias("a", "canary", 1);
        Assert.Equal(1, _repository.Resolve("a@1").Version);
        Assert.Equal(1, _repository.Resolve("a@canary").Version);
    }

    [Theory]
    [InlineData("b", "No model is called 'b'; there are: a.")]
    [InlineData("a@3", "Model 'a' has no version 3; there are: 1.")]
    [InlineData("a@01", "No version is called '01'; expected a number from 1 on.")]
    [InlineData("a@99999999999", "No version is called '99999999999'; expected a number from 1 on.")]
    [InlineData("a@blue", "Model 'a' has no alias 'blue'; there are: green.")]
    [InlineData("a@", "No model is called 'a@'; expected name, name@version or name@alias, of lower-case letters, digits and hyphens.")]
    public void Resolve_WhatIsNotThere_ListsWhatIs(string reference, string message)
    {
        Publish("a");
        _repository.SetAlias("a", "green", 1);
        Assert.Equal(message, Assert.Throws<ModelNotFoundException>(() => _repository.Resolve(reference)).Message);
    }

    [Fact]
    public void Aliases_WrittenOnes_TakeThePlaceOfTheShippedFile()
    {
        Ship("a", 1, """{"production":1,"old":1}""");
        Assert.Equal(1, _repository.Aliases("a")["production"]);
        _repository.RemoveAlias("a", "old");
        _repository.SetAlias("a", "canary", 1);
        Assert.Equal(["canary", "production"], _repository.Aliases("a").Keys);
        Assert.Equal("""{"production":1,"old":1}""", File.ReadAllText(_folder.At("shipped", "a", "aliases.json")));
    }

    [Fact]
    public void Aliases_BrokenFile_IsACheckpointException()
    {
        Ship("a", 1, """{"production":"one"}""");
        Assert.EndsWith(
            "aliases.json: production: found 'one', expected a whole number of at least 1.",
            Assert.Throws<CheckpointException>(() => _repository.Resolve("a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SetAlias_MissingVersion_IsRefused()
    {
        Publish("a");
        Assert.Throws<ModelNotFoundException>(() => _repository.SetAlias("a", "production", 2));
        Assert.Empty(_repository.Aliases("a"));
    }

    [Fact]
    public async Task SetAlias_VersionDeletedWhileItWaitsForItsTurn_IsRefused()
    {
        Publish("a");
        Publish("a");
        Task setting;
        using (new FileStream(_folder.At("writable", "a", ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            setting = Task.Run(() => _repository.SetAlias("a", "canary", 1), TestContext.Current.CancellationToken);
            await Task.Delay(100, TestContext.Current.CancellationToken);
            Directory.Delete(_folder.At("writable", "a", "1"), recursive: true);
        }
        await Assert.ThrowsAsync<ModelNotFoundException>(() => setting);
        Assert.Empty(_repository.Aliases("a"));
    }

    [Fact]
    public void RemoveAlias_Twice_IsTheSameAsOnce()
    {
        Publish("a");
        _repository.SetAlias("a", "canary", 1);
        _repository.RemoveAlias("a", "canary");
        _repository.RemoveAlias("a", "canary");
        Assert.Empty(_repository.Aliases("a"));
    }

    [Fact]
    public void DeleteVersion_OfThree_LeavesTheOthersAndItsNumber()
    {
        for (int i = 0; i < 3; i++)
            Publish("a");
        _repository.DeleteVersion("a", 2);
        Assert.Equal([1, 3], _repository.Versions("a").Select(version => version.Version));
        Assert.Equal(4, Publish("a").Version);
    }

    [Fact]
    public void DeleteVersion_AliasPointsToIt_NamesTheAlias()
    {
        Publish("a");
        _repository.SetAlias("a", "canary", 1);
        Assert.Contains("alias 'canary'", Assert.Throws<ModelConflictException>(() => _repository.DeleteVersion("a", 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DeleteVersion_Shipped_IsRefused()
    {
        Ship("a", 1);
        Assert.Contains("ships with the product", Assert.Throws<ModelConflictException>(() => _repository.DeleteVersion("a", 1)).Message, StringComparison.Ordinal);
        Assert.Single(_repository.Versions("a"));
    }

    [Fact]
    public void Versions_OtherFoldersAndFolderWithoutManifest_AreNotVersions()
    {
        Publish("a");
        foreach (string other in new[] { "02", "0", "-1", "two", "2" })
            Directory.CreateDirectory(_folder.At("writable", "a", other));
        Assert.Equal([1], _repository.Versions("a").Select(version => version.Version));
    }
}
