using System.Net;
using WebSmsGateway.Webhooks.Sending;

namespace WebSmsGateway.Tests.Webhooks.Sending;

public sealed class TargetNetworksTests
{
    [Theory]
    [InlineData("10.20.0.0/16", "10.20.3.4", true)]
    [InlineData("10.20.0.0/16", "10.21.0.1", false)]
    [InlineData("10.20.0.0/16", "::ffff:10.20.3.4", true)]
    [InlineData("10.20.0.0/16", "64:ff9b::10.20.3.4", false)]
    [InlineData("64:ff9b::/96", "64:ff9b::10.20.3.4", true)]
    [InlineData("64:ff9b::/96", "64:ff9b::169.254.169.254", false)]
    [InlineData("64:ff9b::/96", "64:ff9b::127.0.0.1", false)]
    [InlineData("64:ff9b:1::/48", "64:ff9b:1::169.254.169.254", false)]
    [InlineData("64:ff9b:1::/48", "64:ff9b:1::10.20.3.4", true)]
    [InlineData("64:ff9b:1::/48", "64:ff9b:1:a14:3:400::", true)]
    [InlineData("64:ff9b:1::/48", "64:ff9b:1::", false)]
    [InlineData("2002::/16", "2002:a00:1::1", true)]
    [InlineData("2002::/16", "2002:7f00:1::1", false)]
    [InlineData("192.168.7.7/32", "192.168.7.7", true)]
    [InlineData("fd12:3456::/48", "fd12:3456::9", true)]
    [InlineData("fd12:3456::/48", "fd12:3457::9", false)]
    [InlineData("100.64.0.0/10", "100.70.0.1", true)]
    [InlineData("198.51.100.0/24", "198.51.100.9", true)]
    // Loopback and link-local open only from inside.
    [InlineData("0.0.0.0/0", "10.0.0.1", true)]
    [InlineData("0.0.0.0/0", "127.0.0.1", false)]
    [InlineData("0.0.0.0/0", "169.254.1.1", false)]
    [InlineData("126.0.0.0/7", "127.0.0.1", false)]
    [InlineData("127.0.0.0/8", "127.0.0.1", true)]
    [InlineData("127.0.0.2/32", "127.0.0.2", true)]
    [InlineData("127.0.0.2/32", "127.0.0.1", false)]
    [InlineData("127.0.0.2/32", "::1", false)]
    [InlineData("::1/128", "::1", true)]
    [InlineData("::/0", "::1", false)]
    [InlineData("::/0", "fd12::1", true)]
    [InlineData("::/0", "fe80::1", false)]
    [InlineData("::/0", "10.0.0.1", false)]
    [InlineData("169.254.7.0/24", "169.254.7.1", true)]
    [InlineData("fe80::/64", "fe80::1", true)]
    // Nothing opens these.
    [InlineData("169.254.0.0/16", "169.254.169.254", false)]
    [InlineData("169.254.0.0/16", "169.254.170.2", false)]
    [InlineData("fd00::/8", "fd00:ec2::254", false)]
    [InlineData("fe80::/10", "fe80::a9fe:a9fe", false)]
    [InlineData("100.64.0.0/10", "100.100.100.200", false)]
    [InlineData("168.63.0.0/16", "168.63.129.16", false)]
    [InlineData("0.0.0.0/0", "0.0.0.0", false)]
    [InlineData("0.0.0.0/0", "255.255.255.255", false)]
    [InlineData("0.0.0.0/0", "224.0.0.1", false)]
    [InlineData("::/0", "ff02::1", false)]
    [InlineData("::/0", "::", false)]
    public void Refuses_WithAListedNetwork_OpensItAlone(string listed, string address, bool isOpen) =>
        Assert.Equal(isOpen, Networks(listed).Refuses(IPAddress.Parse(address)) is null);

    [Fact]
    public void Refuses_AddressWithZone_IsJudgedWithoutIt()
    {
        Assert.NotNull(Networks().Refuses(IPAddress.Parse("fe80::1%1")));
        Assert.NotNull(Networks().Refuses(IPAddress.Parse("::1%1")));
        Assert.Null(Networks("fe80::/64").Refuses(IPAddress.Parse("fe80::1%1")));
    }

    [Fact]
    public void Refuses_PlainHttp_IsTakenByListedNetworksAlone()
    {
        var networks = Networks("10.20.0.0/16");

        Assert.Null(networks.Refuses(new Uri("http://10.20.0.1/")));
        Assert.Contains("only there http", networks.Refuses(new Uri("http://8.8.8.8/")), StringComparison.Ordinal);
        Assert.Contains("a private address", networks.Refuses(new Uri("http://10.21.0.1/")), StringComparison.Ordinal);
        Assert.Null(networks.Refuses(new Uri("https://8.8.8.8/")));

        // A name is decided by its addresses.
        Assert.Null(networks.Refuses(new Uri("http://hooks.internal/")));
    }

    [Theory]
    [InlineData("10.20.0.0", "is no network; write for example 10.20.0.0/16")]
    [InlineData("10/8", "is no network")]
    [InlineData("0x0a000000/8", "is no network")]
    [InlineData("10.0.0.0/33", "is no network")]
    [InlineData("10.0.0.0/-1", "is no network")]
    [InlineData(" 10.0.0.0/8", "is no network")]
    [InlineData("", "is no network")]
    [InlineData("*", "is no network")]
    [InlineData("internal.example/8", "is no network")]
    [InlineData("fe80::%1/64", "is no network")]
    [InlineData("10.0.0.5/8", "write 10.0.0.0/8 if that is meant")]
    [InlineData("fd12::1/48", "write fd12::/48 if that is meant")]
    [InlineData("010.0.0.0/8", "zeros in front")]
    [InlineData("10.0.0.0/08", "write 10.0.0.0/8 if that is meant")]
    [InlineData("::ffff:10.0.0.0/104", "without ::ffff:")]
    [InlineData("169.254.169.254/32", "a cloud's metadata service, to which nothing is ever sent")]
    [InlineData("fd00:ec2::/48", "a cloud's metadata service")]
    [InlineData("0.0.0.0/32", "an unspecified address")]
    [InlineData("224.0.0.0/8", "a multicast address")]
    public void TryParse_Fault_SaysWhatIsAccepted(string text, string fault)
    {
        Assert.False(TargetNetworks.TryParse(["10.0.0.0/8", text], out var networks, out var found));
        Assert.Null(networks);
        Assert.Contains(fault, found, StringComparison.Ordinal);
    }

    private static TargetNetworks Networks(params string[] listed)
    {
        Assert.True(TargetNetworks.TryParse(listed, out var networks, out var fault), fault);
        return networks!;
    }
}
