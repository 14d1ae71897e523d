"""The doors through which a person backs a campaign: made, confirmed, removed, never to be written to again."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from campaign import counting, outbox
from campaign.addresses import domain_of, person_key
from campaign.consent import CURRENT
from campaign.links import LinkUsed, use
from campaign.models import Campaign, NeverMail, Pledge, PledgeToken
from campaign.visitors import TooMany, spend
from treaties.models import State

# Letters and digits that nobody mistakes for one another, in print or on the telephone.
_RECEIPT = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def pledge(
    campaign: Campaign,
    *,
    name: str,
    email: str,
    state: State | None = None,
    show_name: bool = False,
    language: str = "en",
    network_key: str = "",
) -> None:
    """Take a person's wish to back a campaign, and write the mail that asks to confirm it, in one transaction.

    Tells nobody what was known of the address before. What is not confirmed takes the newest words; what is confirmed
    stays as it is, and the mail says so.
    Args: name: passed `clean_name`. network_key: see `visitors.network_key`.
    """
    person = person_key(email)
    try:
        spend("mailbox", f"{campaign.pk} {person}")
    except TooMany:
        return
    given = {
        "name": name,
        "email": email,
        "domain": domain_of(email),
        "state": state,
        "show_name": show_name,
        "language": language,
        "network_key": network_key,
        "consent_version": CURRENT,
    }
    with transaction.atomic():
        # One statement makes the row or takes hold of the one that is there, and waits for whoever has it: two at once are one.
        (own,) = Pledge.objects.bulk_create(
            [Pledge(campaign=campaign, address_key=person, **given)],
            update_conflicts=True,
            unique_fields=["campaign", "address_key"],
            update_fields=["address_key"],
        )
        before = outbox.mails_to(person)
        if before:  # who was never written to can neither have confirmed nor have asked for silence
            if NeverMail.objects.filter(person=person).exists():
                transaction.set_rollback(True)
                return
            own = Pledge.objects.get(pk=own.pk)
            if own.confirmed_at is None:
                for field, value in given.items():
                    setattr(own, field, value)
                own.save()
        outbox.write_to(own, before)


def confirm(campaign: Campaign, token: str) -> Pledge:
    """The person has pressed the button behind the link: the pledge counts from now.

    Raises LinkDead, LinkUsed.
    """
    now = timezone.now()
    with transaction.atomic():
        own = use(campaign, token, PledgeToken.Purpose.CONFIRM, now)
        if own.confirmed_at is None:
            own.confirmed_at = now
            own.receipt = "".join(secrets.choice(_RECEIPT) for _n in range(16))
            own.save(update_fields=["confirmed_at", "receipt"])
            counting.confirmed(own)
    return own


def remove(campaign: Campaign, token: str) -> None:
    """Delete all that is kept of the person, at once. A confirmed pledge leaves two days in the account.

    Raises LinkDead, LinkUsed.
    """
    with transaction.atomic():
        forget(use(campaign, token, PledgeToken.Purpose.REMOVE, timezone.now()))


def forget(own: Pledge) -> None:
    """Delete a pledge that the transaction holds, with its links; mails that wait for it are not sent."""
    if own.confirmed_at is not None:
        counting.removed(own, timezone.now())
    outbox.cancel(own)
    own.delete()


def never_mail(campaign: Campaign, token: str) -> None:
    """Never write to this mailbox again, for whatever campaign. A pledge that was not confirmed is deleted too.

    May be asked again: mail programs do (RFC 8058). Raises LinkDead.
    """
    with transaction.atomic():
        try:
            own = use(campaign, token, PledgeToken.Purpose.NEVER, timezone.now())
        except LinkUsed:
            return
        NeverMail.objects.bulk_create([NeverMail(person=own.address_key)], ignore_conflicts=True)
        if own.confirmed_at is None:
            forget(own)
        else:
            outbox.cancel(own)


def by_receipt(campaign: Campaign, receipt: str) -> Pledge | None:
    """The pledge of a receipt, with what took it out of the count if something did."""
    spelled = "".join(c for c in receipt.upper() if c.isalnum())
    return Pledge.objects.of(campaign).confirmed().filter(receipt=spelled).select_related("invalidation").first()


def purge(at: datetime) -> int:
    """Delete what was never confirmed in time, and links that are over. The number of pledges deleted."""
    old = Pledge.objects.unconfirmed_since(at - timedelta(days=settings.PLEDGE_CONFIRM_DAYS))
    purged = 0
    for pk in old.values_list("pk", flat=True).iterator():
        with transaction.atomic():
            own = Pledge.objects.select_for_update().filter(pk=pk, confirmed_at__isnull=True).first()
            if own is not None:
                forget(own)
                purged += 1
    PledgeToken.objects.filter(expires_at__lt=at).delete()
    return purged
