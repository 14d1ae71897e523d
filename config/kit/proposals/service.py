"""Service functions of proposals: accept, refuse, take back."""

from contextlib import nullcontext
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from config.kit.incoming.texts import clean_text
from config.kit.models.histories import one_version
from config.kit.models.proposals import Proposal
from config.kit.models.row_versions import NotWhatWasSeen, Part, check_seen
from config.kit.proposals.guards import guard_of
from config.kit.proposals.snapshots import fields_of, manager_of, model_of, shown
from config.kit.proposals.trials import permissions_for
from config.kit.services import Refused

Decision = Proposal.Decision


class ProposalError(Refused):
    """What cannot be done with a proposal; the message is a sentence for the editor."""


class HasChanged(ProposalError, NotWhatWasSeen):
    """The proposal, or what it changes, is not what the editor was shown."""


def contents_of(proposal: Proposal) -> list[Part]:
    """What a second person is shown and accepts: each change, and what is there now."""
    parts = []
    for change, row in zip(proposal.changes, _rows_of(proposal), strict=True):
        names = change["after"] or change["before"] or {}
        now = fields_of(row) if row is not None else {}
        meta = model_of(change)._meta
        what = f"{capfirst(meta.verbose_name)} {change['key']}"
        for name in names:
            label = meta.get_field(name).verbose_name  # type: ignore[union-attr]
            parts.append((f"{what}: {label}", f"{(change['after'] or {}).get(name)} < {now.get(name)}"))
    return parts


def side_by_side(proposal: Proposal) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """For each row its name, and for each field that changes its name with the values before and after, for people."""
    found = []
    for change in proposal.changes:
        meta = model_of(change)._meta
        before, after = change["before"] or {}, change["after"] or {}
        lines = []
        for name in after or before:
            field: Any = meta.get_field(name)
            if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False) or name == "version":
                continue  # the site writes it by itself
            lines += _lines_of(field, before.get(name), after.get(name))
        what = _("New") if change["before"] is None else _("Deleted") if change["after"] is None else _("Changed")
        found.append((f"{capfirst(meta.verbose_name)}: {what}", lines))
    return found


def _lines_of(field: Any, old: Any, new: Any) -> list[tuple[str, str, str]]:
    """The lines of a field that changes; of texts that are kept together one for each."""
    label = capfirst(field.verbose_name)
    if isinstance(old or {}, dict) and isinstance(new or {}, dict) and isinstance(old or new, dict):
        was, becomes = old or {}, new or {}
        pairs = [(f"{label}: {name}", was.get(name), becomes.get(name)) for name in dict.fromkeys([*was, *becomes])]
    else:
        pairs = [(label, old, new)]
    told = [(name, shown(field, then), shown(field, now)) for name, then, now in pairs]
    return [(name, then, now) for name, then, now in told if then != now]


def refusal_to_accept(proposal: Proposal, by: User) -> str:
    """Why an editor cannot accept or refuse a proposal; an empty text if they can."""
    if not (proposal.is_open or proposal.is_urgent):
        return _("It is decided already.")
    if proposal.made_by_id == by.pk:
        return _("You proposed it yourself: ask a colleague.")
    if not all(by.has_perm(permission) for permission in permissions_for(proposal.changes)):
        return _("Your role does not change this.")
    return ""


def accept(proposal: Proposal, *, seen: str | None, by: User) -> Proposal:
    """Make the changes of a proposal, as a second person; say of what was urgent, and is made, that one has seen it.

    Args: seen: the fingerprint of `contents_of` as it was shown.
    Raises ProposalError, HasChanged where the proposal or what it changes is another than was shown.
    """
    with transaction.atomic():
        for model in dict.fromkeys(model_of(change) for change in proposal.changes):
            if (guard := guard_of(model)) is not None:
                guard.before_locking()
        locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
        ProposalError.if_any(refusal_to_accept(locked, by))
        check_seen(seen, contents_of(locked), HasChanged)
        if locked.is_open:
            rows = apply(locked, by=by)
            locked.key = locked.key or str(rows[0].pk)
        return _decide(locked, Decision.ACCEPTED, "", by)


def refuse(proposal: Proposal, *, reason: str, by: User) -> Proposal:
    """Refuse a proposal as a second person, with a reason that its author reads. Raises ProposalError.

    What was urgent stays as it was made, until a later change takes it back; the refusal stays on record beside it.
    """
    ProposalError.if_any("" if reason.strip() else _("Say why it is refused: who proposed it reads it."))
    with transaction.atomic():
        locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
        ProposalError.if_any(refusal_to_accept(locked, by))
        return _decide(locked, Decision.REFUSED, reason, by)


def take_back(proposal: Proposal, *, by: User) -> Proposal:
    """Take back what one has proposed oneself and nobody has decided on. Raises ProposalError."""
    with transaction.atomic():
        locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if not locked.is_open:
            raise ProposalError(_("It is decided already."))
        if locked.made_by_id != by.pk:
            raise ProposalError(_("Only who proposed it can take it back."))
        return _decide(locked, Decision.TAKEN_BACK, "", by)


def _decide(locked: Proposal, decision: str, reason: str, by: User) -> Proposal:
    locked.decision, locked.reason = decision, clean_text(reason)
    locked.decided_by, locked.decided_at = by, timezone.now()
    locked._history_user = by  # type: ignore[attr-defined]
    locked.save(update_fields=["key", "decision", "reason", "decided_by", "decided_at"])
    return locked


def apply(proposal: Proposal, *, by: User) -> list[Any]:
    """Make the changes, all or none. Raises ProposalError where they do not fit what is there now."""
    reason = _("Proposed by %(who)s (proposal %(n)s)") % {"who": proposal.made_by, "n": proposal.pk}
    keys: dict[tuple[str, Any], Any] = {}
    rows = []
    try:
        with transaction.atomic():
            for change in proposal.changes:
                rows.append(_apply(proposal, change, keys, by, reason))
    except ValidationError as error:
        raise ProposalError(" ".join(error.messages)) from error
    except (IntegrityError, models.ProtectedError) as error:
        raise ProposalError(_("The database does not take it beside what is there now.")) from error
    return rows


def _apply(proposal: Proposal, change: dict[str, Any], keys: dict[tuple[str, Any], Any], by: User, reason: str) -> Any:
    """Make one change. Args: keys: the keys that rows got which are new in this proposal, by those that they had on trial."""
    model = model_of(change)
    before, after = change["before"], change["after"]
    row: Any = model() if before is None else manager_of(model).select_for_update().filter(pk=change["key"]).first()
    if row is None:
        raise ProposalError(_("It is there no more: %(what)s.") % {"what": model._meta.verbose_name})
    if before is not None:
        now = fields_of(row)
        _check_as_before(model, before, now)
    row._history_user, row._change_reason = by, reason[:100]
    guard = guard_of(model)
    if after is None:
        if guard is None or not guard.may_be_deleted:
            raise ProposalError(_("Nothing public is deleted: say on its own page why it is taken out."))
        row.delete()
        return row
    links = {f.name: after[f.name] for f in model._meta.many_to_many if f.name in after}
    for name, value in after.items():
        if name not in links:
            _set(row, name, value, keys)
    if guard is not None:
        guard.before_accepting(row, by)
    row.full_clean()
    with one_version(row, is_new=before is None) if links else nullcontext():
        row.save()
        for name, linked in links.items():
            getattr(row, name).set(linked)
    if before is None:
        keys[change["model"], change["key"]] = row.pk
    if guard is not None:
        guard.when_accepted(row, proposal)
    return row


def _check_as_before(model: type[Model], before: dict[str, Any], now: dict[str, Any]) -> None:
    """Raises ProposalError, with their names, where fields are not what they were when the change was proposed."""
    changed = [
        str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name, value in before.items()
        if now.get(name) != value
    ]
    if changed:
        raise ProposalError(
            _("It has changed since this was proposed: %(fields)s. Refuse it, and propose it anew.")
            % {"fields": ", ".join(changed)}
        )


def _set(row: Any, name: str, value: Any, keys: dict[tuple[str, Any], Any]) -> None:
    field = row._meta.get_field(name)
    if isinstance(field, models.ForeignKey):
        target = field.related_model
        value = keys.get((target._meta.label_lower, value), value)
        setattr(row, field.attname, target._meta.pk.to_python(value))
    else:
        setattr(row, name, field.to_python(value))


def _rows_of(proposal: Proposal) -> list[Any]:
    """The rows that are changed, as they are now; None for what is new or gone."""
    return [
        None if change["before"] is None else manager_of(model_of(change)).filter(pk=change["key"]).first()
        for change in proposal.changes
    ]
