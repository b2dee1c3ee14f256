"""SNS's messages to subscribers, read and verified as subscribers do."""

import base64
import json
import urllib.request

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

SIGNED = {
    "Notification": ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
    "SubscriptionConfirmation": ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
    "UnsubscribeConfirmation": ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
}

DIGESTS = {"1": hashes.SHA1, "2": hashes.SHA256}


def envelope(message):
    """The notification in a queue's message."""
    return json.loads(message["Body"])


def texts(messages):
    """The published messages in the envelopes of queue messages."""
    return [envelope(message)["Message"] for message in messages]


def verify(notification):
    """Checks the signature by the certificate that the notification names; raises if it is not SNS's."""
    certificate = x509.load_pem_x509_certificate(visit(notification["SigningCertURL"]))
    keys = [key for key in SIGNED[notification["Type"]] if key in notification]
    text = "".join(f"{key}\n{notification[key]}\n" for key in keys)
    digest = DIGESTS[notification["SignatureVersion"]]()
    signature = base64.b64decode(notification["Signature"], validate=True)
    certificate.public_key().verify(signature, text.encode(), padding.PKCS1v15(), digest)


def visit(url, method="GET"):
    """Opens a link as a browser does: unsigned."""
    request = urllib.request.Request(url, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


def visit_json(url):
    return json.loads(visit(url))


def deliveries(endpoint, topic, protocol=None):
    """The captured deliveries of a topic to mail servers, phones and the like."""
    query = f"topic={topic}" + (f"&protocol={protocol}" if protocol else "")
    return visit_json(f"{endpoint}/_topiq/sns/deliveries?{query}")["Deliveries"]


def confirmation_token(endpoint, subscription):
    """The token that a pending subscription was sent, which topiq shows without its mail."""
    return visit_json(f"{endpoint}/_aws/sns/subscription-tokens/{subscription}")["subscription_token"]
