using WebSmsGateway.Archive.Records;

namespace WebSmsGateway.Tests.Archive;

public sealed class RedisAddressTests
{
    [Theory]
    [InlineData("redis://cache", "cache:6379", null, null, null, false)]
    [InlineData("redis://cache:6380/0", "cache:6380", null, null, 0, false)]
    [InlineData("redis://cache:6380/", "cache:6380", null, null, null, false)]
    [InlineData("rediss://cache:6380/3", "cache:6380", null, null, 3, true)]
    [InlineData("rediss://:s3cret@cache", "cache:6379", null, "s3cret", null, true)]
    [InlineData("redis://me:p%2Cw%40%2F%25@cache:6379/0", "cache:6379", "me", "p,w@/%", 0, false)]
    [InlineData("redis://:a,b@cache", "cache:6379", null, "a,b", null, false)]
    [InlineData("redis://:a:b@10.0.0.5", "10.0.0.5:6379", null, "a:b", null, false)]
    [InlineData("redis://[::1]:6379", "[::1]:6379", null, null, null, false)]
    [InlineData("cache:6379,password=s3cret,ssl=true", "cache:6379", null, "s3cret", null, true)]
    [InlineData("one:1,two:2,password=a://b,defaultDatabase=2", "one:1 two:2", null, "a://b", 2, false)]
    public void Parse_AcceptedForm_IsRead(string text, string hosts, string? user, string? password, int? database, bool isSecure)
    {
        var options = RedisAddress.Parse(text, out var fault);

        Assert.Null(fault);
        Assert.Equal(hosts, string.Join(' ', options!.EndPoints.Select(point => point.ToString()!.Split('/')[^1])));
        Assert.Equal((user, password, database, isSecure), (options.User, options.Password, options.DefaultDatabase, options.Ssl));
    }

    [Theory]
    [InlineData("cache:6379,password=s3cret,ssl=perhaps", "connection string")]
    [InlineData("cache:6379,password=hunter,s3cret", "password with a comma as redis://:pass%2Cword@host:6379")]
    [InlineData("cache:6379, Password = hunter,s3cret,ssl=true", "password with a comma")]
    [InlineData("cache:6379,password=hunter,s3cret=x", "connection string")]
    [InlineData("password=hunter,s3cret", "password with a comma")]
    [InlineData("redis://s3cret@cache", "redis://user:password@host:6379/0")]
    [InlineData("redis://:s3c/ret@cache", "percent-encoded")]
    [InlineData("redis://:s3c#ret@cache", "percent-encoded")]
    [InlineData("redis://:s3c?ret@cache", "percent-encoded")]
    [InlineData("redis://cache/s3cret", "redis://user:password@host:6379/0")]
    [InlineData("redis://cache/-1", "redis://user:password@host:6379/0")]
    [InlineData("redis-sentinel://:s3cret@cache:26379/mymaster", "redis://user:password@host:6379/0")]
    [InlineData("https://cache:6379", "redis://user:password@host:6379/0")]
    public void Parse_AnotherForm_IsRefusedInOneLineThatShowsNothingOfIt(string text, string words)
    {
        Assert.Null(RedisAddress.Parse(text, out var fault));

        Assert.Contains(words, fault, StringComparison.Ordinal);
        Assert.All(["s3c", "hunter", "\n"], part => Assert.DoesNotContain(part, fault, StringComparison.Ordinal));
        Assert.InRange(fault!.Length, 30, 200);
    }
}
