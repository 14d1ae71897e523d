"""Which duties of a State lapse when its withdrawal takes effect, and which do not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from treaties.law import rules
from treaties.ledger.reading import known_rows
from treaties.models import Article, State, Treaty
from treaties.status.boards import Board, last_shown_boards
from treaties.status.duties import Duty, dated_duties


@dataclass(frozen=True)
class LapsingDuties:
    """The lapsing duties of one State that leaves: which end, when, and which other treaties continue to bind it."""

    state: State
    ends_on: date
    duties: Sequence[Article]
    dated: Sequence[Duty]
    still_bound_by: Sequence[Treaty]


def lapsing_duties(board: Board) -> list[LapsingDuties]:
    """The lapsing duties of every State under notice or withdrawn whose day of effect is known. A fixed number of queries.

    The duties are the articles marked as such; dated ones are included where they were still open. Art. 20(4) of the Mine Ban
    Convention: duties under other rules of international law stay.
    """
    leaving = {
        line.state.pk: (line.state, line.standing.withdrawal_effective_on)
        for line in board.lines
        if line.standing.withdrawal and line.standing.withdrawal_effective_on
    }
    if not leaving:
        return []
    duties = known_rows(Article, board.known_at).filter(treaty=board.treaty.pk, is_duty=True).order_by("number")
    articles = list(duties)
    for article in articles:
        article.treaty = board.treaty
    others = last_shown_boards(
        known_rows(Treaty, board.known_at).exclude(slug=board.treaty.slug).order_by("position", "short_title"),
        board.on,
        board.known_at,
    )
    dated = dated_duties([board.treaty], board.on, [state for state, _day in leaving.values()], board.known_at)
    found = []
    for iso3, (state, ends_on) in leaving.items():
        found.append(
            LapsingDuties(
                state=state,
                ends_on=ends_on,
                duties=articles,
                dated=[d for d in dated if d.state.pk == iso3 and _is_open(d, ends_on)],
                still_bound_by=_binding(others, iso3),
            )
        )
    return sorted(found, key=lambda f: (f.ends_on, f.state.sort_name))


def _is_open(duty: Duty, ends_on: date) -> bool:
    """Due only after the day on which it ended, or recorded as not done."""
    return (
        duty.deadline is None
        or duty.deadline >= ends_on
        or (duty.recorded is not None and duty.recorded.outcome == "pending")
    )


def _binding(boards: Iterable[Board], iso3: str) -> list[Treaty]:
    bound = (rules.Status.PARTY, rules.Status.WITHDRAWING)
    return [board.treaty for board in boards if board.by_state[iso3].status in bound]
