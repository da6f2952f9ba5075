using System.Security.Cryptography;
using System.Text;
using RnnService.Engine.Tensors;
using RnnService.Models.Checkpoints;

namespace RnnService.Models.Tests.Checkpoints;

public sealed class SafetensorsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    string FilePath => _folder.At("model.safetensors");

    public void Dispose() => _folder.Dispose();

    static Parameter Ramp(string name, params int[] sizes)
    {
        var tensor = new Tensor(sizes);
        for (int i = 0; i < tensor.Length; i++)
            tensor.Span[i] = MathF.Sin(i + name.Length);
        return new Parameter(name, tensor);
    }

    static Parameter[] Weights() => [Ramp("encoder.weight", 7, 5), Ramp("rnn.bias_ih_l0", 13), Ramp("deep", 2, 3, 2, 2)];

    static Parameter[] Zeros(IEnumerable<Parameter> like) => [.. like.Select(one => new Parameter(one.Name, new Tensor(one.Shape)))];

    [Theory]
    [InlineData(StorageType.Float32, 0)]
    [InlineData(StorageType.Float16, 1 / 2048.0)]
    [InlineData(StorageType.BFloat16, 1 / 256.0)]
    [InlineData(StorageType.Int8, 0.5 / 127)]
    public void Read_WrittenTensors_AgreeToThePrecisionOfTheStorage(StorageType type, double tolerance)
    {
        var written = Weights();
        SafetensorsWriter.Write(FilePath, written, type, new Dictionary<string, string> { ["format"] = "pt" });
        var read = Zeros(written);
        using var reader = SafetensorsReader.Open(FilePath);
        reader.ReadInto(read);

        Assert.Equal("pt", reader.Metadata["format"]);
        for (int i = 0; i < written.Length; i++)
            foreach (var (expected, actual) in written[i].Value.Span.ToArray().Zip(read[i].Value.Span.ToArray()))
                Assert.True(Math.Abs(expected - actual) <= tolerance * 1.001, $"{written[i].Name}: {expected} came back as {actual}");
    }

    [Fact]
    public void Read_LargeTensor_ComesBackWhole()
    {
        var written = Ramp("large", 300, 301);
        SafetensorsWriter.Write(FilePath, [written]);
        var read = new Tensor(300, 301);
        using var reader = SafetensorsReader.Open(FilePath);
        reader.Read("large", read);
        Assert.True(written.Value.Span.SequenceEqual(read.Span));
    }

    [Fact]
    public void Write_SameTensors_GivesTheSameBytesWithAnAlignedHeader()
    {
        SafetensorsWriter.Write(FilePath, Weights());
        SafetensorsWriter.Write(_folder.At("again"), Weights());
        byte[] bytes = File.ReadAllBytes(FilePath);
        Assert.Equal(bytes, File.ReadAllBytes(_folder.At("again")));
        Assert.Equal(0UL, BitConverter.ToUInt64(bytes) % 8);
    }

    // More elements than are written at a time, in rows that straddle that.
    [Theory]
    [InlineData(StorageType.Float32, "35fc627a46f4012467a9a132fafb6788")]
    [InlineData(StorageType.Float16, "424fd66968819eeb4f2f867cf6f2bd75")]
    [InlineData(StorageType.BFloat16, "4fb84ca706065f143786a3564fc7381e")]
    [InlineData(StorageType.Int8, "7730d89d2b17b53a2438a593eb4fa654")]
    public void Write_LargeTensor_GivesTheBytesOfTheFormat(StorageType type, string hash)
    {
        var large = new Parameter("large", new Tensor(300, 301));
        for (int i = 0; i < large.Value.Length; i++)
            large.Value.Span[i] = (i * 7919 % 10_007 - 5000) / 3f;
        SafetensorsWriter.Write(FilePath, [large], type);
        Assert.StartsWith(hash, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(FilePath))), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LargeTensor_TakesNoMemoryOfItsSize()
    {
        var large = new Parameter("large", new Tensor(1 << 20));
        SafetensorsWriter.Write(FilePath, [large]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        SafetensorsWriter.Write(FilePath, [large]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 18);
    }

    [Fact]
    public void Write_AValueThatCannotBeStored_LeavesTheFileThatIsThere()
    {
        SafetensorsWriter.Write(FilePath, Weights());
        byte[] before = File.ReadAllBytes(FilePath);
        var wrong = new Parameter("wrong", Tensor.From([float.NaN], new Shape(1)));
        Assert.Throws<CheckpointException>(() => SafetensorsWriter.Write(FilePath, [.. Weights(), wrong]));
        Assert.Equal(before, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void Write_TwoValues_AreTheBytesOfTheFormat()
    {
        SafetensorsWriter.Write(FilePath, [new Parameter("a", Tensor.From([1f, -2f], new Shape(2)))]);
        const string header = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}  """;
        byte[] expected = [.. BitConverter.GetBytes((ulong)header.Length), .. Encoding.UTF8.GetBytes(header), 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0];
        Assert.Equal(expected, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void Tensors_Int8_AreListedWithoutTheirScales()
    {
        SafetensorsWriter.Write(FilePath, Weights(), StorageType.Int8);
        using var reader = SafetensorsReader.Open(FilePath);
        Assert.Equal(["deep", "encoder.weight", "rnn.bias_ih_l0"], reader.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(StorageType.Float32, float.NaN)]
    [InlineData(StorageType.Int8, float.PositiveInfinity)]
    [InlineData(StorageType.Float16, 70000f)]
    [InlineData(StorageType.BFloat16, float.MaxValue)]
    public void Write_ValueTheStorageCannotHold_NamesTheTensor(StorageType type, float value)
    {
        var wrong = new Parameter("rnn.weight_hh_l0", Tensor.From([0, value], new Shape(1, 2)));
        Assert.Contains("rnn.weight_hh_l0: found", Assert.Throws<CheckpointException>(
            () => SafetensorsWriter.Write(FilePath, [wrong], type)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadInto_MissingTensor_IsNamed() => AssertReadFails(
        [Ramp("a", 2)], [Ramp("a", 2), Ramp("b", 3, 4)], "b: found nothing, expected a tensor [3,4].");

    [Fact]
    public void ReadInto_ExtraTensor_IsNamed() => AssertReadFails(
        [Ramp("a", 2), Ramp("b", 3, 4)], [Ramp("a", 2)], "b: found float32 [3,4], expected no tensor of this name.");

    [Fact]
    public void ReadInto_OtherShape_IsNamed() => AssertReadFails(
        [Ramp("a", 2, 3)], [Ramp("a", 3, 2)], "a: found float32 [2,3], expected [3,2].");

    void AssertReadFails(Parameter[] written, Parameter[] asked, string message)
    {
        SafetensorsWriter.Write(FilePath, written);
        using var reader = SafetensorsReader.Open(FilePath);
        Assert.Equal($"{FilePath}: {message}", Assert.Throws<CheckpointException>(() => reader.ReadInto(asked)).Message);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", "line 1: found text that is not JSON")]
    [InlineData("""[]""", "the document: found an array, expected an object")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "a: found two tensors of this name")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", "a.dtype: found 'F64', expected F32, F16, BF16 or I8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "a.shape[0]: found -2, expected a whole number of at least 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}""", "a.shape[0]: found 1.5, expected a whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807,4],"data_offsets":[0,8]}}""", "a.shape: found an array, expected sizes whose product")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}""", "a.shape: found an array, expected sizes whose product")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "a.data_offsets: found an array, expected 12 bytes for F32 [3]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "a.data_offsets: found an array, expected begin and end within the 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "a.data_offsets: found an array, expected begin and end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}""", "a.data_offsets: found an array, expected at most 2 numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "a: found its first byte at 4, expected 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "data: found 8 bytes, expected 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "b: found its first byte at 4, expected 8")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", "a.dtype: found nothing, expected a value")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", "data: found 8 bytes, expected 0")]
    public void Open_BrokenHeader_SaysWhereAndWhatWasExpected(string header, string message)
    {
        WriteRaw(header, new byte[8]);
        var wrong = Assert.Throws<CheckpointException>(() => SafetensorsReader.Open(FilePath));
        Assert.StartsWith($"{FilePath}: {message}", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(57L)]
    [InlineData(100_000_001L)]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    public void Open_HeaderLengthBeyondTheFile_IsRefused(long length)
    {
        byte[] bytes = [.. BitConverter.GetBytes(length), .. new byte[56]];
        File.WriteAllBytes(FilePath, bytes);
        Assert.Throws<CheckpointException>(() => SafetensorsReader.Open(FilePath));
    }

    [Theory, InlineData(0), InlineData(7), InlineData(8)]
    public void Open_FileShorterThanAnyHeader_IsRefused(int length)
    {
        File.WriteAllBytes(FilePath, new byte[length]);
        Assert.Throws<CheckpointException>(() => SafetensorsReader.Open(FilePath));
    }

    [Fact]
    public void Open_MissingFile_SaysSo() => Assert.Equal(
        $"{FilePath}: file: found nothing, expected a safetensors file.", Assert.Throws<CheckpointException>(() => SafetensorsReader.Open(FilePath)).Message);

    [Theory, InlineData(float.NaN, 0), InlineData(float.NegativeInfinity, 36)]
    public void Read_NotFiniteValue_NamesTensorAndElement(float value, int element)
    {
        byte[] data = new byte[37 * 4];
        BitConverter.GetBytes(value).CopyTo(data, element * 4);
        WriteRaw("""{"a":{"dtype":"F32","shape":[37],"data_offsets":[0,148]}}""", data);
        using var reader = SafetensorsReader.Open(FilePath);
        var wrong = Assert.Throws<CheckpointException>(() => reader.Read("a", new Tensor(37)));
        Assert.EndsWith($"a: found {value} at element {element}, expected finite numbers.", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"I8","shape":[2,2],"data_offsets":[0,4]}}""", 4, "a.scale: found nothing, expected float32 [2]")]
    [InlineData("""{"a":{"dtype":"I8","shape":[2,2],"data_offsets":[0,4]},"a.scale":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "a.scale: found float32 [1], expected float32 [2]")]
    public void Read_Int8WithoutItsScales_NamesThem(string header, int bytes, string message)
    {
        WriteRaw(header, new byte[bytes]);
        using var reader = SafetensorsReader.Open(FilePath);
        Assert.Contains(message, Assert.Throws<CheckpointException>(() => reader.Read("a", new Tensor(2, 2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ThousandsOfMutatedFiles_SucceedsOrSaysWhy()
    {
        SafetensorsWriter.Write(FilePath, Weights(), StorageType.Int8, new Dictionary<string, string> { ["format"] = "pt" });
        byte[] valid = File.ReadAllBytes(FilePath);
        int headerEnd = 8 + (int)BitConverter.ToUInt64(valid);
        var random = new Random(20);
        int refused = 0;
        for (int round = 0; round < 2500; round++)
        {
            File.WriteAllBytes(FilePath, Mutate(valid, headerEnd, random));
            try
            {
                using var reader = SafetensorsReader.Open(FilePath);
                reader.ReadInto(Zeros(Weights()));
            }
            catch (CheckpointException wrong)
            {
                refused++;
                Assert.DoesNotContain('\n', wrong.Message);
            }
        }
        Assert.InRange(refused, 1250, 2499);
    }

    static byte[] Mutate(byte[] valid, int headerEnd, Random random)
    {
        byte[] bytes = [.. valid];
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            // Most changes hit the header, and half of those put another digit or bracket there, which keeps more of them valid JSON.
            int position = random.Next(random.Next(10) == 0 ? bytes.Length : Math.Min(headerEnd, bytes.Length));
            switch (random.Next(8))
            {
                case 0 when bytes.Length > 20: bytes = bytes[..random.Next(bytes.Length - 10, bytes.Length)]; break;
                case 1: bytes = [.. bytes[..position], .. bytes[position..Math.Min(position + 3, bytes.Length)], .. bytes[position..]]; break;
                case 2: bytes[random.Next(8)] ^= (byte)(1 << random.Next(8)); break;
                case <= 5: bytes[position] = (byte)"0123456789[]{},\"-:ea"[random.Next(20)]; break;
                default: bytes[position] = (byte)random.Next(256); break;
            }
        }
        return bytes;
    }

    void WriteRaw(string header, byte[] data) =>
        File.WriteAllBytes(FilePath, [.. BitConverter.GetBytes((ulong)header.Length), .. Encoding.UTF8.GetBytes(header), .. data]);
}
