"""What becomes public with a statement or a bundle, and who wrote it: what reviewers are shown, and are not authors of."""

from itertools import pairwise

from django.utils.translation import gettext as _

from config.kit.models.row_versions import Named, Part, fingerprint, in_words, parts_of
from news.models import Bundle, Figure, Photo, Quotation, Speaker, SpeakerRole, Statement, Video
from news.models.choices import PUBLIC_STATES

PROCESS = frozenset(
    {
        "workflow",
        "version",
        "updated_at",
        "reviewer",
        "author",
        "approved_by",
        "approved_contents",
        "published_by",
        "publish_at",
        "emergency_reason",
        "withdrawn_reason",
        "withdrawn_at",
    }
)
"""Fields of a statement that tell its way through the newsroom: the workflow alone writes them, but for the moment."""


def contents_of(statement: Statement, named: Named = in_words) -> list[Part]:
    """All that becomes public with a statement: its fields and links, quotations, figures, videos, speaker, roles, photograph."""
    related = [(Quotation, "statement_id"), (Figure, "statement_id")]
    parts = parts_of(statement, related, but=PROCESS, named=named)
    if videos := list(Video.objects.filter(statement=statement.pk).order_by("pk").values_list()):
        parts.append((named(Video), str(videos)))  # without one, an approval of before videos stands
    if statement.speaker is not None:
        parts += parts_of(statement.speaker, [(SpeakerRole, "speaker_id")], named=named)
    if statement.photo is not None:
        parts += parts_of(statement.photo, named=named)
    return parts


def moment_and_contents_of(statement: Statement, named: Named = in_words) -> list[Part]:
    """As `contents_of`, with the moment from which it is public: what is published, or approved for then."""
    field = statement._meta.get_field("publish_at")
    return [*contents_of(statement, named), (named(field), str(statement.publish_at))]


def fingerprint_of(statement: Statement) -> str:
    """The fingerprint of a statement with its moment, which whoever approves or publishes it hands back."""
    return fingerprint(moment_and_contents_of(statement))


def authors_of(statement: Statement) -> set[int]:
    """The keys of its author and of all who changed what becomes public with it since it was last approved. A few queries."""
    found = {statement.author_id}
    versions = list(statement.history.order_by("-history_date", "-history_id"))
    approved = next((n for n, v in enumerate(versions) if _is_an_approval(v, versions[n + 1 : n + 2])), len(versions))
    since = versions[approved].history_date if approved < len(versions) else None
    for after, before in pairwise(versions[: approved + 1]):
        if after.history_user_id and after.diff_against(before, excluded_fields=PROCESS).changes:
            found.add(after.history_user_id)
    if since is None and versions:
        found.add(versions[-1].history_user_id)
    of_its_parts = [model.history.filter(statement_id=statement.pk) for model in (Quotation, Figure, Video)]
    # What a public text uses as well has had its second person.
    if statement.speaker is not None and not _is_used_in_public(statement.speaker):
        of_its_parts += [
            Speaker.history.filter(id=statement.speaker_id),
            SpeakerRole.history.filter(speaker_id=statement.speaker_id),
        ]
    if statement.photo is not None and not _is_used_in_public(statement.photo):
        of_its_parts.append(Photo.history.filter(id=statement.photo_id))
    for rows in of_its_parts:
        changed = rows.filter(history_date__gt=since) if since is not None else rows
        found |= set(changed.order_by().values_list("history_user", flat=True).distinct())
    return {key for key in found if key is not None}


def _is_used_in_public(owner: Speaker | Photo) -> bool:
    return owner.statements.filter(workflow__in=PUBLIC_STATES).exists()


def _is_an_approval(version: Statement, before: list[Statement]) -> bool:
    """Whether a version is the one in which the statement was approved."""
    return version.approved_by_id is not None and bool(before) and before[0].approved_by_id is None


def acts_of(bundle: Bundle) -> list[Part]:
    """What an officer approves of a bundle: its acts in full, and the moment."""
    parts = [(_("public from"), str(bundle.release_at))]
    for act in bundle.acts.select_related("state", "treaty").order_by("pk"):
        parts += [(f"{act}: {name}", value) for name, value in parts_of(act)]
    return parts


def texts_of(bundle: Bundle) -> list[Part]:
    """What a publisher approves of a bundle: its texts and calls in full, and the moment."""
    parts = [(_("public from"), str(bundle.release_at))]
    for statement in bundle.statements.for_page().order_by("pk"):
        parts += [(f"{statement}: {name}", value) for name, value in contents_of(statement)]
    for action in bundle.actions.order_by("pk"):
        parts += [(f"{action}: {name}", value) for name, value in parts_of(action)]
    return parts


def announcement_of(bundle: Bundle) -> list[Part]:
    """What is public of a bundle before its moment: its line in the calendar, and the moment."""
    return [(_("announced as"), bundle.announced_as), (_("public from"), str(bundle.release_at))]
