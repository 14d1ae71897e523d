"""The doors of the newsroom: how a statement moves from draft to public, and who may move it.

The author writes and submits; a publisher who is not the author approves, publishes and withdraws.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from news.models import Correction, Edition, OldSlug, ReviewComment, Statement
from news.querysets import PUBLIC_STATES

Workflow = Statement.Workflow


class Editor(Protocol):
    """Who acts: any user of the site."""

    pk: int

    def has_perm(self, perm: str) -> bool: ...


class NewsroomError(Exception):
    """A move that the newsroom refuses; the message is a sentence for the editor."""


@dataclass(frozen=True)
class Move:
    """A transition: from which states, to which, and what must hold besides."""

    name: str
    sources: frozenset[str]
    target: str
    guard: Callable[[Statement, Editor], str]

    @property
    def label(self) -> str:
        """The move on a button."""
        return {
            "submit": _("Submit for review"),
            "send_back": _("Send back to the author, with the comment"),
            "approve": _("Approve"),
            "publish": _("Publish at its minute, or now"),
            "publish_unreviewed": _("Publish now without review, for the reason given"),
            "withdraw": _("Withdraw, for the reason given"),
            "correct": _("Correct in the open"),
        }[self.name]


def _needs_change(statement: Statement, by: Editor) -> str:
    return "" if by.has_perm("news.change_statement") else _("Your role does not write statements.")


def _needs_publisher(statement: Statement, by: Editor) -> str:
    return "" if by.has_perm("news.publish_statement") else _("Only a publisher may do this.")


def _needs_another_publisher(statement: Statement, by: Editor) -> str:
    if refusal := _needs_publisher(statement, by):
        return refusal
    return _("The author cannot approve the statement: ask another publisher.") if statement.author_id == by.pk else ""


SUBMIT = Move("submit", frozenset({Workflow.DRAFT}), Workflow.IN_REVIEW, _needs_change)
SEND_BACK = Move("send_back", frozenset({Workflow.IN_REVIEW, Workflow.APPROVED}), Workflow.DRAFT, _needs_publisher)
APPROVE = Move("approve", frozenset({Workflow.IN_REVIEW}), Workflow.APPROVED, _needs_another_publisher)
PUBLISH = Move("publish", frozenset({Workflow.APPROVED}), Workflow.PUBLISHED, _needs_another_publisher)
WITHDRAW = Move("withdraw", frozenset({Workflow.PUBLISHED, Workflow.CORRECTED}), Workflow.WITHDRAWN, _needs_publisher)
CORRECT = Move("correct", frozenset({Workflow.PUBLISHED, Workflow.CORRECTED}), Workflow.CORRECTED, _needs_publisher)
PUBLISH_UNREVIEWED = Move(
    "publish_unreviewed", frozenset({Workflow.DRAFT, Workflow.IN_REVIEW}), Workflow.PUBLISHED, _needs_publisher
)
MOVES = (SUBMIT, SEND_BACK, APPROVE, PUBLISH, PUBLISH_UNREVIEWED, WITHDRAW, CORRECT)


def why_not(move: Move, statement: Statement, by: Editor) -> str:
    """Why an editor cannot make a move; an empty text if they can."""
    if statement.workflow not in move.sources:
        return _("A statement in the state '%(state)s' cannot be moved so.") % {
            "state": statement.get_workflow_display()
        }
    return move.guard(statement, by)


def edited(statement: Statement) -> Statement:
    """The statement as it is to be saved after its text was changed: what was approved or in review is a draft again."""
    if statement.workflow in (Workflow.APPROVED, Workflow.IN_REVIEW):
        statement.workflow = Workflow.DRAFT
        statement.approved_by = None
    statement.version += 1
    return statement


def submit(statement: Statement, *, by: Editor) -> Statement:
    """Hand a draft in for review."""
    return _move(SUBMIT, statement, by)


def send_back(statement: Statement, *, by: Editor, reason: str = "") -> Statement:
    """Return a statement to its author, with a comment if there is one; an approval falls away."""
    with transaction.atomic():
        back = _move(SEND_BACK, statement, by, lambda s: setattr(s, "approved_by", None))
        if reason.strip():
            comment(back, by=by, text=reason)
    return back


def restore(statement: Statement, version: int, *, by: Editor) -> Statement:
    """Take the words of an earlier version as the draft of today. What is public is corrected instead."""
    if refusal := _needs_change(statement, by):
        raise NewsroomError(refusal)
    with transaction.atomic():
        locked = Statement.objects.select_for_update().get(pk=statement.pk)
        if locked.workflow in PUBLIC_STATES:
            raise NewsroomError(_("It is public already: correct it in the open."))
        old = locked.history.filter(version=version).order_by("-history_date", "-history_id").first()
        if old is None:
            raise NewsroomError(_("There is no such version."))
        for field in RESTORED:
            setattr(locked, field, getattr(old, field))
        edited(locked)
        locked._change_reason = f"Restored from version {version}"  # type: ignore[attr-defined]
        locked.save()
    return locked


RESTORED = ("title", "body", "byline", "date_note", "source_note", "symbol")
"""What is taken from an earlier version: words. Days, people and links stay as they are."""


@dataclass(frozen=True)
class Revision:
    """A version of a statement: who saved it, when, and what they changed."""

    version: int
    at: datetime
    by: str
    changes: list[tuple[str, str, str]]


def revisions(statement: Statement) -> list[Revision]:
    """All versions, newest first, each with the fields that it changed: name, before, after."""
    records = list(statement.history.select_related("history_user").order_by("history_date", "history_id"))
    told = [Revision(r.version, r.history_date, str(r.history_user or "–"), []) for r in records[:1]]
    for before, after in pairwise(records):
        changes = [
            (str(Statement._meta.get_field(c.field).verbose_name), str(c.old), str(c.new))  # type: ignore[union-attr]
            for c in after.diff_against(before, excluded_fields=["version", "updated_at"]).changes
        ]
        if changes:
            told.append(Revision(after.version, after.history_date, str(after.history_user or "–"), changes))
    return told[::-1]


def move_to(statement: Statement, slug: str, *, by: Editor) -> Statement:
    """Give a public statement another address. The old one leads to it for good. Raises ValidationError by field."""
    if refusal := _needs_publisher(statement, by):
        raise NewsroomError(refusal)
    with transaction.atomic():
        locked = Statement.objects.select_for_update().get(pk=statement.pk)
        if locked.workflow not in PUBLIC_STATES:
            raise NewsroomError(_("It is not public yet: change its address in the form."))
        if OldSlug.objects.filter(slug=slug).exclude(statement=locked).exists():
            raise NewsroomError(_("This address was another statement's, and still leads to it."))
        old, locked.slug = locked.slug, slug
        locked.full_clean()
        locked.old_slugs.filter(slug=slug).delete()
        if old != slug:
            OldSlug.objects.create(slug=old, statement=locked)
        locked.version += 1
        locked.save()
    return locked


def changed_since(statement: Statement, version: int) -> list[str]:
    """What was changed in a statement since a version of it, in sentences; the newest last."""
    since = statement.history.filter(version__gte=version).select_related("history_user")
    records = list(since.order_by("history_date", "history_id"))
    told = []
    for before, after in pairwise(records):
        for change in after.diff_against(before, excluded_fields=["version", "updated_at"]).changes:
            label = Statement._meta.get_field(change.field).verbose_name  # type: ignore[union-attr]
            told.append(
                _("%(who)s changed '%(field)s' from '%(old)s' to '%(new)s'.")
                % {
                    "who": after.history_user or _("Somebody"),
                    "field": label,
                    "old": _short(change.old),
                    "new": _short(change.new),
                }
            )
    return told


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 200 else f"{text[:200]} …"


def approve(statement: Statement, *, by: Editor) -> Statement:
    """Approve a statement that somebody else wrote."""
    return _move(APPROVE, statement, by, lambda s: setattr(s, "approved_by", by))


def publish(statement: Statement, *, by: Editor, at: datetime | None = None) -> Statement:
    """Release an approved statement; it is public from its minute on, or from now if it names none."""

    def release(s: Statement) -> None:
        s.publish_at = at or s.publish_at or timezone.now()
        s.published_by = by  # type: ignore[assignment]

    return _move(PUBLISH, statement, by, release)


def withdraw(statement: Statement, *, by: Editor, reason: str) -> Statement:
    """Withdraw a public statement. Its page stays, with the notice and the reason."""
    if not reason.strip():
        raise NewsroomError(_("Say why the statement is withdrawn: its page shows it."))

    def take_back(s: Statement) -> None:
        s.withdrawn_reason = reason
        s.withdrawn_at = timezone.now()

    return _move(WITHDRAW, statement, by, take_back)


def publish_unreviewed(statement: Statement, *, by: Editor, reason: str) -> Statement:
    """Publish at once what nobody else has read. It is marked so until another publisher approves it."""
    if not reason.strip():
        raise NewsroomError(_("Say why it cannot wait for a second person: the auditor reads it."))

    def release(s: Statement) -> None:
        s.publish_at = timezone.now()
        s.published_by = by  # type: ignore[assignment]
        s.emergency_reason = reason.strip()
        s.approved_by = None

    return _move(PUBLISH_UNREVIEWED, statement, by, release)


def approve_afterwards(statement: Statement, *, by: Editor) -> Statement:
    """Another publisher has read what was published in an emergency, and stands by it."""
    with transaction.atomic():
        locked = Statement.objects.select_for_update().get(pk=statement.pk)
        if not locked.is_unreviewed:
            raise NewsroomError(_("It does not wait for a review."))
        refusal = _needs_another_publisher(locked, by)
        if refusal:
            raise NewsroomError(refusal)
        if locked.published_by_id == by.pk:
            raise NewsroomError(_("You published it yourself: ask another publisher."))
        locked.approved_by = by  # type: ignore[assignment]
        locked.version += 1
        locked.save()
    return locked


def comment(statement: Statement, *, by: Editor, text: str) -> ReviewComment:
    """Tell the other editors something about a text that is on its way."""
    if not by.has_perm("news.change_statement"):
        raise NewsroomError(_("Only an editor of the newsroom may do this."))
    if statement.workflow in PUBLIC_STATES:
        raise NewsroomError(_("It is public already: correct it in the open."))
    entry = ReviewComment(statement=statement, text=text.strip(), made_by=by)  # type: ignore[misc]
    entry.full_clean()
    entry.save()
    return entry


def correct(correction: Correction, *, by: Editor, title: str | None = None, body: str | None = None) -> Correction:
    """Tell in the open what was corrected in a public statement, and put the right text in the place of the wrong one.

    The text of before stays readable at its own address.
    Args: title, body: as they are to be from now on; None leaves them.
    """
    with transaction.atomic():
        before = Statement.objects.select_for_update().get(pk=correction.statement_id)

        def mend(s: Statement) -> None:
            s.title = title if title is not None else s.title
            s.body = body if body is not None else s.body
            s.clean()

        after = _move(CORRECT, correction.statement, by, mend)
        correction.made_by = by  # type: ignore[assignment]
        correction.full_clean()
        correction.save()
        if (before.title, before.body) != (after.title, after.body):
            Edition.objects.create(
                statement=after,
                number=after.editions.count() + 1,
                title=before.title,
                body=before.body,
                correction=correction,
            )
    return correction


def _move(move: Move, statement: Statement, by: Editor, change: Callable[[Statement], None] | None = None) -> Statement:
    with transaction.atomic():
        locked = Statement.objects.select_for_update().get(pk=statement.pk)
        refusal = why_not(move, locked, by)
        if refusal:
            raise NewsroomError(refusal)
        locked.workflow = move.target
        if change:
            change(locked)
        locked.version += 1
        locked.save()
    return locked


DOORS: dict[str, Callable[..., Statement]] = {
    "submit": lambda s, by, reason: submit(s, by=by),
    "send_back": lambda s, by, reason: send_back(s, by=by, reason=reason),
    "approve": lambda s, by, reason: approve(s, by=by),
    "approve_afterwards": lambda s, by, reason: approve_afterwards(s, by=by),
    "publish": lambda s, by, reason: publish(s, by=by),
    "publish_unreviewed": lambda s, by, reason: publish_unreviewed(s, by=by, reason=reason),
    "withdraw": lambda s, by, reason: withdraw(s, by=by, reason=reason),
}
"""The moves by name, as buttons and the API give them."""


def move(name: str, statement: Statement, *, by: Editor, reason: str = "") -> Statement:
    """Make a move by its name. Raises NewsroomError."""
    if name not in DOORS:
        raise NewsroomError(_("There is no such move."))
    return DOORS[name](statement, by, reason)
