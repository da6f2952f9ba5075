namespace RnnService.Models.Text;

/// <summary>
/// A visible character for each byte, in which byte-level vocabularies are written: printable Latin-1 bytes stand for themselves, the
/// others follow from U+0100 on, in their order (Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", as in the
/// <c>ByteLevel</c> pre-tokenizer of Hugging Face tokenizers). A blank is <c>Ġ</c>.
/// </summary>
static class ByteAlphabet
{
    const char FirstSubstitute = '\u0100';
    static readonly char[] _characters = MakeCharacters();
    static readonly short[] _bytes = MakeBytes();   // [character]: its byte, or -1

    /// <summary>The character of a byte.</summary>
    public static char CharacterOf(byte value) => _characters[value];

    /// <summary>The bytes that a token stands for, or null where it has a character that stands for none.</summary>
    public static byte[]? BytesOf(string token)
    {
        byte[] bytes = new byte[token.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            char character = token[i];
            if (character >= _bytes.Length || _bytes[character] < 0)
                return null;
            bytes[i] = (byte)_bytes[character];
        }
        return bytes;
    }

    static char[] MakeCharacters()
    {
        char[] characters = new char[256];
        char substitute = FirstSubstitute;
        for (int value = 0; value < characters.Length; value++)
            characters[value] = value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE ? (char)value : substitute++;
        return characters;
    }

    static short[] MakeBytes()
    {
        short[] bytes = new short[_characters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (int value = 0; value < _characters.Length; value++)
            bytes[_characters[value]] = (short)value;
        return bytes;
    }
}
