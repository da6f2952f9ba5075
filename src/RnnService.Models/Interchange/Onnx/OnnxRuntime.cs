using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace RnnService.Models.Interchange.Onnx;

/// <summary>
/// A model in ONNX Runtime, by its binding for Node.js in a process of its own: an independent judge of exported files. Requests and
/// answers are lines of JSON.
/// </summary>
public sealed class OnnxRuntime : IDisposable
{
    /// <summary>The environment variable that names the folder whose <c>node_modules</c> has <c>onnxruntime-node</c>.</summary>
    public const string FolderVariable = "RNN_ONNXRUNTIME";

    const string Script = """
        const [folder, file] = process.argv.slice(1);
        const say = answer => process.stdout.write(JSON.stringify(answer) + '\n');
        const map = (object, change) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
        const tensor = ort => ({ type, sizes, data }) => {
          const bytes = Uint8Array.from(Buffer.from(data, 'base64')).buffer;
          return new ort.Tensor(type, type === 'int64' ? new BigInt64Array(bytes) : new Float32Array(bytes), sizes);
        };
        const text = ({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
        (async () => {
          const ort = require(folder + '/node_modules/onnxruntime-node');
          const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3, intraOpNumThreads: 1 });
          say({ version: require(folder + '/node_modules/onnxruntime-node/package.json').version });
          for await (const line of require('readline').createInterface({ input: process.stdin }))
            say(map(await session.run(map(JSON.parse(line), tensor(ort))), text));
        })().catch(error => say({ error: String(error.message ?? error) }));
        """;

    static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);
    readonly Process _process;

    OnnxRuntime(Process process, string file)
    {
        _process = process;
        File = file;
        Version = Answer()["version"]!.GetValue<string>();
    }

    /// <summary>The model's file.</summary>
    public string File { get; }

    /// <summary>The version of ONNX Runtime.</summary>
    public string Version { get; }

    /// <summary>Why ONNX Runtime cannot be used, in a sentence; null when it can.</summary>
    /// <param name="folder">the folder that has it; null for the one <see cref="FolderVariable"/> names</param>
    public static string? WhyMissing(string? folder = null)
    {
        if (FolderOf(folder) is not { Length: > 0 } found)
            return $"no folder is given and the environment variable {FolderVariable} is not set";
        string package = Path.Combine(found, "node_modules", "onnxruntime-node");
        if (!Directory.Exists(package))
            return $"there is no folder '{package}'; 'npm install --ignore-scripts onnxruntime-node' in '{found}' makes it";
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true })!;
            node.WaitForExit();
            return null;
        }
        catch (Win32Exception)
        {
            return "Node.js is not installed: there is no program 'node'";
        }
    }

    /// <summary>Loads a model.</summary>
    /// <param name="file">an ONNX file</param>
    /// <param name="folder">the folder whose <c>node_modules</c> has <c>onnxruntime-node</c>; null for the one <see cref="FolderVariable"/> names</param>
    /// <exception cref="InvalidOperationException">ONNX Runtime is missing, or refuses the model; the message is its own</exception>
    public static OnnxRuntime Load(string file, string? folder = null)
    {
        if (WhyMissing(folder) is { } reason)
            throw new InvalidOperationException($"ONNX Runtime cannot be used: {reason}.");
        var start = new ProcessStartInfo("node", ["-e", Script, "--", Path.GetFullPath(FolderOf(folder)!), Path.GetFullPath(file)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        try
        {
            return new OnnxRuntime(process, file);
        }
        catch
        {
            Stop(process);
            throw;
        }
    }

    /// <summary>Runs the model on inputs and returns all of its outputs, which must be float32.</summary>
    /// <exception cref="InvalidOperationException">ONNX Runtime refuses the inputs; the message is its own</exception>
    public IReadOnlyDictionary<string, float[]> Run(params IEnumerable<OnnxValue> inputs)
    {
        var request = new JsonObject(inputs.Select(input => KeyValuePair.Create<string, JsonNode?>(input.Name, input.ToJson())));
        _process.StandardInput.WriteLine(request.ToJsonString());
        return Answer().ToDictionary(output => output.Key, output => ToFloats(output.Value!.GetValue<string>()));
    }

    /// <inheritdoc/>
    public void Dispose() => Stop(_process);

    JsonObject Answer()
    {
        var reading = _process.StandardOutput.ReadLineAsync();
        string? line = reading.Wait(_patience) ? reading.Result : throw new InvalidOperationException($"{File}: ONNX Runtime gave no answer within {_patience}.");
        var answer = line is null ? throw new InvalidOperationException($"{File}: ONNX Runtime ended without an answer.") : JsonNode.Parse(line)!.AsObject();
        return answer.TryGetPropertyValue("error", out var error) ? throw new InvalidOperationException($"{File}: ONNX Runtime: {error}") : answer;
    }

    static float[] ToFloats(string base64) => MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(base64)).ToArray();

    static string? FolderOf(string? folder) => folder ?? Environment.GetEnvironmentVariable(FolderVariable);

    static void Stop(Process process)
    {
        process.Kill();
        process.Dispose();
    }
}
