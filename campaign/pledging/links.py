"""The links in letters about pledges.

Those to confirm and to remove work once and expire; only hashes of their secrets are kept. The link to be left in peace is signed
instead: it must work for as long as it says, also when the pledge is long deleted.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.utils import timezone

from campaign.models import Campaign, Pledge, PledgeToken
from config.kit.secret_links import LinkDead, LinkUsed, hash_secret, new_secret


def new_links(pledge: Pledge, at: datetime) -> dict[str, str]:
    """Make the links of one letter. Returns their secrets by purpose; only hashes are saved."""
    valid_for = {
        PledgeToken.Purpose.CONFIRM: timedelta(days=settings.PLEDGE_CONFIRM_DAYS),
        PledgeToken.Purpose.REMOVE: timedelta(days=settings.PLEDGE_REMOVE_DAYS),
    }
    if pledge.confirmed_at is not None:
        del valid_for[PledgeToken.Purpose.CONFIRM]
    links = {purpose.value: new_secret() for purpose in valid_for}
    PledgeToken.objects.bulk_create(
        PledgeToken(token_hash=hash_secret(links[p.value]), purpose=p, pledge=pledge, expires_at=at + days)
        for p, days in valid_for.items()
    )
    return {**links, PledgeToken.Purpose.NEVER.value: _peace_link(pledge)}


_PEACE = "campaign.pledge.never"


def _peace_link(pledge: Pledge) -> str:
    return signing.dumps([pledge.campaign_id, pledge.address_hash], salt=_PEACE)


def mailbox_behind(campaign: Campaign, token: str) -> str:
    """The hash of the mailbox that a link asks to leave in peace. Raises LinkDead.

    Letters of earlier versions carry a link of the other kind; it works as long as its pledge exists.
    """
    try:
        campaign_id, hashed = signing.loads(token, salt=_PEACE, max_age=timedelta(days=settings.PLEDGE_REMOVE_DAYS))
    except signing.SignatureExpired as error:
        raise LinkDead from error
    except (signing.BadSignature, TypeError, ValueError):
        return _of_an_earlier_letter(campaign, token)
    if campaign_id != campaign.pk:
        raise LinkDead
    return str(hashed)


def _of_an_earlier_letter(campaign: Campaign, token: str) -> str:
    found = PledgeToken.objects.filter(
        token_hash=hash_secret(token), purpose=PledgeToken.Purpose.NEVER, pledge__campaign=campaign
    )
    link = found.filter(expires_at__gt=timezone.now()).select_related("pledge").first()
    if link is None:
        raise LinkDead
    return link.pledge.address_hash


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
