"""The links in letters about pledges. Only hashes of their secrets are kept; a link works once and expires."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from campaign.models import Campaign, Pledge, PledgeToken
from config.kit.secret_links import LinkDead, LinkUsed, hash_secret, new_secret


def new_links(pledge: Pledge, at: datetime) -> dict[str, str]:
    """Make the links of one letter. Returns their secrets by purpose; only hashes are saved."""
    valid_for = {
        PledgeToken.Purpose.CONFIRM: timedelta(days=settings.PLEDGE_CONFIRM_DAYS),
        PledgeToken.Purpose.REMOVE: timedelta(days=settings.PLEDGE_REMOVE_DAYS),
        PledgeToken.Purpose.NEVER: timedelta(days=settings.PLEDGE_REMOVE_DAYS),
    }
    if pledge.confirmed_at is not None:
        del valid_for[PledgeToken.Purpose.CONFIRM]
    links = {purpose.value: new_secret() for purpose in valid_for}
    PledgeToken.objects.bulk_create(
        PledgeToken(token_hash=hash_secret(links[p.value]), purpose=p, pledge=pledge, expires_at=at + days)
        for p, days in valid_for.items()
    )
    return links


def look_up(campaign: Campaign, token: str, purpose: PledgeToken.Purpose) -> PledgeToken:
    """The link with its pledge; changes nothing. Raises LinkDead, LinkUsed."""
    found = (
        PledgeToken.objects.filter(token_hash=hash_secret(token), purpose=purpose, pledge__campaign=campaign)
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


def redeem(campaign: Campaign, token: str, purpose: PledgeToken.Purpose, at: datetime) -> Pledge:
    """Lock the pledge behind a link and mark the link as used, by compare-and-set: one caller wins.

    Raises LinkDead, LinkUsed.
    """
    link = look_up(campaign, token, purpose)
    pledge = Pledge.objects.select_for_update().filter(pk=link.pledge_id).first()
    if pledge is None:
        raise LinkDead
    if not PledgeToken.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=at):
        raise LinkUsed
    return pledge
