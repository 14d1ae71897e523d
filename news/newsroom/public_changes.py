"""Changes of texts that are public: a second publisher accepts them; what cannot wait is seen by one afterwards."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from config.kit.models import Proposal
from config.kit.models.row_versions import check_seen
from config.kit.proposals import Trial
from news.models import Correction, Edition, OldSlug, Statement
from news.newsroom import workflow
from news.newsroom.contents import moment_and_contents_of

_BELONGING = ((Correction, "statement_id"), (Edition, "statement_id"), (OldSlug, "statement_id"))


def correct(
    correction: Correction, *, title: str, body: str, by: User, urgency: str = "", seen: str | None = None
) -> Proposal | None:
    """Propose a correction of a public text; make it at once where `urgency` says why it cannot wait.

    Args: seen: the fingerprint of the text that `by` corrects (`contents.fingerprint_of`); that of today if not given.
    Raises NewsroomError, and ValidationError by field.
    """
    if seen is not None:
        now = Statement.objects.get(pk=correction.statement_id)
        check_seen(seen, moment_and_contents_of(now), workflow.HasChanged)
    if correction.is_small and urgency:
        raise workflow.NewsroomError(_("What is small can wait for a second person."))
    return _on_trial(
        correction.statement, lambda: workflow.correct(correction, by=by, title=title, body=body), by, urgency
    )


def withdraw(statement: Statement, *, reason: str, by: User) -> Proposal | None:
    """Withdraw a public text at once, for a reason that its page shows; a second publisher sees it afterwards."""
    return _on_trial(statement, lambda: workflow.withdraw(statement, by=by, reason=reason), by, reason)


def move_to(statement: Statement, slug: str, *, by: User) -> Proposal | None:
    """Propose another address of a public text. Raises NewsroomError, and ValidationError by field."""
    return _on_trial(statement, lambda: workflow.move_to(statement, slug, by=by), by)


def _on_trial(statement: Statement, act: Callable[[], object], by: User, urgency: str = "") -> Proposal | None:
    with transaction.atomic():
        trial = Trial(statement, _BELONGING)
        act()
        return trial.end(Statement.objects.get(pk=statement.pk), by=by, urgency=urgency)
