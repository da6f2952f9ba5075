namespace RnnService.Training.BagsOfWords;

/// <summary>
/// Limited-memory BFGS (Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 7.5) with backtracking until the Armijo condition
/// holds: for smooth convex functions.
/// </summary>
static class Lbfgs
{
    const int Memory = 10, MostIterations = 100, MostHalvings = 30;
    const double Armijo = 1e-4, GradientTolerance = 1e-4;

    /// <summary>Value and gradient of a function at the current x.</summary>
    /// <param name="gradient">[n] receives the gradient</param>
    public delegate double Function(double[] gradient);

    /// <summary>
    /// Moves x towards the minimum: to a gradient of 1/10,000 of the first one's length, or for 100 iterations. Stopping early holds back
    /// the weights of rare words more than a penalty does, and four sources of reviews were told better so than at the minimum.
    /// </summary>
    /// <param name="x">[n] the start; the function reads it, the minimum is left in it</param>
    /// <param name="function">the function</param>
    public static void Minimize(double[] x, Function function)
    {
        var corrections = new Queue<Correction>();
        double[] gradient = new double[x.Length], before = new double[x.Length];
        double value = function(gradient);
        double enough = GradientTolerance * Norm(gradient);
        for (int iteration = 0; iteration < MostIterations && Norm(gradient) > enough; iteration++)
        {
            double[] direction = Direction(gradient, corrections);
            double slope = Dot(direction, gradient);
            double[] lastGradient = [.. gradient];
            x.CopyTo(before, 0);
            double rate = iteration == 0 ? 1 / Norm(gradient) : 1;
            double moved = Move();
            for (int halving = 0; !(moved <= value + Armijo * rate * slope); halving++)
            {
                if (halving == MostHalvings)
                {
                    before.CopyTo(x, 0);   // as low as rounding lets it go
                    return;
                }
                rate /= 2;
                moved = Move();
            }
            value = moved;
            Remember(corrections, before, x, lastGradient, gradient);

            double Move()
            {
                before.CopyTo(x, 0);
                AddScaled(direction, rate, x);
                return function(gradient);
            }
        }
    }

    // The two-loop recursion: -H g with H the inverse Hessian the corrections tell.
    static double[] Direction(double[] gradient, Queue<Correction> corrections)
    {
        double[] direction = new double[gradient.Length];
        AddScaled(gradient, -1, direction);
        var factors = new Stack<double>();
        foreach (var correction in corrections.Reverse())
        {
            double factor = Dot(correction.Step, direction) / correction.Curvature;
            AddScaled(correction.Change, -factor, direction);
            factors.Push(factor);
        }
        if (corrections.LastOrDefault() is { } newest)
            AddScaled(direction, newest.Curvature / Dot(newest.Change, newest.Change) - 1, direction);
        foreach (var correction in corrections)
        {
            double factor = Dot(correction.Change, direction) / correction.Curvature;
            AddScaled(correction.Step, factors.Pop() - factor, direction);
        }
        return direction;
    }

    static void Remember(Queue<Correction> corrections, double[] before, double[] x, double[] gradientBefore, double[] gradient)
    {
        double[] step = [.. x], change = [.. gradient];
        AddScaled(before, -1, step);
        AddScaled(gradientBefore, -1, change);
        double curvature = Dot(step, change);
        if (curvature <= 0)
            return;   // rounding: a convex function has none
        if (corrections.Count == Memory)
            corrections.Dequeue();
        corrections.Enqueue(new Correction(step, change, curvature));
    }

    static double Norm(double[] x) => Math.Sqrt(Dot(x, x));

    static double Dot(double[] x, double[] y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    // destination += x * factor
    static void AddScaled(double[] x, double factor, double[] destination)
    {
        for (int i = 0; i < x.Length; i++)
            destination[i] += x[i] * factor;
    }

    // Step s, change of the gradient y, s·y.
    sealed record Correction(double[] Step, double[] Change, double Curvature);
}
