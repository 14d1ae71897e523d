"""The workflow of statements: the table of transitions, and the service functions around it.

An author writes and submits; a publisher who is not the author approves, publishes and withdraws. `TRANSITIONS` is the only
list of what can be done; pages, the API and the functions below read it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.kit.incoming.texts import clean_text
from config.kit.models.row_versions import NotWhatWasSeen, check_seen, fingerprint
from config.kit.services import Actor, Refused
from news.models import Bundle, Correction, Edition, OldSlug, ReviewComment, Statement
from news.models.choices import PUBLIC_STATES, Workflow
from news.newsroom.contents import authors_of, contents_of, fingerprint_of, moment_and_contents_of
from news.newsroom.proof import unproved


class NewsroomError(Refused):
    """What the newsroom refuses; the message is a sentence for the editor."""


class HasChanged(NewsroomError, NotWhatWasSeen):
    """The text is not what the editor was shown; the message names what has changed."""


# --- Rights and conditions -----------------------------------------------------------------------------------

Guard = Callable[[Statement, Actor], str]
"""Why an editor cannot make a transition, empty if they can."""


def _needs_editor(statement: Statement, by: Actor) -> str:
    return "" if by.has_perm("news.change_statement") else _("Your role does not write statements.")


def _needs_publisher(statement: Statement, by: Actor) -> str:
    return "" if by.has_perm("news.publish_statement") else _("Only a publisher may do this.")


def _needs_another_publisher(statement: Statement, by: Actor) -> str:
    if refusal := _needs_publisher(statement, by):
        return refusal
    if statement.author_id == by.pk:
        return _("The author cannot approve the statement: ask another publisher.")
    if by.pk in authors_of(statement):
        return _("You changed it since it was last approved, so you are an author: ask another publisher.")
    return ""


def _needs_an_approval_that_stands(statement: Statement, by: Actor) -> str:
    if refusal := _needs_another_publisher(statement, by):
        return refusal
    approver = statement.approved_by
    if approver is None:
        return ""
    if not approver.is_active:
        return _("The account that approved it is closed: send it back, and let another publisher approve it.")
    try:
        check_seen(statement.approved_contents, contents_of(statement))
    except NotWhatWasSeen as refusal:
        return _("It is not what was approved: send it back. %(why)s") % {"why": refusal}
    return ""


def _needs_third_person(statement: Statement, by: Actor) -> str:
    if not statement.is_unreviewed:
        return _("It does not wait for a review.")
    if refusal := _needs_another_publisher(statement, by):
        return refusal
    return _("You published it yourself: ask another publisher.") if statement.published_by_id == by.pk else ""


# --- Changes -------------------------------------------------------------------------------------------------

Change = Callable[..., None]
"""Makes the changes of a transition besides the workflow state. Args: the statement, the editor, the reason, the moment."""


def _nothing(statement: Statement, by: Actor, reason: str, at: datetime | None) -> None:
    """Change nothing besides the workflow state."""


def _drop_approval(statement: Statement, by: Actor, reason: str, at: datetime | None) -> None:
    statement.approved_by = None


def _approve(statement: Statement, by: Actor, reason: str, at: datetime | None) -> None:
    statement.approved_by = by  # type: ignore[assignment]
    statement.approved_contents = fingerprint(contents_of(statement))


def _publish(statement: Statement, by: Actor, reason: str, at: datetime | None) -> None:
    """Publish now, or schedule for a moment ahead. A statement's own moment that has passed is now:
    feeds would tell nobody of an earlier one. Args: at: the moment of a bundle, whose release comes before any reading."""
    now = timezone.now()
    statement.publish_at = at or max(statement.publish_at or now, now)
    if statement.publish_at > now:
        statement.workflow = Workflow.SCHEDULED
    statement.published_by = by  # type: ignore[assignment]


def _unschedule(statement: Statement, by: Actor, reason: str, at: datetime | None) -> None:
    statement.published_by = None


def _publish_unreviewed(statement: Statement, by: Actor, reason: str, at: datetime | None) -> None:
    statement.publish_at = timezone.now()
    statement.published_by = by  # type: ignore[assignment]
    statement.emergency_reason = reason.strip()
    statement.approved_by = None


def _withdraw(statement: Statement, by: Actor, reason: str, at: datetime | None) -> None:
    statement.withdrawn_reason = reason
    statement.withdrawn_at = timezone.now()


# --- The table -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Transition:
    """One line of the table.

    Attributes:
        sources: the workflow states that it starts from.
        target: the state that it leads to; None where it keeps the state.
        guard: the right of the actor and what else must hold.
        change, fields: what it changes besides, and the fields that are saved for it.
        reason_wanted: the refusal where a reason is needed and none is given.
        is_button: whether the page of the review offers it in its list.
        needs_proof: whether all numbers must be right or explained, and quotations have their sources.
        needs_seen: whether the content must be the one that the actor was shown.
    """

    name: str
    label: Any
    sources: frozenset[str]
    target: str | None
    guard: Guard
    change: Change = _nothing
    fields: tuple[str, ...] = ()
    reason_wanted: Any = ""
    is_button: bool = True
    needs_proof: bool = False
    needs_seen: bool = False


SUBMIT = Transition(
    "submit", gettext_lazy("Submit for review"), frozenset({Workflow.DRAFT}), Workflow.IN_REVIEW, _needs_editor
)
SEND_BACK = Transition(
    "send_back",
    gettext_lazy("Send back to the author, with the comment"),
    frozenset({Workflow.IN_REVIEW, Workflow.APPROVED}),
    Workflow.DRAFT,
    _needs_publisher,
    _drop_approval,
    ("approved_by",),
)
APPROVE = Transition(
    "approve",
    gettext_lazy("Approve"),
    frozenset({Workflow.IN_REVIEW}),
    Workflow.APPROVED,
    _needs_another_publisher,
    _approve,
    ("approved_by", "approved_contents"),
    needs_proof=True,
    needs_seen=True,
)
APPROVE_AFTERWARDS = Transition(
    "approve_afterwards",
    gettext_lazy("I have read it now, and approve it"),
    frozenset(Workflow),
    None,
    _needs_third_person,
    _approve,
    ("approved_by", "approved_contents"),
    needs_proof=True,
    needs_seen=True,
    is_button=False,
)
PUBLISH = Transition(
    "publish",
    gettext_lazy("Publish at its minute, or now"),
    frozenset({Workflow.APPROVED}),
    Workflow.PUBLISHED,
    _needs_an_approval_that_stands,
    _publish,
    ("publish_at", "published_by"),
    needs_proof=True,
    needs_seen=True,
)
PUBLISH_UNREVIEWED = Transition(
    "publish_unreviewed",
    gettext_lazy("Publish now without review, for the reason given"),
    frozenset({Workflow.DRAFT, Workflow.IN_REVIEW}),
    Workflow.PUBLISHED,
    _needs_publisher,
    _publish_unreviewed,
    ("publish_at", "published_by", "emergency_reason", "approved_by"),
    reason_wanted=gettext_lazy("Say why it cannot wait for a second person: the auditor reads it."),
    needs_seen=True,
)
UNSCHEDULE = Transition(
    "unschedule",
    gettext_lazy("Stop it before its minute: nobody has read it"),
    frozenset({Workflow.SCHEDULED}),
    Workflow.APPROVED,
    _needs_publisher,
    _unschedule,
    ("published_by",),
)
WITHDRAW = Transition(
    "withdraw",
    gettext_lazy("Withdraw, for the reason given"),
    frozenset({Workflow.PUBLISHED, Workflow.CORRECTED}),
    Workflow.WITHDRAWN,
    _needs_publisher,
    _withdraw,
    ("withdrawn_reason", "withdrawn_at"),
    reason_wanted=gettext_lazy("Say why the statement is withdrawn: its page shows it."),
)
CORRECT = Transition(
    "correct",
    gettext_lazy("Correct in the open"),
    frozenset({Workflow.PUBLISHED, Workflow.CORRECTED}),
    Workflow.CORRECTED,
    _needs_publisher,
    fields=("title", "body"),
    is_button=False,
)
TRANSITIONS = {
    t.name: t
    for t in (
        SUBMIT,
        SEND_BACK,
        APPROVE,
        APPROVE_AFTERWARDS,
        PUBLISH,
        UNSCHEDULE,
        PUBLISH_UNREVIEWED,
        WITHDRAW,
        CORRECT,
    )
}
"""All transitions by name, as buttons and the API give them."""


def refusal_of(transition: Transition, statement: Statement, by: Actor) -> str:
    """Why an editor cannot make a transition; an empty text if they can."""
    if statement.stage not in transition.sources:
        return _("A statement in the state '%(state)s' cannot be moved so.") % {"state": statement.stage.label}
    return transition.guard(statement, by)


def apply(
    transition: Transition,
    statement: Statement,
    *,
    by: Actor,
    reason: str = "",
    at: datetime | None = None,
    change: Callable[[Statement], None] | None = None,
    seen: str | None = None,
) -> Statement:
    """Make a transition: lock, check the right and the conditions, change, save, leave a version in the history.

    Args:
        at: the moment of publication, where another than the statement's own is meant.
        change: what the caller changes in the same step.
        seen: the fingerprint of what the actor was shown (`contents.fingerprint_of`); that of `statement` if not given.
    Raises NewsroomError, NotWhatWasSeen.
    """
    reason = clean_text(reason)
    if seen is None and transition.needs_seen:
        seen = fingerprint_of(statement)
    if transition.reason_wanted and not reason:
        raise NewsroomError(str(transition.reason_wanted))
    with transaction.atomic():
        locked = Statement.objects.select_for_update().get(pk=statement.pk)
        NewsroomError.if_any(refusal_of(transition, locked, by))
        if transition.needs_seen:
            check_seen(seen, moment_and_contents_of(locked), HasChanged)
        if transition.needs_proof:
            NewsroomError.if_any(_missing_proof(transition, locked))
        if transition.target is not None:
            locked.workflow = transition.target
        transition.change(locked, by, reason, at)
        if change:
            change(locked)
        locked._history_user = by  # type: ignore[attr-defined]
        _save_version(locked, "workflow", *transition.fields)
    return locked


def _missing_proof(transition: Transition, statement: Statement) -> str:
    """What is wrong in a statement and not explained.

    One in a bundle with acts is judged when the bundle is released: its numbers may be those that the acts make.
    """
    waits_for_acts = statement.bundles.filter(released_at=None, acts__isnull=False).exists()
    return "" if transition is APPROVE and waits_for_acts else " ".join(unproved(statement))


def apply_by_name(
    name: str, statement: Statement, *, by: Actor, reason: str = "", seen: str | None = None
) -> Statement:
    """Make a transition by its name. Args: seen: as for `apply`. Raises NewsroomError."""
    transition = TRANSITIONS.get(name)
    if transition is None or transition is CORRECT:
        raise NewsroomError(_("There is no such move."))
    if transition is SEND_BACK:
        return send_back(statement, by=by, reason=reason)
    return apply(transition, statement, by=by, reason=reason, seen=seen)


def _save_version(statement: Statement, *fields: str) -> None:
    """Save changed fields as a new version of the statement, with its history."""
    statement.version += 1
    statement.save(update_fields=[*fields, "version", "updated_at"])


# --- Service functions ---------------------------------------------------------------------------------------


def submit(statement: Statement, *, by: Actor) -> Statement:
    """Hand a draft in for review."""
    return apply(SUBMIT, statement, by=by)


def send_back(statement: Statement, *, by: Actor, reason: str = "") -> Statement:
    """Return a statement to its author, with a comment if there is one. An approval is dropped."""
    with transaction.atomic():
        returned = apply(SEND_BACK, statement, by=by)
        if reason.strip():
            comment(returned, by=by, text=reason)
    return returned


def approve(statement: Statement, *, by: Actor) -> Statement:
    """Approve a statement that somebody else wrote."""
    return apply(APPROVE, statement, by=by)


def unschedule(statement: Statement, *, by: Actor) -> Statement:
    """Take a scheduled statement back before its minute: it is approved again, and nothing of it becomes public."""
    return apply(UNSCHEDULE, statement, by=by)


def publish(statement: Statement, *, by: Actor, at: datetime | None = None) -> Statement:
    """Publish an approved statement. It is public from its moment of publication on, or from now if it names none."""
    return apply(PUBLISH, statement, by=by, at=at)


def publish_unreviewed(statement: Statement, *, by: Actor, reason: str) -> Statement:
    """Publish at once what nobody else has read. It stays marked until another publisher approves it."""
    return apply(PUBLISH_UNREVIEWED, statement, by=by, reason=reason)


def approve_afterwards(statement: Statement, *, by: Actor) -> Statement:
    """Approve what was published in an emergency, as a third person who has read it."""
    return apply(APPROVE_AFTERWARDS, statement, by=by)


def withdraw(statement: Statement, *, by: Actor, reason: str) -> Statement:
    """Withdraw a public statement. Its page stays, with the notice and the reason."""
    return apply(WITHDRAW, statement, by=by, reason=reason)


def correct(correction: Correction, *, by: Actor, title: str | None = None, body: str | None = None) -> Correction:
    """Publish a correction of a public statement, and replace the wrong text. The earlier text stays readable.

    Args: title, body: the corrected texts; None leaves them as they are.
    """
    with transaction.atomic():
        before = Statement.objects.select_for_update().get(pk=correction.statement_id)

        def mend(statement: Statement) -> None:
            statement.title = title if title is not None else statement.title
            statement.body = body if body is not None else statement.body
            if correction.is_small:
                statement.workflow = before.workflow
            statement.clean()

        after = apply(CORRECT, correction.statement, by=by, change=mend)
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


def comment(statement: Statement, *, by: Actor, text: str) -> ReviewComment:
    """Leave a comment for the other editors on a text that is not public yet. Raises NewsroomError."""
    NewsroomError.unless_permitted(by, "news.change_statement", _("Only an editor of the newsroom may do this."))
    if statement.workflow in PUBLIC_STATES:
        raise NewsroomError(_("It is public already: correct it in the open."))
    entry = ReviewComment(statement=statement, text=text.strip(), made_by=by)  # type: ignore[misc]
    entry.full_clean()
    entry.save()
    return entry


def reset_review(statement: Statement) -> Statement:
    """Prepare a statement whose text was edited for saving: what was in review or approved becomes a draft again."""
    if statement.workflow in (Workflow.APPROVED, Workflow.IN_REVIEW):
        statement.workflow = Workflow.DRAFT
        statement.approved_by = None
    if statement.pk:
        Bundle.objects.filter(statements=statement.pk).drop("texts")
    statement.version += 1
    return statement


def content_changed(statement: Statement, *, by: Actor) -> None:
    """Say that something that belongs to a statement was changed beside it: what was in review or approved is a draft again."""
    with transaction.atomic():
        locked = Statement.objects.select_for_update().get(pk=statement.pk)
        if locked.workflow in PUBLIC_STATES:
            return
        reset_review(locked)
        locked._history_user = by  # type: ignore[attr-defined]
        locked.save(update_fields=["workflow", "approved_by", "version", "updated_at"])


RESTORED = ("title", "body", "byline", "date_note", "source_note", "symbol")
"""The fields that `restore` takes from an earlier version: texts only, no dates, people or links."""


def restore(statement: Statement, version: int, *, by: Actor) -> Statement:
    """Make the words of an earlier version the draft of today. A public text is corrected instead. Raises NewsroomError."""
    with transaction.atomic():
        locked = Statement.objects.select_for_update().get(pk=statement.pk)
        NewsroomError.if_any(_needs_editor(locked, by))
        if locked.workflow in PUBLIC_STATES:
            raise NewsroomError(_("It is public already: correct it in the open."))
        old = locked.history.filter(version=version).order_by("-history_date", "-history_id").first()
        if old is None:
            raise NewsroomError(_("There is no such version."))
        for field in RESTORED:
            setattr(locked, field, getattr(old, field))
        reset_review(locked)
        locked._history_user = by  # type: ignore[attr-defined]
        locked._change_reason = f"Restored from version {version}"  # type: ignore[attr-defined]
        locked.save(update_fields=[*RESTORED, "workflow", "approved_by", "version", "updated_at"])
    return locked


def move_to(statement: Statement, slug: str, *, by: Actor) -> Statement:
    """Give a public statement another address. The old one redirects to it for good.

    Raises NewsroomError, and ValidationError by field.
    """
    with transaction.atomic():
        locked = Statement.objects.select_for_update().get(pk=statement.pk)
        NewsroomError.if_any(_needs_publisher(locked, by))
        if locked.workflow not in PUBLIC_STATES or locked.is_scheduled:
            raise NewsroomError(_("It is not public yet: change its address in the form."))
        if OldSlug.objects.filter(slug__iexact=slug).exclude(statement=locked).exists():
            raise NewsroomError(_("This address was another statement's, and still leads to it."))
        old, locked.slug = locked.slug, slug.lower()
        locked.full_clean()
        locked.old_slugs.filter(slug=locked.slug).delete()
        if old != locked.slug:
            OldSlug.objects.create(slug=old, statement=locked)
        locked._history_user = by  # type: ignore[attr-defined]
        _save_version(locked, "slug")
    return locked
