"""Pages that explain: what the ban is, questions and answers, a glossary, a lesson sheet, and a page for the press.

Every number on them is computed from the ledger on the day they are read.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from campaign.reading import newest_figures
from config.kit.incoming.days import today
from treaties import ledger
from treaties.law.rules import Status
from treaties.models.treaties import MAIN_TREATY
from treaties.status.boards import Board, status_board
from treaties.status.withdrawals import withdrawal_paths

IS_PARTY = (Status.PARTY, Status.CONSENTED, Status.WITHDRAWING)


def _board() -> Board:
    return status_board(ledger.treaties_known()[MAIN_TREATY], today())


def numbers(board: Board) -> dict[str, Any]:
    """How the signatories and the parties of a day come about, each a number of States.

    A State whose last act may be later than the day counts as if it is: see `Line.status`.
    """
    standings = [line.standing for line in board.lines]
    signed = [s for s in standings if s.signed]
    return {
        "signed": len(signed),
        "signed_and_party": sum(s.status in IS_PARTY for s in signed),
        "signed_and_left": sum(s.status is Status.WITHDRAWN for s in signed),
        "signed_only": sum(s.status is Status.SIGNATORY for s in signed),
        "joined_without_signing": sum(s.status in IS_PARTY and not s.signed for s in standings),
        "left_without_signing": sum(s.status is Status.WITHDRAWN and not s.signed for s in standings),
        "parties": sum(s.status in IS_PARTY for s in standings),
    }


def _context(board: Board) -> dict[str, Any]:
    return {"treaty": board.treaty, "counts": board.counts, "on": board.on, "numbers": numbers(board)}


def explainer(request: HttpRequest) -> HttpResponse:
    """What the ban is, in two minutes, and once more in simple words."""
    context = _context(_board()) | {"figures": newest_figures(None, today().year)}
    return render(request, "learn/explainer.html", context)


def lesson(request: HttpRequest) -> HttpResponse:
    """A sheet for one lesson, to print."""
    return render(request, "learn/lesson.html", _context(_board()))


def questions(request: HttpRequest) -> HttpResponse:
    """What readers ask, with answers from the ledger."""
    return render(request, "learn/questions.html", _context(_board()))


def glossary(request: HttpRequest) -> HttpResponse:
    return render(request, "learn/glossary.html", {"treaty": _board().treaty})


def press(request: HttpRequest) -> HttpResponse:
    """For journalists: the figures of today in sentences, pictures, how to cite, whom to ask."""
    board = _board()
    left = [path for path in withdrawal_paths(board) if path.standing.withdrawal]
    effects = sorted(p.standing.withdrawal_effective_on for p in left if p.standing.withdrawal_effective_on)
    context = _context(board) | {"paths": left, "effects": effects, "site": settings.SITE_URL.rstrip("/")}
    return render(request, "learn/press.html", context)
