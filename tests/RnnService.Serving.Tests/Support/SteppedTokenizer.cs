using RnnService.Models.Text;

namespace RnnService.Serving.Tests.Support;

/// <summary>Lets a generation go on only as many tokens as the test allows, so that nothing depends on timing.</summary>
sealed class SteppedTokenizer(ITokenizer inner) : ITokenizer, IDisposable
{
    readonly SemaphoreSlim _allowed = new(0);
    int _decoded;

    internal int Decoded => Volatile.Read(ref _decoded);

    public Vocabulary Vocabulary => inner.Vocabulary;

    internal void Allow(int tokens) => _allowed.Release(tokens);

    public IReadOnlyList<Token> Tokenize(string text) => inner.Tokenize(text);

    public int[] Encode(string text) => inner.Encode(text);

    public string Display(int tokenId) => inner.Display(tokenId);

    public string DecodeNext(ReadOnlySpan<int> previousIds, int tokenId)
    {
        _allowed.Wait();
        Interlocked.Increment(ref _decoded);
        return inner.DecodeNext(previousIds, tokenId);
    }

    public string Decode(ReadOnlySpan<int> tokenIds) => inner.Decode(tokenIds);

    public void Dispose() => _allowed.Dispose();
}
