"""Service functions of bundles: acts of the ledger, texts and calls that go public together, all of them or none.

Everything is approved beforehand: the acts by a second treaty officer, the texts by a publisher. At the moment of release one
transaction confirms, publishes and releases. The first request after that moment runs it, or `send_alerts`, so that no process
has to run for it and no reader sees a part of it.
"""

import logging
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from campaign.models import CampaignAction
from config.kit.models.row_versions import NotWhatWasSeen, Part, check_seen, fingerprint
from config.kit.services import Refused
from news.finding import search
from news.models import Bundle
from news.newsroom import workflow
from news.newsroom.contents import acts_of, announcement_of, texts_of
from treaties import ledger
from treaties.models import LedgerRecord, TreatyAction

log = logging.getLogger("minefree.bundles")


class BundleError(Refused):
    """What a bundle refuses; the message is a sentence for the editor."""


def approve_acts(bundle: Bundle, *, by: User, seen: str | None = None) -> None:
    """Approve the acts as a second treaty officer, in whose name they are confirmed at the release.

    Args: seen: the fingerprint of what the officer was shown (`contents.acts_of`); that of today if not given.
    Raises BundleError, NotWhatWasSeen.
    """
    with transaction.atomic():
        locked = _lock(bundle)
        BundleError.unless_permitted(by, "treaties.confirm_treatyaction", _("Only a treaty officer may do this."))
        _check_not_its_author(locked, by)
        if any(by.pk in act.authors for act in locked.acts.all()):
            raise BundleError(_("You recorded or changed an act of it yourself: ask a colleague."))
        _save_approval(locked, "acts", by, acts_of(locked), seen)


def approve_texts(bundle: Bundle, *, by: User, seen: str | None = None) -> None:
    """Approve the texts as a publisher, in whose name they are published at the release.

    Args: seen: the fingerprint of what the publisher was shown (`contents.texts_of`); that of today if not given.
    Raises BundleError, NotWhatWasSeen.
    """
    with transaction.atomic():
        locked = _lock(bundle)
        for statement in locked.statements.all():
            refusal = workflow.refusal_of(workflow.PUBLISH, statement, by)
            BundleError.if_any(f"{statement}: {refusal}" if refusal else "")
        BundleError.unless_permitted(by, "news.publish_statement", _("Only a publisher may do this."))
        _check_not_its_author(locked, by)
        if any(action.history.filter(history_user=by).exists() for action in locked.actions.all()):
            raise BundleError(_("You changed a call of it yourself: ask a colleague."))
        _save_approval(locked, "texts", by, texts_of(locked), seen)


def approve_announcement(bundle: Bundle, *, by: User, seen: str | None = None) -> None:
    """Approve the line of the public calendar as a second publisher: it is public from now. Raises as `approve_texts`."""
    with transaction.atomic():
        locked = _lock(bundle)
        BundleError.unless_permitted(by, "news.publish_statement", _("Only a publisher may do this."))
        BundleError.if_any("" if locked.announced_as else _("It has no line for the calendar."))
        _check_not_its_author(locked, by)
        _save_approval(locked, "announcement", by, announcement_of(locked), seen)


def _lock(bundle: Bundle) -> Bundle:
    locked = Bundle.objects.select_for_update().get(pk=bundle.pk)
    if locked.released_at:
        raise BundleError(_("It is public already."))
    return locked


def _check_not_its_author(locked: Bundle, by: User) -> None:
    if locked.changed_by_id == by.pk:
        raise BundleError(_("You were the last to change the bundle: ask a colleague."))


def _save_approval(locked: Bundle, name: str, by: User, parts: list[Part], seen: str | None) -> None:
    if seen is not None:
        check_seen(seen, parts)
    fields = [f"{name}_approved_by", "failure"]
    setattr(locked, f"{name}_approved_by", by)
    if name != "announcement":
        setattr(locked, f"{name}_seen", fingerprint(parts))
        fields.append(f"{name}_seen")
    locked.failure = ""
    locked.save(update_fields=fields)


def drop_for(entry: LedgerRecord) -> None:
    """Drop the approval of the bundles whose act was changed, refused or taken back."""
    if isinstance(entry, TreatyAction):
        Bundle.objects.filter(acts=entry.pk).drop("acts")


def due(now: datetime) -> QuerySet[Bundle]:
    """Bundles whose moment has come and whose parts are all approved."""
    acts_are_approved = Q(acts_approved_by__isnull=False) | Q(acts__isnull=True)
    waiting = Bundle.objects.filter(release_at__lte=now, released_at=None, failure="", texts_approved_by__isnull=False)
    return waiting.filter(acts_are_approved).distinct()


def overdue(now: datetime) -> QuerySet[Bundle]:
    """Bundles whose moment has come and that are not public: a part is not approved, or the release was refused."""
    return Bundle.objects.filter(release_at__lte=now, released_at=None).exclude(pk__in=due(now).values("pk"))


def release_due(now: datetime) -> int:
    """Release every due bundle. One that cannot be released stays hidden as a whole, with the reason for the editors.

    Gives the number of those that were due.
    """
    bundles = list(due(now).order_by("release_at", "pk"))
    for bundle in bundles:
        try:
            release(bundle, now)
        except NotWhatWasSeen as refusal:
            bundle.drop("acts", "texts")
            _keep_hidden(bundle, _("It is not what was approved: approve it again. %(why)s") % {"why": refusal})
        except (Refused, ValidationError, IntegrityError) as error:
            reason = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            _keep_hidden(bundle, reason or type(error).__name__)
        except DatabaseError:
            raise  # the whole site is without its database
        except Exception as error:
            # Whatever it is, no other bundle and no visitor suffers from it.
            log.exception("bundle %s could not be released", bundle.pk)
            _keep_hidden(bundle, _("An unforeseen error (%s): the log of the site has it.") % type(error).__name__)
    return len(bundles)


def _keep_hidden(bundle: Bundle, reason: str) -> None:
    Bundle.objects.filter(pk=bundle.pk, released_at=None).update(failure=reason)


def release(bundle: Bundle, now: datetime) -> None:
    """Make all parts of a bundle public in one transaction. Of two callers at once, one does it."""
    with transaction.atomic():
        locked = Bundle.objects.select_for_update().get(pk=bundle.pk)
        if locked.released_at or locked.release_at > now:
            return
        if locked.acts.exists():
            check_seen(locked.acts_seen, acts_of(locked))
        check_seen(locked.texts_seen, texts_of(locked))
        for act in locked.acts.order_by("pk"):
            assert locked.acts_approved_by is not None  # noqa: S101 - for the type checker
            ledger.confirm(act, by=locked.acts_approved_by, at=now)
        for statement in locked.statements.order_by("pk"):
            assert locked.texts_approved_by is not None  # noqa: S101 - for the type checker
            workflow.publish(statement, by=locked.texts_approved_by, at=locked.release_at)
        held = list(locked.actions.filter(is_held=True))
        CampaignAction.objects.filter(pk__in=[action.pk for action in held]).update(is_held=False)
        for action in held:
            action.is_held = False
        # For readers it begins to exist now, so its history begins now.
        CampaignAction.history.bulk_history_create(held, default_change_reason="Released with a bundle")
        search.index(CampaignAction.objects.for_display().filter(pk__in=[action.pk for action in held]))
        locked.released_at = now
        locked.save(update_fields=["released_at"])
