"""What mail providers report, in the form of their own documentation; nobody in it is real."""

import base64
import hashlib
import hmac
import json
from typing import Any

from django.test import Client

KEY = "key-0123456789abcdef0123456789abcdef"
LOGIN = "reports:a-long-and-secret-password"
AT = 1767901300  # Thursday 8 January 2026, 19:41:40 UTC


class Sender:
    """Reports as one provider does. `secret` may be a wrong one, or None."""

    def __init__(self, provider: str, secret: str | None) -> None:
        self.path = f"/hooks/mail/{provider}/"
        self.secret = secret
        self.client = Client(enforce_csrf_checks=True)

    def post(self, report: Any, **headers: str) -> Any:
        body = report if isinstance(report, bytes | str) else json.dumps(report)
        if self.secret is not None:
            login = base64.b64encode(self.secret.encode()).decode()
            headers["authorization"] = f"Basic {login}"
        return self.client.post(self.path, body, content_type="application/json", headers=headers)


class Mailgun(Sender):
    def __init__(self, secret: str = KEY) -> None:
        super().__init__("mailgun", None)
        self.key = secret

    def post(self, report: Any, **headers: str) -> Any:
        return super().post({"signature": signed(self.key), **report}, **headers)


class Amazon(Sender):
    def __init__(self, secret: str | None = LOGIN) -> None:
        super().__init__("ses", secret)

    def post(self, report: Any, **headers: str) -> Any:
        kind, number = report["Type"], report["MessageId"]
        named = {"x-amz-sns-message-type": kind, "x-amz-sns-message-id": number}
        return super().post(report, **{**named, **headers})


def signed(key: str) -> dict[str, str]:
    """As Mailgun signs: the moment and a random word, and nothing of the report itself."""
    at, token = str(AT), "8d0cd1ea6f2a4d3ba0a7f0d0c7d1a2f6a1b2c3d4e5f60718ff"
    code = hmac.new(key.encode(), f"{at}{token}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": at, "token": token, "signature": code}


def mailgun(message_id: str, to: str, **changes: Any) -> dict[str, Any]:
    """A mailbox that does not exist."""
    event = {
        "event": "failed",
        "severity": "permanent",
        "reason": "bounce",
        "id": "G9Bn5sl1TC6nu79C8C0bwg",
        "timestamp": AT + 0.84,
        "log-level": "error",
        "recipient": to,
        "recipient-domain": to.rpartition("@")[2],
        "envelope": {"transport": "smtp", "sender": "sessions@testserver", "targets": to},
        "message": {
            "headers": {
                "to": to,
                "message-id": message_id.strip("<>"),
                "from": "Four Weeks <sessions@testserver>",
                "subject": "Your Thursday session",
            },
            "attachments": [],
            "size": 9480,
        },
        "delivery-status": {
            "attempt-no": 1,
            "code": 550,
            "enhanced-code": "5.1.1",
            "message": f"5.1.1 <{to}>: Recipient address rejected: User unknown",
            "description": "",
            "session-seconds": 0.43,
            "mx-host": "mx.example.org",
        },
        "flags": {"is-routed": False, "is-authenticated": True, "is-test-mode": False},
        "tags": [],
        "user-variables": {},
        "campaigns": [],
    }
    return {"event-data": {**event, **changes}}


def postmark(message_id: str, to: str, **changes: Any) -> dict[str, Any]:
    report = {
        "RecordType": "Bounce",
        "MessageStream": "outbound",
        "ID": 4323372036854775807,
        "Type": "HardBounce",
        "TypeCode": 1,
        "Name": "Hard bounce",
        "Tag": "",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Metadata": {"prompt": message_id} if message_id else {},
        "ServerID": 23,
        "Description": "The server was unable to deliver your message (ex: unknown user).",
        "Details": f"smtp;550 5.1.1 The email account {to} does not exist.",
        "Email": to,
        "From": "sessions@testserver",
        "BouncedAt": "2026-01-08T19:41:40Z",
        "DumpAvailable": True,
        "Inactive": True,
        "CanActivate": True,
        "Subject": "Your Thursday session",
    }
    return {**report, **changes}


def brevo(message_id: str, to: str, **changes: Any) -> dict[str, Any]:
    report = {
        "event": "hard_bounce",
        "email": to,
        "id": 26224,
        "date": "2026-01-08 20:41:40",
        "ts": AT,
        "message-id": "<202601081941.33152418216@smtp-relay.mailin.fr>",
        "ts_event": AT,
        "ts_epoch": AT * 1000,
        "subject": "Your Thursday session",
        "X-Mailin-custom": json.dumps({"prompt": message_id}),
        "sending_ip": "185.41.28.109",
        "reason": f"550 5.5.0 <{to}> mailbox unavailable",
        "tag": "",
    }
    return {**report, **changes}


def amazon(message_id: str, to: str, **bounce: Any) -> dict[str, Any]:
    """With the headers of the mail, if there is a `message_id`."""
    mail: dict[str, Any] = {
        "timestamp": "2026-01-08T19:01:00.000Z",
        "source": "sessions@testserver",
        "messageId": "00000138111222aa-33322211-cccc-cccc-cccc-ddddaaaa0680-000000",
        "destination": [to],
    }
    if message_id:
        headers = {"From": "sessions@testserver", "To": to, "Message-ID": message_id}
        mail |= {
            "headersTruncated": False,
            "headers": [{"name": name, "value": value} for name, value in headers.items()],
            "commonHeaders": {"messageId": message_id, "to": [to]},
        }
    told = {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [
            {
                "emailAddress": to,
                "status": "5.1.1",
                "action": "failed",
                "diagnosticCode": f"smtp; 550 5.1.1 <{to}>... User unknown",
            }
        ],
        "timestamp": "2026-01-08T19:41:38.237Z",
        "feedbackId": "00000138111222aa-33322211-cccc-cccc-cccc-ddddaaaa068a-000000",
        "reportingMTA": "dns; mx.example.org",
        **bounce,
    }
    return sns({"notificationType": "Bounce", "bounce": told, "mail": mail})


def amazon_complaint(message_id: str, to: str) -> dict[str, Any]:
    report = json.loads(amazon(message_id, to)["Message"])
    told = {
        "complainedRecipients": [{"emailAddress": to}],
        "complaintFeedbackType": "abuse",
        "userAgent": "Amazon SES Mailbox Simulator",
        "timestamp": "2026-01-08T19:41:38.237Z",
    }
    return sns({"notificationType": "Complaint", "complaint": told, "mail": report["mail"]})


def sns(message: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": "arn:aws:sns:eu-west-1:123456789012:mail",
        "Message": json.dumps(message),
        "Timestamp": "2026-01-08T19:41:40.000Z",
        "SignatureVersion": "1",
        **changes,
    }
