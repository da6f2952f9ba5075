using RnnService.Training.Experiments;

namespace RnnService.Training.Tests.Experiments;

public sealed class AddingProblemTests
{
    const int Length = 7, BatchSize = 200;

    [Fact]
    public void Draw_EachSequence_HasAMarkInEachHalfAndTheSumOfTheMarkedNumbers()
    {
        var (x, targets) = Draw(seed: 1);
        for (int row = 0; row < BatchSize; row++)
        {
            var marked = Enumerable.Range(0, Length).Where(t => Mark(x, t, row) == 1).ToArray();
            Assert.Equal(2, marked.Length);
            Assert.InRange(marked[0], 0, Length / 2 - 1);
            Assert.InRange(marked[1], Length / 2, Length - 1);
            Assert.Equal(marked.Sum(t => Number(x, t, row)), targets[row]);
            for (int t = 0; t < Length; t++)
            {
                Assert.True(Number(x, t, row) is >= 0 and < 1);
                Assert.True(Mark(x, t, row) is 0 or 1);
            }
        }
    }

    [Fact]
    public void Draw_AnsweringOne_HasAnErrorOfASixth()
    {
        var problem = new AddingProblem(2, seed: 3);
        float[] x = new float[2 * 20_000 * 2], targets = new float[20_000];
        problem.Draw(x, targets);
        Assert.Equal(1.0 / 6, targets.Average(target => Math.Pow(target - 1.0, 2)), 0.005);
    }

    [Fact]
    public void Draw_SameSeed_GivesTheSameSequencesAndThenOthers()
    {
        var problem = new AddingProblem(Length, seed: 1);
        float[] x = new float[Length * BatchSize * 2], targets = new float[BatchSize];
        problem.Draw(x, targets);
        Assert.Equal(Draw(seed: 1).X, x);
        problem.Draw(x, targets);
        Assert.NotEqual(Draw(seed: 1).X, x);
        Assert.NotEqual(Draw(seed: 2).X, Draw(seed: 1).X);
    }

    [Fact]
    public void Draw_WrongSizes_SaysWhatIsExpected()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AddingProblem(1, seed: 1));
        var wrong = Assert.Throws<ArgumentException>(() => new AddingProblem(3, seed: 1).Draw(new float[5], new float[1]));
        Assert.StartsWith("expected 3 x 1 x 2 elements, found 5.", wrong.Message, StringComparison.Ordinal);
    }

    static (float[] X, float[] Targets) Draw(ulong seed)
    {
        float[] x = new float[Length * BatchSize * AddingProblem.InputSize], targets = new float[BatchSize];
        new AddingProblem(Length, seed).Draw(x, targets);
        return (x, targets);
    }

    static float Number(float[] x, int t, int row) => x[(t * BatchSize + row) * 2];

    static float Mark(float[] x, int t, int row) => x[(t * BatchSize + row) * 2 + 1];
}
