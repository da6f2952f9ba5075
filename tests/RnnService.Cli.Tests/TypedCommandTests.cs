namespace RnnService.Cli.Tests;

public sealed class TypedCommandTests
{
    [Theory]
    [InlineData("data/train-1.txt", "data/train-1.txt")]
    [InlineData("models/電影", "models/電影")]
    [InlineData("my data", "'my data'")]
    [InlineData("a$b;c", "'a$b;c'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("~/x", "'~/x'")]
    [InlineData("say \"a\"", "'say \"a\"'")]
    [InlineData("", "''")]
    public void Of_Argument_IsOneWordOfAShell(string argument, string expected) => Assert.Equal($"rnn {expected}", TypedCommand.Of([argument]));
}
