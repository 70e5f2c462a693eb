"""
Stands in for the package standardwebhooks of PyPI where that is not installed, so that the Python receiver of docs/webhooks.md is run as it is
printed. It has the calls that the receiver makes, and says nothing about the package itself. Signatures are verified by the libraries of .NET and
npm in the same tests.
"""
import base64
import hashlib
import hmac
import json
import time


class WebhookVerificationError(Exception):
    pass


class Webhook:
    def __init__(self, secret):
        self._key = base64.b64decode(secret.removeprefix("whsec_"))

    def verify(self, data, headers):
        headers = {name.lower(): value for name, value in headers.items()}
        sent_at, webhook_id = headers["webhook-timestamp"], headers["webhook-id"]
        if abs(time.time() - float(sent_at)) > 300:
            raise WebhookVerificationError("The message is too old or too new")
        signed = f"{webhook_id}.{sent_at}.".encode() + data
        expected = "v1," + base64.b64encode(hmac.new(self._key, signed, hashlib.sha256).digest()).decode()
        if not any(hmac.compare_digest(expected, sent) for sent in headers["webhook-signature"].split(" ")):
            raise WebhookVerificationError("No signature matches")
        return json.loads(data)
