"""How to cite what the record says: the day, the moment at which it was known, the heads of the ledgers, the address."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from treaties import ledger
from treaties.ledger import proof
from treaties.models import Treaty
from treaties.models.sealed_versions import SITE

AUTHOR = "Minefree"


@dataclass(frozen=True)
class Citation:
    """What is cited. It never changes: who opens the address reads the same, and the heads prove it."""

    title: str
    known_at: datetime
    heads: Sequence[tuple[str, str]]
    """The treaty's address and the head of its ledger (SHA-256), as it was at the moment; then the head of the site's own chain,
    which holds the rules and the names that were known."""
    address: str

    @property
    def known(self) -> str:
        return written_moment(self.known_at)

    @property
    def note(self) -> str:
        """The moment and the heads, in words."""
        heads = ", ".join(f"{slug} {head}" for slug, head in self.heads)
        return _("As known at %(moment)s. Head of the ledger: %(heads)s") % {"moment": self.known, "heads": heads}

    def text(self) -> str:
        """For a footnote."""
        return f"{AUTHOR} ({self.known_at.year}). {self.title}. {self.note}. {self.address}"

    def bibtex(self) -> str:
        """An entry for BibTeX and BibLaTeX."""
        fields = {
            "author": f"{{{AUTHOR}}}",
            "title": f"{{{_escaped(self.title)}}}",
            "year": f"{self.known_at:%Y}",
            "month": f"{self.known_at.month}",
            "day": f"{self.known_at.day}",
            "note": _escaped(self.note),
            "url": self.address,
        }
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{{self.key},\n{lines}\n}}\n"

    def csl(self) -> list[dict[str, Any]]:
        """An item of CSL-JSON, as reference managers read it."""
        day = [self.known_at.year, self.known_at.month, self.known_at.day]
        return [
            {
                "id": self.key,
                "type": "dataset",
                "title": self.title,
                "author": [{"literal": AUTHOR}],
                "issued": {"date-parts": [day]},
                "version": self.known,
                "note": self.note,
                "URL": self.address,
            }
        ]

    @property
    def key(self) -> str:
        """A short name of the entry."""
        words = re.sub(r"[^a-z0-9]+", "-", self.title.casefold()).strip("-")
        return f"minefree-{words}-{self.known_at:%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Without what TeX takes for a command."""
    return re.sub(r"([&%$#_{}])", r"\\\1", text)


def written_moment(moment: datetime) -> str:
    """A moment as addresses have it: to the microsecond, since a row may be confirmed at any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def cite(title: str, treaties: Sequence[Treaty], known_at: datetime | None, address: str) -> Citation | None:
    """The citation of something that was computed from ledgers; None while they hold nothing. At most two queries.

    Args: known_at: the moment that was asked for; else that of the last change. address: what stands before `known_at=`.
    """
    joint = "&" if "?" in address else "?"
    if known_at is None or known_at > timezone.now():  # what will be known tomorrow cannot be cited today
        ends = ledger.heads_of(treaties)
        if not ends:
            return None
        moment = max(head.record_changed_at or head.sealed_at for head in ends.values())
        heads = {treaty.pk: ends[treaty.pk].hash if treaty.pk in ends else proof.GENESIS for treaty in treaties}
        site = next(iter(ends.values())).site_hash
    else:
        moment = known_at
        heads, site = ledger.heads_at(treaties, moment), ledger.site_head_at(moment)
    named = [*((treaty.slug, heads[treaty.pk]) for treaty in treaties), *([(SITE, site)] if site else [])]
    return Citation(title, moment, named, f"{address}{joint}known_at={written_moment(moment)}")
