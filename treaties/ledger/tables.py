"""A table of acts that an officer brings in: read, checked as a whole without any lock, recorded as a whole.

The table is CSV or XLSX (see `config.kit.incoming.tables`), one row an act. All that is wrong is told at once, each with its line,
its column, what was read and what is wanted.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from config.kit.incoming.tables import TableError, TableRow, read_rows
from config.kit.incoming.texts import clean_line
from treaties.law import rules
from treaties.law.sequences import objections
from treaties.ledger.chain import lock_ledger
from treaties.ledger.checks import loses_its_meaning, sentence_of
from treaties.ledger.letters import WrongLetter, day_of_act
from treaties.ledger.reading import actions_by_treaty
from treaties.ledger.recording import LedgerError
from treaties.models import ActionChoices, State, Treaty, TreatyAction
from treaties.models.states import name_key

REQUIRED = ("treaty", "iso3", "action", "date", "source_url")
OPTIONAL = ("effective_date", "effective_reason", "note")
REASON = "From a table of acts"
"""The reason in the history of what was recorded from a table."""


@dataclass(frozen=True)
class Row:
    """A row of the table as texts: its line, and the cells of the known columns."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class TableOfActs:
    """The acts of a table, unsaved, and all that is wrong with it, a sentence each."""

    rows: Sequence[Row]
    acts: Sequence[TreatyAction]
    wrong: Sequence[str]


def read_acts(content: bytes) -> TableOfActs:
    """Read and check a table. Writes nothing and locks nothing. Raises TableError where it cannot be read at all."""
    return check_acts([_row(row) for row in read_rows(content, REQUIRED)])


def _row(row: TableRow) -> Row:
    return Row(row.line, {name: row.cells.get(name, "") for name in (*REQUIRED, *OPTIONAL)})


def check_acts(rows: Iterable[Row]) -> TableOfActs:
    """The acts of rows, with all that is wrong. A handful of queries, however many rows there are."""
    given = list(rows)
    reader = _Reader()
    read = [(row, act) for row in given if (act := reader.act(row)) is not None]
    # Beside a row that cannot be read the State's other acts cannot be judged.
    judged = [(row, act) for row, act in read if act.state_id not in reader.states_in_doubt]
    wrong = [*reader.wrong, *_objections(judged)]
    return TableOfActs(given, [act for _row, act in read], sorted(wrong, key=_line_of))


def _line_of(message: str) -> int:
    return int(message.partition(":")[0])


class _Reader:
    """Makes acts of rows, and collects what is wrong with each."""

    def __init__(self) -> None:
        self.treaties = {t.slug: t for t in Treaty.objects.all()}
        self.states = {s.pk: s for s in State.objects.all()}
        self.codes = State.objects.codes_by_key()
        rows = TreatyAction.objects.filter(replaces=None)
        self.recorded = set(rows.values_list("treaty", "state", "action", "deposited_on"))
        self.seen: dict[tuple[Any, ...], int] = {}
        self.wrong: list[str] = []
        self.states_in_doubt: set[str] = set()

    def act(self, row: Row) -> TreatyAction | None:
        """The act of a row; None where a part of it cannot be read, or the act cannot be."""
        problems: list[str] = []
        treaty = self._one_of(row, "treaty", row.cells["treaty"], self.treaties, problems)
        iso3 = self.codes.get(name_key(row.cells["iso3"]), row.cells["iso3"])
        state = self._one_of(row, "iso3", iso3, self.states, problems)
        action = row.cells["action"].casefold()
        if action not in ActionChoices.values:
            known = ", ".join(ActionChoices.values)
            problems.append(
                _("action: %(value)s is none of %(known)s.") % {"value": _told(row, "action"), "known": known}
            )
        deposited_on = self._day(row, "date", action, problems)
        stated = self._day(row, "effective_date", action, problems) if row.cells["effective_date"] else None
        if treaty and state and deposited_on and not problems:
            act = TreatyAction(
                treaty=treaty,
                state=state,
                action=action,
                deposited_on=deposited_on,
                stated_effective_on=stated,
                stated_effective_reason=row.cells["effective_reason"],
                source_url=row.cells["source_url"],
                note=row.cells["note"],
            )
            problems += self._of_the_act(row, act)
        self.wrong += [f"{row.line}: {problem}" for problem in problems]
        if problems and state:
            self.states_in_doubt.add(state.pk)
        return None if problems else act

    def _one_of(self, row: Row, column: str, key: str, known: dict[str, Any], problems: list[str]) -> Any:
        if key not in known:
            wanted = {
                "treaty": _("the treaty's address, such as mine-ban-convention"),
                "iso3": _("ISO 3166-1, such as EST, or a name of the State"),
            }
            message = _("%(column)s: unknown %(value)s. Wanted: %(wanted)s.")
            problems.append(message % {"column": column, "value": _told(row, column), "wanted": wanted[column]})
        return known.get(key)

    def _day(self, row: Row, column: str, action: str, problems: list[str]) -> date | None:
        try:
            return day_of_act(row.cells[column], action)
        except WrongLetter as error:
            problems.append(f"{column}: {error}")
        except ValueError:
            message = _("%(column)s: %(value)s is no day. Write YYYY-MM-DD, or 8 Sep 1998.")
            problems.append(message % {"column": column, "value": _told(row, column)})
        return None

    def _of_the_act(self, row: Row, act: TreatyAction) -> list[str]:
        """What the act's own checks refuse, and whether it is there already."""
        draft = rules.Action(0, act.state_id, rules.ActionKind(act.action), act.deposited_on)
        if act.stated_effective_on == rules.effective_on(draft, act.treaty.rules):
            act.stated_effective_on = None
        found = []
        if act.stated_effective_on and not act.stated_effective_reason:
            found.append(_("effective_reason: Say why the effect is not the day that the treaty's rule gives."))
        try:
            act.clean_fields(exclude=["treaty", "state", "recorded_at"])
            act.clean()
        except ValidationError as error:
            columns = {"deposited_on": "date", "stated_effective_on": "effective_date"}
            found += [f"{columns.get(n, n)}: {m}" for n, messages in error.message_dict.items() for m in messages]
        key = (act.treaty_id, act.state_id, act.action, act.deposited_on)
        if key in self.recorded:
            found.append(_("This act of this State on this day is in the ledger already."))
        if key in self.seen:
            found.append(_("The table has this act twice, see line %d.") % self.seen[key])
        self.seen.setdefault(key, row.line)
        return found


def _told(row: Row, column: str) -> str:
    """What was read, for a message."""
    return f"‘{row.cells[column][:80]}’" if row.cells[column] else _("an empty cell")


def _objections(read: Sequence[tuple[Row, TreatyAction]]) -> list[str]:
    """What the ledger refuses: acts without a meaning at their place, beside the record and beside the table's other acts."""
    by_state: dict[tuple[int, str], list[tuple[Row, TreatyAction, rules.Action]]] = defaultdict(list)
    for place, (row, act) in enumerate(read, start=1):
        draft = rules.Action(
            -place, act.state_id, rules.ActionKind(act.action), act.deposited_on, act.stated_effective_on
        )
        by_state[act.treaty_id, act.state_id].append((row, act, draft))
    treaties = {act.treaty for _row, act in read}
    current = actions_by_treaty(treaties)
    wrong = []
    for (treaty_id, iso3), drafts in by_state.items():
        treaty = drafts[0][1].treaty
        kept = current[treaty_id][iso3]
        signed_first = treaty.opened_on is not None
        before = objections(kept, treaty.rules, is_signed_first=signed_first)
        after = objections([*kept, *(d for _r, _a, d in drafts)], treaty.rules, is_signed_first=signed_first)
        for row, act, draft in drafts:
            if draft.id in after:
                wrong.append(f"{row.line}: {sentence_of(after[draft.id], act.state)}")
        touched = [a for a in rules.chronological(kept) if a.id in after and a.id not in before]
        if touched and not any(d.id in after for _r, _a, d in drafts):
            row, act, _draft = drafts[0]
            wrong.append(f"{row.line}: {loses_its_meaning(touched[0], act.state)}")
    return wrong


def record_acts(rows: Iterable[Row], *, by: User) -> int:
    """Record the acts of a table, all or none: each counts once another officer confirms it. Returns their number.

    The table is checked again under the lock of the ledger, which lasts as long as checking and writing take.
    Raises LedgerError for who may not record, TableError with all that is wrong.
    """
    now = timezone.now()
    LedgerError.unless_permitted(by, "treaties.add_treatyaction", _("Only a treaty officer may do this."))
    with transaction.atomic():
        lock_ledger()
        table = check_acts(rows)
        if table.wrong:
            raise TableError(list(table.wrong))
        for act in table.acts:
            act.recorded_by, act.recorded_at = by, now
            act.effective_on = rules.effective_on(act.as_rule_input(), act.treaty.rules)
        bulk_create_with_history(
            list(table.acts), TreatyAction, default_user=by, default_change_reason=REASON, batch_size=500
        )
    return len(table.acts)


def to_list(rows: Iterable[Row]) -> list[list[Any]]:
    """Rows as plain lists, to be handed from one page to the next."""
    return [[row.line, *(row.cells[name] for name in (*REQUIRED, *OPTIONAL))] for row in rows]


def from_list(lists: Iterable[Sequence[Any]]) -> list[Row]:
    """The rows of `to_list`."""
    return [
        Row(int(line), {name: clean_line(str(cell)) for name, cell in zip((*REQUIRED, *OPTIONAL), cells, strict=True)})
        for line, *cells in lists
    ]
