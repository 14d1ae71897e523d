"""The links in letters: secrets of which only hashes are kept, that work once and not for ever."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from campaign.models import Campaign, Pledge, PledgeToken


class LinkDead(Exception):
    """A link that nothing stands behind: unknown, expired, or its person's data is gone."""


class LinkUsed(Exception):
    """A link that has done its work already."""


def new_links(own: Pledge, at: datetime) -> dict[str, str]:
    """New secrets for the links of one mail, by purpose. Only their hashes are kept."""
    good_for = {
        PledgeToken.Purpose.CONFIRM: timedelta(days=settings.PLEDGE_CONFIRM_DAYS),
        PledgeToken.Purpose.REMOVE: timedelta(days=settings.PLEDGE_REMOVE_DAYS),
        PledgeToken.Purpose.NEVER: timedelta(days=settings.PLEDGE_REMOVE_DAYS),
    }
    if own.confirmed_at is not None:
        del good_for[PledgeToken.Purpose.CONFIRM]
    links = {purpose.value: secrets.token_urlsafe(32) for purpose in good_for}
    PledgeToken.objects.bulk_create(
        PledgeToken(token_hash=_hash(links[p.value]), purpose=p, pledge=own, expires_at=at + days)
        for p, days in good_for.items()
    )
    return links


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def look_up(campaign: Campaign, token: str, purpose: PledgeToken.Purpose) -> PledgeToken:
    """The link with its pledge, changing nothing. Raises LinkDead, LinkUsed."""
    found = (
        PledgeToken.objects.filter(token_hash=_hash(token), purpose=purpose, pledge__campaign=campaign)
        .select_related("pledge__state", "pledge__campaign")
        .first()
    )
    if found is None:
        raise LinkDead
    if found.used_at:
        raise LinkUsed
    if found.expires_at <= timezone.now():
        raise LinkDead
    return found


def use(campaign: Campaign, token: str, purpose: PledgeToken.Purpose, at: datetime) -> Pledge:
    """Hold the pledge of a link and use the link up. Of many at once one gets through; the others find it used."""
    link = look_up(campaign, token, purpose)
    own = Pledge.objects.select_for_update().filter(pk=link.pledge_id).first()
    if own is None:
        raise LinkDead
    if not PledgeToken.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=at):
        raise LinkUsed
    return own
