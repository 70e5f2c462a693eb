using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace WebSmsGateway.Model;

/// <summary>
/// A caller's own regular expression for codes: one group, matched in time that grows with the text and no faster, whatever is written.
/// Equal texts are equal patterns.
/// </summary>
internal sealed class CodePattern : IEquatable<CodePattern>
{
    public const int MaxLength = 200;

    // With more states a hostile text would cost more than some microseconds for each of its characters.
    private const int MaxStates = 250;

    // A compiled pattern grows with what it is matched against, to some megabytes at worst, so few are kept and none for long.
    private const int MaxCompiled = 16;
    private const int MaxCharacters = 16 * 1024;
    private static readonly ConcurrentDictionary<string, Compiled> InUse = new(StringComparer.Ordinal);

    // The one setting that .NET has for it. Nothing else in the process matches without backtracking.
    static CodePattern() => AppContext.SetData("REGEX_NONBACKTRACKING_MAX_AUTOMATA_SIZE", MaxStates);

    private CodePattern(string text) => Text = text;

    public string Text { get; }

    /// <summary>Reads a pattern; null with what is wrong with it and what is accepted.</summary>
    public static CodePattern? Parse(string text, out string fault)
    {
        fault = $"write a regular expression of 1 to {MaxLength} characters with one group, for example PIN-(\\d{{4}})";
        if (text.Length is 0 or > MaxLength)
        {
            return null;
        }

        try
        {
            var groups = Compile(text).Regex.GetGroupNumbers().Length - 1;
            fault = $"has {groups} groups and needs one, around the code; (?:…) groups without counting";
            return groups == 1 ? new CodePattern(text) : null;
        }
        catch (RegexParseException exception)
        {
            fault = $"cannot be read at character {exception.Offset}: {InWords(exception.Error)}";
        }
        catch (NotSupportedException)
        {
            fault = "cannot be matched in linear time: it is too large, or has a lookaround, a backreference, a condition or an atomic group";
        }

        return null;
    }

    /// <summary>The text of the group in the first match; null if nothing matches or the group is empty.</summary>
    public string? GroupIn(string text)
    {
        var compiled = InUse.TryGetValue(Text, out var known) && known.Take(text.Length) ? known : Compile(Text);
        return compiled.Regex.Match(text).Groups[^1] is { Length: > 0 } group ? group.Value : null;
    }

    public bool Equals(CodePattern? other) => other is not null && other.Text == Text;

    public override bool Equals(object? obj) => Equals(obj as CodePattern);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    private static Compiled Compile(string text)
    {
        var compiled = new Compiled(new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        if (InUse.Count >= MaxCompiled)
        {
            InUse.Clear();
        }

        return InUse[text] = compiled;
    }

    /// <summary>InsufficientClosingParentheses becomes "insufficient closing parentheses".</summary>
    private static string InWords(RegexParseError error)
    {
        var words = new StringBuilder();
        foreach (var letter in error.ToString())
        {
            words.Append(char.IsAsciiLetterUpper(letter) && words.Length > 0 ? " " : "").Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }

    private sealed class Compiled(Regex regex)
    {
        private int left = MaxCharacters;

        public Regex Regex => regex;

        /// <summary>Takes characters from what it may be matched against; false if they are used up.</summary>
        public bool Take(int characters) => Interlocked.Add(ref left, -characters) > 0;
    }
}
