"""The letters to people who back a campaign. They are made when they are sent, each link with a new secret."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from campaign.mailing.letters import addressed
from campaign.mailing.outbox import MailKind
from campaign.models import Mail, Pledge
from campaign.pledging.links import new_links


def pledge_letter(mail: Mail) -> EmailMessage:
    """The letter that asks to confirm a pledge, or tells that it is counted; both say how to have the data deleted.

    It is written in the person's language (`templates/campaign/mail/`) and names nobody: whoever typed the address into the
    form may have typed somebody else's.
    """
    pledge = mail.pledge
    assert isinstance(pledge, Pledge)  # noqa: S101 - for the type checker
    links = {
        purpose: settings.SITE_URL.rstrip("/")
        + reverse(f"campaign:pledge-{purpose}", args=[pledge.campaign.slug, token])
        for purpose, token in new_links(pledge, timezone.now()).items()
    }
    kind = "counted" if pledge.confirmed_at else "confirm"
    context = {
        "campaign": pledge.campaign.title,
        "site": settings.SITE_URL,
        "links": links,
        "receipt": pledge.receipt,
        "days": settings.PLEDGE_CONFIRM_DAYS,
    }
    text = render_to_string(f"campaign/mail/{kind}.{pledge.language}.txt", context)
    return addressed(mail, pledge.email, text, pledge.language, stop=links["never"])


MAIL_KINDS = {"pledge": MailKind(lambda mail: mail.pledge is not None, pledge_letter)}
