"""One page to print of a State, and of a treaty, with a QR code of the same on the day asked about."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from config.kit.formats.days import written
from config.kit.incoming.days import today
from config.kit.pages.cards import card_answer, in_letters_that_we_have
from config.kit.pages.qr_codes import qr_code
from config.kit.parameters import parsed_query
from treaties import ledger
from treaties.models import StatusChoices, Treaty
from treaties.models.treaties import MAIN_TREATY
from treaties.pages.forms import CitedForm
from treaties.pages.pinned import pin, title_of
from treaties.status import sentences
from treaties.status.boards import lines_of, status_board
from treaties.status.duties import dated_duties


def _asked(request: HttpRequest) -> tuple[CitedForm, dict[str, Any], int]:
    form = CitedForm(request.GET, today())
    question, code = parsed_query(request, form)
    return form, question, code


def _code_of(request: HttpRequest, path: str, on: str) -> dict[str, Any]:
    """The address of the full page on the day, which a reader of the print can open, as words and as a QR code."""
    address = request.build_absolute_uri(f"{path}?on={on}")
    return {"address": address, "qr_code": qr_code(address, _("QR code of the page on the day"), scale=3)}


def state_sheet(request: HttpRequest, iso3: str) -> HttpResponse:
    """A State on a day: the answer, its status under each treaty, its duties."""
    state = ledger.states_known(None).get(iso3.upper())
    if state is None:
        raise Http404
    if iso3 != iso3.lower():
        return redirect("treaties:state-sheet", iso3.lower(), permanent=True)
    form, question, code = _asked(request)
    on, known_at = question["on"] or today(), question["known_at"]
    treaties = list(ledger.treaties_known(known_at).values())
    (state,) = ledger.as_known([state], known_at)
    title = _("%(state)s on %(day)s, on one page") % {"state": state.name, "day": on.isoformat()}
    pinned = pin(request, question, title, treaties, {"on": on})
    if pinned.answer is not None:
        return pinned.answer
    lines = lines_of(state, treaties, on, known_at)
    treaty, day, line = next(found for found in lines if found[0].slug == MAIN_TREATY)
    acts = ledger.actions_of(state, treaty, known_at)
    context = {
        "state": state,
        "form": form,
        "on": on,
        **pinned.context,
        "treaty": treaty,
        "line": line,
        "lines": lines,
        "answer": sentences.answer(line, day, today()),
        "sentences": sentences.status_sentences(line, treaty, day, acts),
        "duties": dated_duties(treaties, on, [state], known_at),
        **_code_of(request, state.get_absolute_url(), on.isoformat()),
    }
    return render(request, "treaties/state_sheet.html", context, status=code)


@in_letters_that_we_have
def state_card(request: HttpRequest, iso3: str) -> HttpResponse:
    """What other sites show when the page of a State is shared: the answer of today."""
    states = ledger.states_known(None)
    if iso3 != iso3.lower() or iso3.upper() not in states:
        raise Http404
    board = status_board(ledger.treaties_known()[MAIN_TREATY], today())
    line = board.by_state[iso3.upper()]
    return card_answer(f"{board.treaty.short_title} · {written(today())}", sentences.answer(line, today(), today()))


THEN_AND_NOW = ("parties", "in_force", "withdrawn")


@in_letters_that_we_have
def treaty_card(request: HttpRequest, slug: str) -> HttpResponse:
    """What other sites show when the page of a treaty is shared: its counts of today, or nothing but its name."""
    treaty = get_object_or_404(Treaty, slug=slug)
    return card_answer(treaty.short_title, treaty.title, figures_of(treaty))


def figures_of(treaty: Treaty) -> list[tuple[str, str]]:
    """The counts of today for a picture; none where they are withheld."""
    if treaty.counts_are_withheld(today()):
        return []
    counts = status_board(treaty, today()).counts
    labels = {"parties": _("parties"), "in_force": _("States bound"), "withdrawn": _("left")}
    return [(sentences.count_in_words(counts, name), labels[name]) for name in THEN_AND_NOW]


def treaty_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """A treaty on a day: the counts, and the States of each status by name."""
    treaty = get_object_or_404(Treaty, slug=slug)
    form, question, code = _asked(request)
    known_at = question["known_at"]
    (treaty,) = ledger.as_known([treaty], known_at)
    on = question["on"] or treaty.last_shown_day(today())
    pinned = pin(request, question, title_of(treaty, on), [treaty], {"on": on})
    if pinned.answer is not None:
        return pinned.answer
    board = status_board(treaty, on, known_at)
    withheld = treaty.counts_are_withheld(on)
    by_status = {status: [line for line in board.lines if line.status == status] for status in StatusChoices.values}
    context = {
        "treaty": treaty,
        "form": form,
        "on": on,
        **pinned.context,
        "counts": None if withheld else board.counts,
        "groups": [] if withheld else [(status, lines) for status, lines in by_status.items() if lines],
        "not_certain": [] if withheld else sentences.what_is_not_certain(board),
        **_code_of(request, treaty.get_absolute_url(), on.isoformat()),
    }
    return render(request, "treaties/treaty_sheet.html", context, status=code)
