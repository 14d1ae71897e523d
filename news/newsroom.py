"""The doors of the newsroom: how a statement moves from draft to public, and who may move it.

The author writes and submits; a publisher who is not the author approves, publishes and withdraws.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from news.models import Correction, Statement

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
MOVES = (SUBMIT, SEND_BACK, APPROVE, PUBLISH, WITHDRAW, CORRECT)


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
    return statement


def submit(statement: Statement, *, by: Editor) -> Statement:
    """Hand a draft in for review."""
    return _move(SUBMIT, statement, by)


def send_back(statement: Statement, *, by: Editor) -> Statement:
    """Return a statement to its author; an approval falls away."""
    return _move(SEND_BACK, statement, by, lambda s: setattr(s, "approved_by", None))


def approve(statement: Statement, *, by: Editor) -> Statement:
    """Approve a statement that somebody else wrote."""
    return _move(APPROVE, statement, by, lambda s: setattr(s, "approved_by", by))


def publish(statement: Statement, *, by: Editor, at: datetime | None = None) -> Statement:
    """Release an approved statement; it is public from its minute on, or from now if it names none."""

    def release(s: Statement) -> None:
        s.publish_at = at or s.publish_at or timezone.now()

    return _move(PUBLISH, statement, by, release)


def withdraw(statement: Statement, *, by: Editor, reason: str) -> Statement:
    """Withdraw a public statement. Its page stays, with the notice and the reason."""
    if not reason.strip():
        raise NewsroomError(_("Say why the statement is withdrawn: its page shows it."))

    def take_back(s: Statement) -> None:
        s.withdrawn_reason = reason
        s.withdrawn_at = timezone.now()

    return _move(WITHDRAW, statement, by, take_back)


def correct(correction: Correction, *, by: Editor) -> Correction:
    """Tell in the open what was corrected in a public statement."""
    with transaction.atomic():
        _move(CORRECT, correction.statement, by)
        correction.made_by = by  # type: ignore[assignment]
        correction.full_clean()
        correction.save()
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
        locked.save()
    return locked
