using RnnService.Engine.Kernels;

namespace RnnService.Models.Decoding;

/// <summary>
/// Draws tokens from logits. Deterministic for a seed; holds its scratch memory, so that drawing allocates nothing. Not thread-safe:
/// one sampler serves one text.
/// </summary>
public sealed class Sampler
{
    // Less likely than once in 10^34 draws: left out, as exp would leave the range of float.
    const double LeastExponent = -80;

    readonly SamplingOptions _options;
    readonly bool[] _excluded;
    readonly float[] _weights;
    readonly int[] _tokenIds;
    ulong _state;

    /// <param name="options">temperature, top-k, top-p and seed</param>
    /// <param name="vocabularySize">V, the number of logits of each draw</param>
    /// <param name="excludedIds">tokens that are never drawn</param>
    /// <exception cref="ArgumentOutOfRangeException">an option outside its range</exception>
    public Sampler(SamplingOptions options, int vocabularySize, params ReadOnlySpan<int> excludedIds)
    {
        options.Validate();
        _options = options;
        _excluded = new bool[vocabularySize];
        foreach (int tokenId in excludedIds)
            _excluded[tokenId] = true;
        _weights = new float[vocabularySize];
        _tokenIds = new int[vocabularySize];
        _state = (ulong)(options.Seed ?? Random.Shared.NextInt64());
    }

    /// <summary>Says whether a token is left out of the draws that follow.</summary>
    public void Exclude(int tokenId, bool excluded) => _excluded[tokenId] = excluded;

    /// <summary>The next token's id. Logits that are NaN count as impossible.</summary>
    /// <param name="logits">[V]</param>
    /// <exception cref="InvalidOperationException">no token is possible</exception>
    public int Next(ReadOnlySpan<float> logits)
    {
        int best = MostProbable(logits);
        if (_options.Temperature == 0)
            return best;
        int count = CollectWeights(logits, logits[best]);
        if (_options.TopK > 0 && _options.TopK < count)
            count = KeepTopK(count);
        if (_options.TopP < 1)
            count = KeepNucleus(count);
        return Draw(count);
    }

    int MostProbable(ReadOnlySpan<float> logits)
    {
        int best = -1;
        for (int tokenId = 0; tokenId < logits.Length; tokenId++)
        {
            if (!_excluded[tokenId] && !float.IsNaN(logits[tokenId]) && (best < 0 || logits[tokenId] > logits[best]))
                best = tokenId;
        }
        return best >= 0 && logits[best] > float.NegativeInfinity
            ? best
            : throw new InvalidOperationException("No token can be drawn: every logit is excluded, NaN or minus infinity.");
    }

    /// <summary>Weights relative to the most probable token, whose weight is 1: exp never overflows and the sum is never zero.</summary>
    int CollectWeights(ReadOnlySpan<float> logits, float maximum)
    {
        int count = 0;
        for (int tokenId = 0; tokenId < logits.Length; tokenId++)
        {
            // Equal logits are compared first: infinity minus infinity has no value.
            double exponent = logits[tokenId] == maximum ? 0 : (logits[tokenId] - (double)maximum) / _options.Temperature;
            if (_excluded[tokenId] || !(exponent > LeastExponent))
                continue;
            _weights[count] = (float)exponent;
            _tokenIds[count++] = tokenId;
        }
        ActivationKernel.Exp(_weights.AsSpan(0, count), _weights.AsSpan(0, count));
        return count;
    }

    int KeepTopK(int count)
    {
        SelectLargest(_options.TopK, count);
        return _options.TopK;
    }

    int KeepNucleus(int count)
    {
        double sum = Sum(count);
        double target = _options.TopP * sum;
        // Tokens this improbable weigh less than 1 - p all together, so the nucleus is complete without them and need not sort them.
        count = DropBelow((sum - target) / count, count);
        SortDescending(count);
        double cumulative = 0;
        for (int index = 0; index < count; index++)
        {
            cumulative += _weights[index];
            if (cumulative >= target)
                return index + 1;
        }
        return count;
    }

    int DropBelow(double threshold, int count)
    {
        int kept = 0;
        for (int index = 0; index < count; index++)
        {
            if (_weights[index] < threshold)
                continue;
            _weights[kept] = _weights[index];
            _tokenIds[kept++] = _tokenIds[index];
        }
        return kept;
    }

    /// <summary>Moves the k largest weights to the front, in no particular order (Hoare's quickselect).</summary>
    void SelectLargest(int k, int count)
    {
        int first = 0, last = count - 1;
        while (first < last)
        {
            float pivot = _weights[(first + last) / 2];
            int left = first, right = last;
            while (left <= right)
            {
                while (_weights[left] > pivot)
                    left++;
                while (_weights[right] < pivot)
                    right--;
                if (left <= right)
                    Swap(left++, right--);
            }
            if (k - 1 <= right)
                last = right;
            else if (k - 1 >= left)
                first = left;
            else
                return;
        }
    }

    void Swap(int left, int right)
    {
        (_weights[left], _weights[right]) = (_weights[right], _weights[left]);
        (_tokenIds[left], _tokenIds[right]) = (_tokenIds[right], _tokenIds[left]);
    }

    void SortDescending(int count)
    {
        _weights.AsSpan(0, count).Sort(_tokenIds.AsSpan(0, count));
        _weights.AsSpan(0, count).Reverse();
        _tokenIds.AsSpan(0, count).Reverse();
    }

    int Draw(int count)
    {
        double remaining = NextUniform() * Sum(count);
        int index = 0;
        while (index < count - 1 && (remaining -= _weights[index]) >= 0)
            index++;
        return _tokenIds[index];
    }

    double Sum(int count)
    {
        double sum = 0;
        foreach (float weight in _weights.AsSpan(0, count))
            sum += weight;
        return sum;
    }

    /// <summary>Uniform in [0, 1) from the SplitMix64 generator (Steele, Lea and Flood 2014): any seed, zero included, is a good one.</summary>
    double NextUniform()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
