"""The history of a treaty for the figure that readers move through the years: what every State was, on every day of change."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from config.kit.formats.days import written
from config.kit.incoming.days import today
from config.kit.parameters import parsed_query
from treaties import ledger
from treaties.law import intervals
from treaties.ledger.reading import actions_by_state, states_known
from treaties.models import GroupChoices, StatusChoices, Treaty
from treaties.pages.forms import PinnedForm
from treaties.pages.pinned import before_the_record
from treaties.status.boards import Board, counts_series, first_day, status_changes
from treaties.status.names import members_of, memberships
from treaties.status.sentences import count_in_words, statuses_in_words

LETTERS = {
    StatusChoices.PARTY: "p",
    StatusChoices.CONSENTED: "c",
    StatusChoices.SIGNATORY: "s",
    StatusChoices.WITHDRAWING: "w",
    StatusChoices.WITHDRAWN: "x",
    StatusChoices.NOT_PARTY: "n",
}
COMPACT = {"ensure_ascii": False, "separators": (",", ":")}
COUNTED = ("parties", "in_force", "withdrawn")


def moment_query(known_at: datetime | None) -> dict[str, str]:
    """The moment whose knowledge is asked for, as a part of a query."""
    return {"known_at": f"{known_at:%Y-%m-%dT%H:%M:%S.%fZ}"} if known_at else {}


def history_url(treaty: Treaty, known_at: datetime | None) -> str:
    """The address of the history that the figure's script reads, as the page knows it."""
    query = moment_query(known_at)
    return reverse("treaties:history", args=[treaty.slug]) + (f"?{urlencode(query)}" if query else "")


def pin_query(on: date, known_at: datetime | None) -> str:
    """The query of what is taken from under a figure: its day, and the moment whose knowledge it shows."""
    return urlencode({"on": on.isoformat()} | moment_query(known_at))


@dataclass(frozen=True)
class Compared:
    """The day with which a figure is compared, how many States differ, and the page that tells what changed."""

    other: date
    differing: int
    url: str


def compared_with(treaty: Treaty, other: date | None, on: date, known_at: datetime | None) -> Compared | None:
    """The comparison that was asked for; None where none was. Three queries."""
    if other is None or other == on:
        return None
    first, last = min(other, on), max(other, on)
    query = urlencode({"from": first.isoformat(), "to": last.isoformat()})
    address = f"{reverse('treaties:changes', args=[treaty.slug])}?{query}"
    return Compared(other, len(status_changes(treaty, first, last, known_at)), address)


def chosen_states(board: Board, question: dict[str, Any]) -> frozenset[str] | None:
    """The codes of the States in the region and the groups asked for; None where all are. One query, or none."""
    region, groups = question["region"], question["group"]
    if not region and not groups:
        return None
    members = members_of(groups, board.on, board.known_at) if groups else None
    codes = (line.state.pk for line in board.lines if line.state.lies_in(region))
    return frozenset(code for code in codes if members is None or code in members)


def history(treaty: Treaty, last: date, known_at: datetime | None = None) -> dict[str, Any]:
    """Every State from one day of change to the next, up to a last day, with the counts in words.

    A State's steps are pairs: the number of a day among `days`, and the letter of its status from then on; several letters where
    the day of an act is not known, first the one that is told. Days and counts are those of the chart. A member of a group is a
    State with the first and the last day of its membership; an empty one has no such day.
    """
    first = first_day(treaty)
    series = counts_series(treaty, first, max(first, last), "change", known_at)
    days = [day for day, _counts in series]
    place = {day: number for number, day in enumerate(days)}
    states = states_known(known_at)
    found, statuses = [], {}
    for iso3, rows in actions_by_state(treaty, known_at).items():
        turns = sorted({first, *(day for day in intervals.turning_days(rows, treaty.rules) if first < day <= last)})
        steps: list[tuple[int, str]] = []
        for day in turns:
            possible = intervals.possible_standings(iso3, rows, treaty.rules, day)
            told = tuple(dict.fromkeys(StatusChoices(at.status) for at in possible))
            letters = "".join(LETTERS[status] for status in told)
            statuses[letters] = str(statuses_in_words([at.status for at in possible]))
            if not steps or steps[-1][1] != letters:
                steps.append((place[day], letters))
        state = states[iso3]
        found.append({"iso3": iso3, "name": state.name, "region": state.region, "steps": steps})
    return {
        "days": [day.isoformat() for day in days],
        "written": {"first": written(days[0]), "last": written(days[-1])},
        "counts": {name: [count_in_words(counts, name) for _day, counts in series] for name in COUNTED},
        "states": found,
        "groups": [
            {
                "key": key,
                "name": str(GroupChoices(key).label),
                "members": [(iso3, *(day.isoformat() if day else "" for day in span)) for iso3, *span in members],
            }
            for key, members in memberships(known_at).items()
        ],
        "kinds": {letter: status.value for status, letter in LETTERS.items()},
        "labels": statuses,
        "words": _words(),
    }


def _words() -> dict[str, str]:
    """The words of the figure's buttons and sentences, in the language of the page."""
    return {
        "map": _("Map"),
        "chart": _("Chart"),
        "table": _("Table"),
        "views": _("Views"),
        "day": _("Day"),
        "play": _("Play the years"),
        "pause": _("Pause"),
        "back": _("One change back"),
        "on": _("One change on"),
        "compare": _("Compare with"),
        "region": _("Region"),
        "everywhere": _("All regions"),
        "group": _("Group"),
        "everyone": _("All States"),
        "state": _("State"),
        "status": _("Status"),
        "then": _("On the other day"),
        "told": _("{day}: {parties} parties, {in_force} States bound, {withdrawn} left."),
        "changed": _("{n} States differ from {day}: {names}."),
        "many": _("the table names them"),
        "same": _("No State differs from {day}."),
        "closer": _("Closer"),
        "farther": _("Farther away"),
        "whole": _("The whole map"),
        "left": _("To the left"),
        "right": _("To the right"),
        "up": _("Up"),
        "down": _("Down"),
    }


def history_data(request: HttpRequest, slug: str) -> HttpResponse:
    """The history as JSON, for the figure's script."""
    treaty = get_object_or_404(Treaty, slug=slug)
    form = PinnedForm(request.GET, today())
    question, code = parsed_query(request, form)
    known_at = question["known_at"]
    if (nothing := before_the_record(request, known_at)) is not None:
        return nothing
    (treaty,) = ledger.as_known([treaty], known_at)
    last = treaty.last_shown_day(question["on"] or today())
    response = JsonResponse(history(treaty, last, known_at), status=code, json_dumps_params=COMPACT)
    response["X-Robots-Tag"] = "noindex"
    return response
