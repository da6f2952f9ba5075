using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace RnnService.Api.Observability;

/// <summary>Collects the measurements of some meters and writes them in the text exposition format that Prometheus reads.</summary>
sealed class MetricsExposition : IDisposable
{
    internal const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    static readonly double[] _bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    readonly Lock _lock = new();
    readonly MeterListener _listener = new();
    readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);

    /// <param name="meters">the meters whose instruments are shown; meters of other services with the same names are not</param>
    public MetricsExposition(params IReadOnlyCollection<Meter> meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!meters.Contains(instrument.Meter))
                return;
            lock (_lock)
                _families[instrument.Name] = new Family(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>All series as they are now.</summary>
    internal string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        lock (_lock)
        {
            foreach (var (name, family) in _families)
                family.Write(name, text);
        }
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = Labels(tags);
        lock (_lock)
            _families[instrument.Name].Record(labels, value);
    }

    static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            string escaped = Text(value).Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
            labels.Append(labels.Length > 0 ? "," : "").Append(key).Append("=\"").Append(escaped).Append('"');
        }
        return labels.ToString();
    }

    static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>The series of one instrument, by their labels.</summary>
    sealed class Family(Instrument instrument)
    {
        readonly SortedDictionary<string, double> _values = new(StringComparer.Ordinal);
        readonly SortedDictionary<string, Distribution> _distributions = new(StringComparer.Ordinal);
        readonly string _type = instrument is Counter<long> ? "counter" : instrument is Histogram<double> ? "histogram" : "gauge";

        internal void Record(string labels, double value)
        {
            if (_type == "gauge")
                _values[labels] = value;
            else if (_type == "counter")
                _values[labels] = _values.GetValueOrDefault(labels) + value;
            else if (_distributions.TryGetValue(labels, out var distribution))
                distribution.Add(value);
            else
                _distributions.Add(labels, new Distribution(value));
        }

        internal void Write(string name, StringBuilder text)
        {
            text.Append($"# HELP {name} {instrument.Description}\n# TYPE {name} {_type}\n");
            foreach (var (labels, value) in _values)
                text.Append(labels.Length > 0 ? $"{name}{{{labels}}} {Text(value)}\n" : $"{name} {Text(value)}\n");
            foreach (var (labels, distribution) in _distributions)
                distribution.Write(name, labels, text);
        }
    }

    /// <summary>A histogram with the fixed bounds.</summary>
    sealed class Distribution
    {
        readonly long[] _counts = new long[_bounds.Length + 1];
        double _sum;

        internal Distribution(double first) => Add(first);

        internal void Add(double value)
        {
            int bucket = Array.BinarySearch(_bounds, value);
            _counts[bucket >= 0 ? bucket : ~bucket]++;
            _sum += value;
        }

        internal void Write(string name, string labels, StringBuilder text)
        {
            long cumulative = 0;
            for (int bucket = 0; bucket < _counts.Length; bucket++)
            {
                cumulative += _counts[bucket];
                string bound = bucket < _bounds.Length ? Text(_bounds[bucket]) : "+Inf";
                text.Append($"{name}_bucket{{{labels},le=\"{bound}\"}} {cumulative}\n");
            }
            text.Append($"{name}_sum{{{labels}}} {Text(_sum)}\n{name}_count{{{labels}}} {cumulative}\n");
        }
    }
}
