"""Service functions of a person who backs a campaign: pledge, confirm, remove, never mail again."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from campaign.mailing import outbox
from campaign.models import Campaign, Pledge, PledgeToken, Suppression
from campaign.pledging import counting
from campaign.pledging.addresses import address_hash, domain_of
from campaign.pledging.consent import CURRENT
from campaign.pledging.links import mailbox_behind, redeem
from config.kit.incoming.visitors import RateLimited, count_request
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
    """Record a person's wish to back a campaign and queue the mail that asks to confirm it, in one transaction.

    Reveals nothing of what was known of the address. An unconfirmed pledge takes the newest values; a confirmed one stays
    as it is, and the mail says so.
    Args:
        name: passed `clean_name`.
        network_key: see `rate_limits.network_key`.
    """
    hashed = address_hash(email)
    try:
        count_request("mailbox", f"{campaign.pk} {hashed}")
    except RateLimited:
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
        # One statement makes the row or locks the one that exists, so two requests at once end with one row.
        (row,) = Pledge.objects.bulk_create(
            [Pledge(campaign=campaign, address_hash=hashed, **given)],
            update_conflicts=True,
            unique_fields=["campaign", "address_hash"],
            update_fields=["address_hash"],
        )
        before = outbox.mails_to(hashed)
        if before:  # who was never written to can neither have confirmed nor have asked for silence
            if Suppression.objects.filter(address_hash=hashed).exists():
                transaction.set_rollback(True)
                return
            row = Pledge.objects.get(pk=row.pk)
            if row.confirmed_at is None:
                for field, value in given.items():
                    setattr(row, field, value)
                row.save(update_fields=list(given))
        outbox.write_to(row, before)


def confirm(campaign: Campaign, token: str) -> Pledge:
    """Confirm a pledge by its link: it counts from now. Raises LinkDead, LinkUsed."""
    now = timezone.now()
    with transaction.atomic():
        locked = redeem(campaign, token, PledgeToken.Purpose.CONFIRM, now)
        if locked.confirmed_at is None:
            locked.confirmed_at = now
            locked.receipt = "".join(secrets.choice(_RECEIPT) for _n in range(16))
            locked.save(update_fields=["confirmed_at", "receipt"])
            counting.confirmed(locked)
    return locked


def remove(campaign: Campaign, token: str) -> None:
    """Delete a person's data by their link. A confirmed pledge leaves two days in the account. Raises LinkDead, LinkUsed."""
    with transaction.atomic():
        delete_pledge(redeem(campaign, token, PledgeToken.Purpose.REMOVE, timezone.now()))


def delete_pledge(locked: Pledge) -> None:
    """Delete a pledge that the caller's transaction has locked, with its links. Mails that wait for it are not sent."""
    if locked.confirmed_at is not None:
        counting.removed(locked, timezone.now())
    outbox.cancel(locked)
    locked.delete()


def never_mail(campaign: Campaign, token: str) -> None:
    """Never write to this mailbox again, for whatever campaign. A pledge that was not confirmed is deleted too.

    May be called again for the same link: mail programs do (RFC 8058). Raises LinkDead.
    """
    hashed = mailbox_behind(campaign, token)
    with transaction.atomic():
        Suppression.objects.bulk_create([Suppression(address_hash=hashed)], ignore_conflicts=True)
        locked = Pledge.objects.select_for_update().filter(campaign=campaign, address_hash=hashed).first()
        if locked is None:
            return  # deleted since: the wish is kept all the same
        if locked.confirmed_at is None:
            delete_pledge(locked)
        else:
            outbox.cancel(locked)


def by_receipt(campaign: Campaign, receipt: str) -> Pledge | None:
    """The confirmed pledge that has a receipt, with its invalidation if it was taken out of the count."""
    spelled = "".join(c for c in receipt.upper() if c.isalnum())
    return Pledge.objects.of(campaign).confirmed().filter(receipt=spelled).select_related("invalidation").first()


def purge(at: datetime) -> int:
    """Delete pledges that were not confirmed in time, and expired links. Returns the number of pledges deleted."""
    old = Pledge.objects.unconfirmed_since(at - timedelta(days=settings.PLEDGE_CONFIRM_DAYS))
    purged = 0
    for pk in old.values_list("pk", flat=True).iterator():
        with transaction.atomic():
            locked = Pledge.objects.select_for_update().filter(pk=pk, confirmed_at__isnull=True).first()
            if locked is not None:
                delete_pledge(locked)
                purged += 1
    PledgeToken.objects.filter(expires_at__lt=at).delete()
    return purged
