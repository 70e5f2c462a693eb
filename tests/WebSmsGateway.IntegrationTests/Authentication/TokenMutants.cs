using System.Collections;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace WebSmsGateway.IntegrationTests.Authentication;

/// <summary>
/// Invalid variations of a valid token, without end and reproducible by seed. A change of the unused bits in the last character of the
/// signature is left out, because it leaves the signed text and the signature's bytes as they were.
/// </summary>
internal sealed class TokenMutants(string original, TestIssuer issuer, int seed) : IEnumerable<string>
{
    private static readonly string[] Algorithms =
        ["none", "None", "HS256", "HS384", "HS512", "RS384", "RS512", "PS256", "ES256", "rs256", "", "EdDSA"];

    private static readonly string[] KeyIds = ["", "second", "FIRST", "../../dev/null", "' OR 1=1 --", "http://127.0.0.1:9/keys"];
    private static readonly string[] Claims = ["iss", "aud", "exp", "nbf", "iat", "sub", "rented_numbers"];

    private readonly string[] parts = original.Split('.');
    private readonly Random random = new(seed);
    private readonly byte[] publicKey = Encoding.ASCII.GetBytes(issuer.Rsa.ExportSubjectPublicKeyInfoPem());

    public IEnumerator<string> GetEnumerator()
    {
        while (true)
        {
            var mutant = random.Next(9) switch
            {
                0 => WithHeader(header => header["alg"] = Pick(Algorithms), Keep),
                1 => WithHeader(header => header["alg"] = Pick(Algorithms), _ => ""),
                2 => WithHeader(header => header["alg"] = "HS256", SignWithPublicKey),
                3 => WithHeader(ChangeKeyId, Keep),
                4 => WithChangedClaim(),
                5 => WithFlippedBit(),
                6 => WithChangedText(),
                7 => SignedByTheIssuerForOthers(),
                _ => string.Join('.', parts.OrderBy(_ => random.Next()).Take(random.Next(1, 4))),
            };
            if (!IsOriginal(mutant))
            {
                yield return mutant;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private string Keep(string signed) => parts[2];

    private string SignWithPublicKey(string signed) =>
        Base64UrlEncoder.Encode(HMACSHA256.HashData(publicKey, Encoding.ASCII.GetBytes(signed)));

    private string WithHeader(Action<JsonObject> change, Func<string, string> signature)
    {
        var header = JsonNode.Parse(Base64UrlEncoder.Decode(parts[0]))!.AsObject();
        change(header);
        var signed = Base64UrlEncoder.Encode(header.ToJsonString()) + "." + parts[1];
        return signed + "." + signature(signed);
    }

    private void ChangeKeyId(JsonObject header)
    {
        if (random.Next(3) == 0)
        {
            header["jwk"] = new JsonObject { ["kty"] = "oct", ["k"] = "AAAA" };
        }

        header["kid"] = Pick(KeyIds);
    }

    private string WithChangedClaim()
    {
        var payload = JsonNode.Parse(Base64UrlEncoder.Decode(parts[1]))!.AsObject();
        payload[Pick(Claims)] = random.Next(3) switch
        {
            0 => null,
            1 => random.NextInt64(int.MaxValue),
            _ => "*",
        };
        return $"{parts[0]}.{Base64UrlEncoder.Encode(payload.ToJsonString())}.{parts[2]}";
    }

    private string SignedByTheIssuerForOthers()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var away = TimeSpan.FromMinutes(random.Next(1, 100_000));
        return issuer.Token("*", token =>
        {
            switch (random.Next(5))
            {
                case 0:
                    token.Issuer += random.Next(2) == 0 ? "/" : "x";
                    break;
                case 1:
                    token.Audience = random.Next(2) == 0 ? TestIssuer.Audience.ToUpperInvariant() : null;
                    break;
                case 2:
                    (token.NotBefore, token.Expires) = (now - away - away, now - away);
                    break;
                case 3:
                    (token.NotBefore, token.Expires) = (now + away, now + away + away);
                    break;
                default:
                    token.Expires = null;
                    break;
            }
        });
    }

    private string WithFlippedBit()
    {
        var changed = (string[])parts.Clone();
        var part = random.Next(3);
        var bytes = Base64UrlEncoder.DecodeBytes(changed[part]);
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        changed[part] = Base64UrlEncoder.Encode(bytes);
        return string.Join('.', changed);
    }

    private string WithChangedText()
    {
        var text = new StringBuilder(original);
        var at = random.Next(text.Length);
        switch (random.Next(4))
        {
            case 0:
                text[at] = (char)random.Next('!', '~');
                break;
            case 1:
                text.Insert(at, (char)random.Next('!', '~'));
                break;
            case 2:
                text.Remove(at, 1);
                break;
            default:
                text.Length = Math.Max(at, 1);
                break;
        }

        return text.ToString();
    }

    private bool IsOriginal(string mutant)
    {
        var other = mutant.Split('.');
        return mutant == original
            || (other.Length == 3 && other[0] == parts[0] && other[1] == parts[1] && SameBytes(other[2], parts[2]));
    }

    private static bool SameBytes(string left, string right)
    {
        try
        {
            return Base64UrlEncoder.DecodeBytes(left).AsSpan().SequenceEqual(Base64UrlEncoder.DecodeBytes(right));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private string Pick(string[] values) => values[random.Next(values.Length)];
}
