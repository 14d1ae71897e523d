"""What readers send for open doubts: taken without a trace of the reader, decided by an officer."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from config.kit.services import Refused
from treaties.models import SentSource, Treaty


class SourceRefused(Refused):
    """A decision that cannot be; the message is a sentence for the officer."""


def take(treaty: Treaty, doubt: str, sentence: str, *, source_url: str, words: str) -> SentSource:
    """Keep a source that a reader sent for a doubt. The same source for the same doubt is kept once."""
    with transaction.atomic():
        sent, _is_new = SentSource.objects.get_or_create(
            treaty=treaty, doubt=doubt, source_url=source_url, defaults={"sentence": sentence, "words": words}
        )
    return sent


def decide(sent: SentSource, decision: str, *, reason: str, by: User) -> SentSource:
    """Say what came of a source. What it tells is recorded as any other act. Raises SourceRefused."""
    with transaction.atomic():
        locked = SentSource.objects.select_for_update().get(pk=sent.pk)
        SourceRefused.unless_permitted(by, "treaties.change_sentsource", _("Only a treaty officer may do this."))
        SourceRefused.if_any("" if reason.strip() else _("Say what came of it, or why nothing did."))
        if locked.decision != SentSource.Decision.OPEN:
            raise SourceRefused(_("This source is decided already."))
        locked.decision, locked.reason, locked.decided_by = decision, reason, by
        locked.save()
    return locked
