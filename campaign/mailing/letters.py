"""What all letters share: subject, headers, unsubscribe link."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from campaign.models import Mail


def addressed(mail: Mail, to: str, text: str, language: str, *, stop: str) -> EmailMessage:
    """Make a message of a text whose first line is its subject.

    Args: stop: the address at which a POST ends such letters (RFC 8058).
    """
    subject, body = text.split("\n", 1)
    return EmailMessage(
        subject=subject.strip(),
        body=body.lstrip("\n"),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        headers={
            # The same for every attempt, so that a mailbox recognises a second copy.
            "Message-ID": f"<mail.{mail.pk}.{mail.created_at:%Y%m%d%H%M%S}@{urlsplit(settings.SITE_URL).hostname}>",
            "Content-Language": language,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
