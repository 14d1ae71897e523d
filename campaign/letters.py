"""The letters to people who back a campaign: made when they are sent, each link with a secret of its own."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from campaign.links import new_links
from campaign.models import Mail, Pledge


def letter(mail: Mail) -> EmailMessage:
    """What a person gets: how to confirm, or, if they have, that they are counted; and how to be gone for good.

    In the person's language (`templates/campaign/mail/`). It names nobody: whoever typed an address into the form may
    have typed somebody else's.
    """
    own = mail.pledge
    assert isinstance(own, Pledge)  # noqa: S101 - for the type checker
    links = {
        purpose: settings.SITE_URL.rstrip("/") + reverse(f"campaign:pledge-{purpose}", args=[own.campaign.slug, token])
        for purpose, token in new_links(own, timezone.now()).items()
    }
    kind = "counted" if own.confirmed_at else "confirm"
    context = {
        "campaign": own.campaign.title,
        "site": settings.SITE_URL,
        "links": links,
        "receipt": own.receipt,
        "days": settings.PLEDGE_CONFIRM_DAYS,
    }
    text = render_to_string(f"campaign/mail/{kind}.{own.language}.txt", context)
    return addressed(mail, own.email, text, own.language, stop=links["never"])


def addressed(mail: Mail, to: str, text: str, language: str, *, stop: str) -> EmailMessage:
    """A letter with the headers that all of ours carry. The first line of the text is its subject.

    Args: stop: the address at which a POST ends such letters (RFC 8058).
    """
    subject, body = text.split("\n", 1)
    return EmailMessage(
        subject=subject.strip(),
        body=body.lstrip("\n"),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        headers={
            # The same for every attempt, so that a mailbox knows a second copy.
            "Message-ID": f"<mail.{mail.pk}.{mail.created_at:%Y%m%d%H%M%S}@{urlsplit(settings.SITE_URL).hostname}>",
            "Content-Language": language,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
