using System.Net;
using WebSmsGateway.Webhooks.Sending;

namespace WebSmsGateway.Tests.Webhooks.Sending;

/// <summary>Every way to write an address that a webhook must not reach, with the rule that the message names.</summary>
public sealed class TargetSpellingTests
{
    private const string Loopback = "a loopback address (127.0.0.0/8); only a network inside 127.0.0.0/8 in Webhooks:AllowNetworks opens it";
    private const string Metadata = "an address of a cloud's metadata service";
    private const string Private = "a private address";

    [Theory]
    // One address, in every spelling that some resolver understands.
    [InlineData("https://127.0.0.1/", Loopback)]
    [InlineData("https://127.255.255.254/", Loopback)]
    [InlineData("https://127.1/", Loopback)]
    [InlineData("https://127.0.1/", Loopback)]
    [InlineData("https://2130706433/", Loopback)]
    [InlineData("https://2130706433./", Loopback)]
    [InlineData("https://0x7f000001/", Loopback)]
    [InlineData("https://0X7F000001/", Loopback)]
    [InlineData("https://0x7f.1/", Loopback)]
    [InlineData("https://0x7f.1./", Loopback)]
    [InlineData("https://0x7f.0x0.0x0.0x1/", Loopback)]
    [InlineData("https://127.0x0.0.1/", Loopback)]
    [InlineData("https://0177.0.0.1/", Loopback)]
    [InlineData("https://00000177.0.0.1/", Loopback)]
    [InlineData("https://017700000001/", Loopback)]
    [InlineData("https://127.0.0.1./", Loopback)]
    [InlineData("https://127.0.0.1.:8443/", Loopback)]
    [InlineData("https://[::ffff:127.0.0.1]/", Loopback)]
    [InlineData("https://[::ffff:7f00:1]/", Loopback)]
    [InlineData("https://[0:0:0:0:0:ffff:7f00:0001]/", Loopback)]
    [InlineData("https://[::1]/", "a loopback address (::1/128)")]
    [InlineData("https://[0000:0000:0000:0000:0000:0000:0000:0001]/", "a loopback address (::1/128)")]
    [InlineData("https://[::127.0.0.1]/", "an IPv4 address in a form of IPv6 that nothing answers (::/96)")]
    [InlineData("https://[::ffff:0:127.0.0.1]/", "an IPv4 address in a form of IPv6 that nothing answers (::ffff:0:0:0/96)")]
    [InlineData("https://[64:ff9b::127.0.0.1]/", "stands for 127.0.0.1, a loopback address (127.0.0.0/8)")]
    [InlineData("https://[64:ff9b::a9fe:a9fe]/", "stands for 169.254.169.254, an address of a cloud's metadata service (169.254.169.0/24)")]
    [InlineData("https://[64:ff9b::10.0.0.1]/", "stands for 10.0.0.1, a private address (10.0.0.0/8)")]
    [InlineData("https://[64:ff9b:1::127.0.0.1]/", "stands for 127.0.0.1")]
    [InlineData("https://[64:ff9b:1:7f00:0:100::]/", "stands for 127.0.0.1")]
    [InlineData("https://[64:ff9b:1:2:a9:fea9:fe00:0]/", "stands for 169.254.169.254")]
    [InlineData("https://[64:ff9b:1::8.8.8.8]/", "an address of a local NAT64 (64:ff9b:1::/48)")]
    [InlineData("https://[2002:7f00:1::]/", "stands for 127.0.0.1, a loopback address")]
    [InlineData("https://[2002:a9fe:a9fe::1]/", "stands for 169.254.169.254")]
    [InlineData("https://[2002:808:808::1]/", "a 6to4 address, a tunnel to IPv4 (2002::/16)")]
    [InlineData("https://[2001:0:7f00:1::]/", "stands for 127.0.0.1")]
    [InlineData("https://[2001:0:808:808:0:0:80ff:fffe]/", "stands for 127.0.0.1")]
    [InlineData("https://[2001:0:808:808:0:0:f7f7:f7f7]/", "a Teredo address, a tunnel to IPv4 (2001::/32)")]
    [InlineData("https://[2606:4700::5efe:127.0.0.1]/", "stands for 127.0.0.1")]
    [InlineData("https://[2606:4700::200:5efe:169.254.169.254]/", "stands for 169.254.169.254")]
    // Zones, letters of other scripts, and hosts that only look like an address.
    [InlineData("https://[::1%25lo]/", "zone id")]
    [InlineData("https://[fe80::1%25eth0]/", "zone id")]
    [InlineData("https://[fe80::1%1]/", "zone id")]
    [InlineData("https://[2606:4700::1%25eth0]/", "zone id")]
    [InlineData("https://１２７.0.0.1/", "outside of ASCII")]
    [InlineData("https://127。0。0。1/", "outside of ASCII")]
    [InlineData("https://①②⑦.0.0.1/", "outside of ASCII")]
    [InlineData("https://١٢٧.0.0.1/", "outside of ASCII")]
    [InlineData("https://lo\u00ADcalhost/", "outside of ASCII")]
    [InlineData("https://ｌocalhost/", "outside of ASCII")]
    [InlineData("https://xn--8g7ccp.0.0.1/", "ends in a number and is no address")]
    [InlineData("https://1.2.3.4.5/", "ends in a number and is no address")]
    [InlineData("https://256.0.0.1/", "ends in a number and is no address")]
    [InlineData("https://08.0.0.1/", "ends in a number and is no address")]
    [InlineData("https://4294967296/", "ends in a number and is no address")]
    [InlineData("https://0x100000001/", "ends in a number and is no address")]
    [InlineData("https://hooks.0x/", "ends in a number and is no address")]
    // What clouds give credentials away on.
    [InlineData("https://169.254.169.254/latest/meta-data/", Metadata)]
    [InlineData("https://2852039166/", Metadata)]
    [InlineData("https://0xA9FEA9FE/", Metadata)]
    [InlineData("https://0251.0376.0251.0376/", Metadata)]
    [InlineData("https://[::ffff:169.254.169.254]/", Metadata)]
    [InlineData("https://169.254.170.2/", Metadata)]
    [InlineData("https://169.254.170.23/", Metadata)]
    [InlineData("https://[fd00:ec2::254]/", Metadata)]
    [InlineData("https://[fd00:ec2::23]/", Metadata)]
    [InlineData("https://[fd20:ce::254]/", Metadata)]
    [InlineData("https://[fe80::a9fe:a9fe]/", Metadata)]
    [InlineData("https://100.100.100.200/", Metadata)]
    [InlineData("https://168.63.129.16/", Metadata)]
    [InlineData("https://192.0.0.192/", Metadata)]
    // Networks that are not public.
    [InlineData("https://0/", "an unspecified address (0.0.0.0/8)")]
    [InlineData("https://0.0.0.0/", "an unspecified address (0.0.0.0/8)")]
    [InlineData("https://[::]/", "an unspecified address (::/128)")]
    [InlineData("https://10.0.0.1/", Private)]
    [InlineData("https://172.16.0.1/", Private)]
    [InlineData("https://172.31.255.255/", Private)]
    [InlineData("https://192.168.0.1/", Private)]
    [InlineData("https://192.168.257/", Private)]
    [InlineData("https://[fc00::1]/", Private)]
    [InlineData("https://[fdff:ffff::1]/", Private)]
    [InlineData("https://[fec0::1]/", Private)]
    [InlineData("https://100.64.0.1/", "behind a provider's NAT (100.64.0.0/10)")]
    [InlineData("https://100.127.255.255/", "behind a provider's NAT (100.64.0.0/10)")]
    [InlineData("https://169.254.1.1/", "a link-local address (169.254.0.0/16)")]
    [InlineData("https://[fe80::1]/", "a link-local address (fe80::/10)")]
    [InlineData("https://192.0.0.8/", "an address of IETF protocols (192.0.0.0/24)")]
    [InlineData("https://192.0.2.1/", "for documentation (192.0.2.0/24)")]
    [InlineData("https://198.51.100.1/", "for documentation (198.51.100.0/24)")]
    [InlineData("https://203.0.113.1/", "for documentation (203.0.113.0/24)")]
    [InlineData("https://[2001:db8::1]/", "for documentation (2001:db8::/32)")]
    [InlineData("https://[3fff::1]/", "for documentation (3fff::/20)")]
    [InlineData("https://198.18.0.1/", "for benchmarks (198.18.0.0/15)")]
    [InlineData("https://198.19.255.255/", "for benchmarks (198.18.0.0/15)")]
    [InlineData("https://[2001:2::1]/", "for benchmarks (2001:2::/48)")]
    [InlineData("https://[2001:20::1]/", "an address of IETF protocols (2001::/23)")]
    [InlineData("https://192.88.99.1/", "a 6to4 address, a tunnel to IPv4 (192.88.99.0/24)")]
    [InlineData("https://224.0.0.1/", "a multicast address (224.0.0.0/4)")]
    [InlineData("https://239.255.255.250/", "a multicast address (224.0.0.0/4)")]
    [InlineData("https://[ff02::1]/", "a multicast address (ff00::/8)")]
    [InlineData("https://240.0.0.1/", "a reserved address (240.0.0.0/4)")]
    [InlineData("https://255.255.255.255/", "the broadcast address (255.255.255.255/32)")]
    [InlineData("https://[100::1]/", "discards all it gets (100::/64)")]
    [InlineData("https://[5f00::1]/", "outside of the public part of IPv6")]
    [InlineData("https://[4000::1]/", "outside of the public part of IPv6")]
    // URLs that are refused for another reason.
    [InlineData("http://hooks.example.org/", "http is accepted only for networks of Webhooks:AllowNetworks")]
    [InlineData("http://93.184.216.34/", "is in no network of Webhooks:AllowNetworks, and only there http is accepted")]
    [InlineData("ftp://hooks.example.org/", "not absolute, with https")]
    [InlineData("file:///etc/passwd", "not absolute, with https")]
    [InlineData("gopher://127.0.0.1:6379/_x", "not absolute, with https")]
    [InlineData("https://user:pa55@hooks.example.org/", "a name or password before its host")]
    [InlineData("https://hooks.example.org@127.0.0.1/", "a name or password before its host")]
    [InlineData("https://@hooks.example.org/", "a name or password before its host")]
    [InlineData("https://hooks.example.org/#part", "a fragment")]
    [InlineData("https://hooks.example.org:0/", "no usable port")]
    public void Refuses_ForbiddenTarget_NamesTheRule(string url, string rule)
    {
        var refused = Networks().Refuses(new Uri(url));

        Assert.NotNull(refused);
        Assert.Contains(rule, refused, StringComparison.Ordinal);
        Assert.DoesNotContain("pa55", refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://hooks.example.org/sms?x=1")]
    [InlineData("https://hooks.example.org./sms")]
    [InlineData("https://hooks.example.org:8443/sms")]
    [InlineData("https://xn--bcher-kva.example/")]
    [InlineData("https://1a.example/")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://0x08080808/")]
    [InlineData("https://93.184.216.34./")]
    [InlineData("https://[2606:4700:4700::1111]/")]
    [InlineData("https://[::ffff:8.8.8.8]/")]
    [InlineData("https://[64:ff9b::8.8.8.8]/")]
    [InlineData("https://172.32.0.1/")]
    [InlineData("https://100.128.0.1/")]
    [InlineData("https://169.253.0.1/")]
    [InlineData("https://[2001:200::1]/")]
    [InlineData("https://[3ffe::1]/")]
    public void Refuses_PublicTarget_IsNull(string url) => Assert.Null(Networks().Refuses(new Uri(url)));

    [Fact]
    public void Refuses_EveryAddressAtTheEdgesOfSpecialNetworks_AgreesWithBothForms()
    {
        // An address is judged the same, whether it comes from the text of a URL, from a resolver, or mapped into IPv6.
        foreach (var text in (string[])["9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0", "126.255.255.255", "127.0.0.0", "128.0.0.0", "223.255.255.255"])
        {
            var address = IPAddress.Parse(text);
            var isRefused = Networks().Refuses(address) is not null;

            Assert.Equal(text.StartsWith("10.", StringComparison.Ordinal) || text.StartsWith("127.", StringComparison.Ordinal), isRefused);
            Assert.Equal(isRefused, Networks().Refuses(address.MapToIPv6()) is not null);
            Assert.Equal(isRefused, Networks().Refuses(new Uri($"https://{text}/")) is not null);
        }
    }

    private static TargetNetworks Networks()
    {
        Assert.True(TargetNetworks.TryParse([], out var networks, out _));
        return networks!;
    }
}
