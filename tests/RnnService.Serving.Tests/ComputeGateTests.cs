namespace RnnService.Serving.Tests;

public class ComputeGateTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enter_MoreThanPlaces_WaitsAndThenRefuses()
    {
        using var gate = new ComputeGate(concurrency: 1, queueLength: 1);
        var first = await gate.EnterAsync(Cancellation);
        var second = gate.EnterAsync(Cancellation);
        Assert.Equal((1, 1), (gate.Running, gate.Waiting));
        var refused = await Assert.ThrowsAsync<ServingException>(() => gate.EnterAsync(Cancellation));
        Assert.Equal(ServingFailure.Overloaded, refused.Failure);
        first.Dispose();
        (await second).Dispose();
        Assert.Equal((0, 0), (gate.Running, gate.Waiting));
    }

    [Fact]
    public async Task Enter_CallerLeavesWhileWaiting_GivesThePlaceInTheQueueUp()
    {
        using var gate = new ComputeGate(concurrency: 1, queueLength: 1);
        var first = await gate.EnterAsync(Cancellation);
        using var caller = new CancellationTokenSource();
        var left = gate.EnterAsync(caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        var next = gate.EnterAsync(Cancellation);
        Assert.False(next.IsFaulted);
        first.Dispose();
        (await next).Dispose();
    }

    [Fact]
    public async Task Place_DisposedTwice_CountsOnce()
    {
        using var gate = new ComputeGate(concurrency: 2, queueLength: 0);
        var place = await gate.EnterAsync(Cancellation);
        using var other = await gate.EnterAsync(Cancellation);
        place.Dispose();
        place.Dispose();
        using var third = await gate.EnterAsync(Cancellation);
        await Assert.ThrowsAsync<ServingException>(() => gate.EnterAsync(Cancellation));
    }
}
