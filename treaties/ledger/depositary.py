"""Reads the Depositary's own page of a treaty, as it was saved from the UN Treaty Collection (HTML), and its XML.

The page has a table of participants: a State, the day of its signature, the day of its consent with a letter for its kind, which
the heading of the column explains. What has ended stands in brackets; notices of withdrawal stand in the end notes. Where the
numbers of signatories and parties at the head of the page are not those that were read, the officer is told.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser

from django.utils.translation import gettext as _

from config.kit.incoming.days import read_day
from config.kit.incoming.tables import TableError
from treaties.law.rules import CONSENTS, ActionKind
from treaties.models import State
from treaties.models.states import name_key

Act = tuple[str, str, date]
_AS_AT = re.compile(r"STATUS\s+AS\s+AT\s*:?\s*(\d{1,2})-(\d{1,2})-(\d{4})", re.I)
_REFERENCE = re.compile(r"mtdsg_no=([IVX]+(?:-\d+)+(?:-[a-z])?)\b")
_STATED = re.compile(r"(Signatories|Parties)\s*:\s*(\d+)")
_DAY = re.compile(r"(\d{1,2}\s+[A-Za-z]+\s+\d{4})\s*([A-Za-z]{1,2})?")
_LETTER = re.compile(r"([A-Z][A-Za-z ]*?)(?:\s+under\s+article\s+\d+)?\s*\((\w{1,2})\)")
_NOTICE = r"notification\s+of\s+(?:withdrawal|denunciation)"
_ON = r"On\s+(?P<day>\d{1,2}\s+\w+\s+\d{4}),?\s+"
_WITHDRAWALS = [
    re.compile(rf"{_ON}the\s+Government\s+of\s+(?P<name>[^.,]+?)\s+(?:deposited|notified|lodged)\b[^.]*?\b{_NOTICE}"),
    re.compile(
        rf"{_ON}the\s+Secretary-General\s+received\s+from\s+the\s+Government\s+of\s+(?P<name>[^.,]+?),?\s+(?:a|its)\s+{_NOTICE}"
    ),
]
_TELLS_A_WITHDRAWAL = re.compile(rf"\b{_NOTICE}\b")
_KINDS = {
    "ratification": ActionKind.RATIFICATION,
    "acceptance": ActionKind.ACCEPTANCE,
    "approval": ActionKind.APPROVAL,
    "accession": ActionKind.ACCESSION,
    "succession": ActionKind.SUCCESSION,
    "consent to be bound": ActionKind.ACCEPTANCE,
    "formal confirmation": ActionKind.APPROVAL,
    "provisional application": ActionKind.PROVISIONAL_APPLICATION,
    "signature": ActionKind.SIGNATURE,
    "definitive signature": ActionKind.RATIFICATION,
    "succession to signature": ActionKind.SIGNATURE,
}
"""What the headings of the columns call an act."""


@dataclass(frozen=True)
class StatusTable:
    """What a page of the Depositary says: its day, where it names one, the treaty's reference, and the acts."""

    as_at: date | None
    reference: str
    acts: list[Act]
    doubts: list[str] = field(default_factory=list)
    """What the page says and the acts that were read do not bear out, in sentences for an officer."""

    def number_of(self, kinds: Iterable[str]) -> int:
        chosen = set(kinds)
        return sum(action in chosen for _iso3, action, _day in self.acts)

    def read(self) -> dict[str, int]:
        """How many acts of each kind were read."""
        return {
            "signatures": self.number_of([ActionKind.SIGNATURE]),
            "consents": self.number_of(CONSENTS),
            "withdrawals": self.number_of([ActionKind.WITHDRAWAL]),
        }


def is_page(content: bytes) -> bool:
    """Whether a file is a page or XML, and no table of values."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def read_page(content: bytes) -> StatusTable:
    """The acts of a saved page or of the XML of the UN Treaty Collection. Raises TableError with all that cannot be read."""
    text = content.decode("utf-8-sig", errors="replace")
    is_html = bool(re.search(r"<(?:html|!doctype\s+html)\b", text[:5000], re.I)) or "<Participants" not in text
    header, rows, notes = _of_html(text) if is_html else _of_xml(content)
    reader = _Reader(State.objects.codes_by_key())
    acts = reader.acts(header, rows) + reader.withdrawals(notes)
    plain = re.sub(r"<[^>]+>", " ", text)
    for what, number in _STATED.findall(plain):
        read = reader.standing[what]
        if int(number) != read:
            reader.doubts.append(
                _("The page says %(what)s: %(number)s, and %(read)d were read.")
                % {"what": what, "number": number, "read": read}
            )
    if reader.wrong:
        raise TableError(list(dict.fromkeys(reader.wrong)))
    as_at = _AS_AT.search(plain)
    reference = _REFERENCE.search(text)
    return StatusTable(
        _day_of(as_at) if as_at else None,
        reference[1] if reference else "",
        acts,
        reader.doubts,
    )


def _day_of(as_at: re.Match[str]) -> date:
    try:
        return date(int(as_at[3]), int(as_at[2]), int(as_at[1]))
    except ValueError as error:
        raise TableError([_("The day of the page cannot be read: %s.") % as_at[0]]) from error


# --- The two forms -------------------------------------------------------------------------------------------


class Cell:
    """A cell of a table, to which words are added as they are read."""

    def __init__(self) -> None:
        self.text = ""

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


class _Tables(HTMLParser):
    """The tables of a page, each a list of rows of cells with the words that stand in no inner table; no numbers of notes."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[Cell]]] = []
        self._open: list[list[list[Cell]]] = []
        self._left_out = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open.append([])
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._open[-1].append([])
        elif tag in ("td", "th") and self._open and self._open[-1]:
            self._open[-1][-1].append(Cell())
        elif tag in ("sup", "script", "style"):
            self._left_out += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._open:
            self._open.pop()
        elif tag in ("sup", "script", "style"):
            self._left_out = max(self._left_out - 1, 0)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] and self._open[-1][-1] and not self._left_out:
            self._open[-1][-1][-1].text += data


Parts = tuple[list[str], list[list[str]], list[str]]
"""The headings of the table, its rows, and the texts in which notes can stand."""


def _of_html(text: str) -> Parts:
    page = _Tables()
    page.feed(text)
    tables = [[[cell.words for cell in row] for row in table] for table in page.tables]
    for table in tables:
        if table and _is_header(table[0]):
            notes = [cell for other in tables if other is not table for row in other for cell in row]
            return table[0], [row for row in table[1:] if any(row)], notes
    raise TableError([_("No table of participants with their signatures and consents was found.")])


def _of_xml(content: bytes) -> Parts:
    if b"<!ENTITY" in content or b"<!DOCTYPE" in content:
        raise TableError([_("The XML defines entities of its own: it is not read.")])
    try:
        root = ET.fromstring(content)  # noqa: S314 - without entities of its own
    except ET.ParseError as error:
        raise TableError([_("The XML cannot be read: %s.") % error]) from error
    participants = next(root.iter("Participants"), ET.Element("Participants"))
    rows = [[_words_of(entry) for entry in row.iter("Entry")] for row in participants.iter("Row")]
    if not rows or not _is_header(rows[0]):
        raise TableError([_("No table of participants with their signatures and consents was found.")])
    notes = [_words_of(note) for note in root.iter() if note.tag in ("EndNote", "Note", "Footnote", "Text")]
    return rows[0], [row for row in rows[1:] if any(row)], notes


def _words_of(element: ET.Element) -> str:
    text = re.sub(r"<superscript>.*?</superscript>", "", "".join(element.itertext()))
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def _is_header(row: list[str]) -> bool:
    return len(row) > 1 and row[0].startswith("Participant") and any(_kinds_of(heading) for heading in row[1:])


def _kinds_of(heading: str) -> dict[str, ActionKind]:
    """The acts that a column tells by their letters; the one without a letter stands under an empty text."""
    found: dict[str, ActionKind] = {}
    for part in heading.split(","):
        lettered = _LETTER.search(part)
        words = (lettered[1] if lettered else part).strip().casefold()
        kind = _KINDS.get(words)
        if kind is not None:
            found[lettered[2] if lettered else ""] = kind
    return found


@dataclass
class _Reader:
    """Turns rows into acts, and keeps what cannot be read."""

    names: Mapping[str, str]
    wrong: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    standing: dict[str, int] = field(default_factory=lambda: {"Signatories": 0, "Parties": 0})
    """How many signatures and consents stand, that is, not in brackets."""

    def acts(self, header: list[str], rows: list[list[str]]) -> list[Act]:
        columns = [_kinds_of(heading) for heading in header]
        found: list[Act] = []
        for row in rows:
            iso3 = self.state(row[0])
            for kinds, cell in zip(columns[1:], row[1:], strict=False):
                act = self.act(iso3, kinds, cell, row[0]) if cell.strip("[] ") else None
                if act is not None:
                    found.append(act)
        return found

    def state(self, name: str) -> str:
        iso3 = self.names.get(name_key(name), "")
        if not iso3:
            self.wrong.append(_("Unknown State: %s.") % name)
        return iso3

    def act(self, iso3: str, kinds: Mapping[str, ActionKind], cell: str, name: str) -> Act | None:
        match = _DAY.fullmatch(cell.strip("[] "))
        kind = kinds.get(match[2] or "") if match else None
        if kind is None and match and ActionKind.PROVISIONAL_APPLICATION in kinds.values() and len(kinds) == 1:
            kind = ActionKind.PROVISIONAL_APPLICATION
        try:
            day = read_day(" ".join(match[1].split())) if match else None
        except ValueError:
            day = None
        if kind is None or day is None:
            self.wrong.append(_("%(name)s: %(cell)s cannot be read.") % {"name": name, "cell": cell})
            return None
        if not cell.startswith("["):
            self.standing["Signatories"] += kind is ActionKind.SIGNATURE
            self.standing["Parties"] += kind in CONSENTS
        return (iso3, kind.value, day) if iso3 else None

    def withdrawals(self, notes: list[str]) -> list[Act]:
        found: dict[Act, None] = {}
        for note in notes:
            told = [match for pattern in _WITHDRAWALS for match in pattern.finditer(note)]
            if not told and _TELLS_A_WITHDRAWAL.search(note):
                self.doubts.append(_("A note tells of a withdrawal and was not read: %s") % note[:200])
            for match in told:
                iso3 = self.state(match["name"].strip())
                if iso3:
                    found[iso3, ActionKind.WITHDRAWAL.value, read_day(match["day"])] = None
        return list(found)
