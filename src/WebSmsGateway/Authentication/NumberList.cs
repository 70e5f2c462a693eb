using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Globalization;

namespace WebSmsGateway.Authentication;

/// <summary>
/// Numbers in the configuration: a list (<c>Numbers:0</c>, <c>Numbers:1</c>), or one line with commas or spaces, which suits an
/// environment variable. <c>*</c> stands for all numbers. If both are given, the line counts.
/// </summary>
[TypeConverter(typeof(LineConverter))]
internal sealed class NumberList : Collection<string>
{
    private static readonly char[] Separators = [',', ' ', ';'];

    public static NumberList Parse(string line)
    {
        var list = new NumberList();
        foreach (var entry in line.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            list.Add(entry);
        }

        return list;
    }

    private sealed class LineConverter : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => Parse((string)value);
    }
}
