"""What an editor saw, so that nobody overwrites what somebody else has saved since, or confirms what nobody has shown them.

The content of a row is a list of parts: the name and the value of each of its fields, and of the rows that belong to it. Its
fingerprint is the digests of all parts, joined by hyphens. Two fingerprints of one thing tell which parts differ.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable
from itertools import zip_longest

from django.db.models import Field, Model
from django.utils.translation import gettext as _

from config.kit.services import Refused

Related = tuple[type[Model], str]
"""Rows that are edited together with another: their model, and the name of their foreign key to it."""
Part = tuple[str, str]
"""The name of a part of the content, and its value as text."""
Named = Callable[[Field | type[Model]], str]
"""How a part is named, after its field or the model of its rows."""


class NotWhatWasSeen(Refused):
    """A step that confirms something, taken on content that has changed since it was shown. The message names what changed."""


def in_words(part: Field | type[Model]) -> str:
    """The name of a part for people."""
    return str(part.verbose_name if isinstance(part, Field) else part._meta.verbose_name_plural)


def by_name(part: Field | type[Model]) -> str:
    """The name of a part for programs."""
    return part.name if isinstance(part, Field) else f"{part._meta.model_name}s"


def parts_of(
    row: Model, related: Iterable[Related] = (), but: Collection[str] = (), named: Named = in_words
) -> list[Part]:
    """Everything that an editor could change of a row as it is in memory, and of its related rows as the database has them.

    Args: but: the names of fields that are left out.
    """
    meta = row._meta
    fields = [f for f in meta.concrete_fields if f.name not in but]
    parts = [(named(f), str(f.value_from_object(row))) for f in fields]
    parts += [(named(f), str(sorted(r.pk for r in getattr(row, f.name).all()))) for f in meta.many_to_many]
    for model, key in related:
        names = [f.attname for f in model._meta.concrete_fields]
        rows = model._default_manager.filter(**{key: row.pk}).order_by("pk").values_list(*names)
        parts.append((named(model), str(list(rows))))
    return parts


def _digests(parts: Iterable[Part]) -> list[str]:
    return [hashlib.sha256(value.encode()).hexdigest()[:24] for _name, value in parts]


def fingerprint(parts: Iterable[Part]) -> str:
    """The digests of the parts: 96 bits each, so that nobody finds another content with the same ones."""
    return "-".join(_digests(parts))


def changed_parts(seen: str, parts: Iterable[Part]) -> list[str]:
    """The names of the parts that are not those of a fingerprint, each once."""
    parts = list(parts)
    compared = zip_longest(seen.split("-"), _digests(parts), (name for name, _value in parts))
    return list(dict.fromkeys(name or _("what belongs to it") for then, now, name in compared if then != now))


def check_seen(seen: str | None, parts: Iterable[Part], refusal: type[NotWhatWasSeen] = NotWhatWasSeen) -> None:
    """Raises the refusal, which names what has changed, unless the parts are those of the fingerprint."""
    if not seen:
        raise refusal(_("Look at it first: what is confirmed is what was shown."))
    changed = changed_parts(seen, parts)
    if changed:
        raise refusal(
            _("It has changed since you saw it: %(parts)s. Look at it again.") % {"parts": ", ".join(changed)}
        )


def version_of(row: Model, related: Iterable[Related] = ()) -> str:
    """The fingerprint of a row as it is in memory, and of its related rows as the database has them."""
    return fingerprint(parts_of(row, related))


def changed_between(seen: str, row: Model, related: Iterable[Related] = ()) -> list[str]:
    """The names of the fields that have changed since a version was seen."""
    return changed_parts(seen, parts_of(row, related))
