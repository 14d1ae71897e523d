"""The page that tells in which languages each text of the site is."""

from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import read_mo
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import to_locale

from config.kit.formats.languages import language_tag_of
from config.kit.models.parity import BoardLine, TextState, board_kinds, lines_that, names_of, tallies
from config.kit.models.translations import LANGUAGES
from config.kit.parameters import parsed_query

TEXTS_OF_A_PAGE = 30
KINDS = {
    "treaty": _("Treaties"),
    "article": _("Articles"),
    "withdrawal_step": _("Steps around withdrawals"),
    "declaration": _("Declarations"),
    "campaign": _("Campaigns"),
    "pillar": _("Pillars"),
    "campaign_action": _("Calls and events"),
    "commitment": _("Commitments"),
    "follow_up": _("Follow-ups"),
    "position": _("Positions of States"),
    "photo": _("Photographs"),
    "video": _("Videos"),
    "speaker_role": _("Offices of speakers"),
    "statement": _("Statements"),
}
"""What readers call the things of each kind."""
FIELDS = {
    "title": _("Title"),
    "short_title": _("Short title"),
    "title_note": _("Note on the title"),
    "summary": _("Summary"),
    "text": _("Text"),
    "body": _("Text"),
    "detail": _("What happened"),
    "note": _("Note"),
    "adopted_at": _("Place of adoption"),
    "announced_by": _("Announced by"),
    "result": _("Result"),
    "result_note": _("Note on the result"),
    "place": _("Place"),
    "who": _("Who"),
    "doubt": _("What is not certain"),
    "caption": _("Caption"),
    "captions": _("Languages of the captions"),
    "alt": _("Description of the picture"),
    "role": _("Office"),
    "organization": _("Organization"),
}
"""What readers call each text."""
STATES = {
    TextState.CURRENT: _("Current"),
    TextState.BEHIND: _("Behind its original"),
    TextState.MISSING: _("Missing"),
}


def kind_choices() -> list[tuple[str, Any]]:
    return [(kind, KINDS[kind]) for kind in board_kinds()]


class BoardForm(forms.Form):
    """Which lines of the board are asked for. The same for the page and for programs."""

    kind = forms.MultipleChoiceField(required=False, choices=kind_choices, label=_("Kind"))
    language = forms.MultipleChoiceField(required=False, choices=settings.LANGUAGES, label=_("Language"))
    state = forms.MultipleChoiceField(required=False, choices=list(STATES.items()), label=_("Where it stands"))


def lines_asked(question: dict[str, Any]) -> list[BoardLine]:
    """The lines that a question of the form asks for."""
    return lines_that(
        kinds=question["kind"] or (), languages=question["language"] or (), states=question["state"] or ()
    )


def texts_asked(question: dict[str, Any]) -> list[list[BoardLine]]:
    """The texts of which a line is asked for, each with its lines of all languages."""
    asked = {(line.kind, line.key, line.field) for line in lines_asked(question)}
    texts: dict[tuple[str, str, str], list[BoardLine]] = {}
    for line in lines_that(kinds=question["kind"] or ()):
        if (text := (line.kind, line.key, line.field)) in asked:
            texts.setdefault(text, []).append(line)
    return list(texts.values())


def _row(lines: list[BoardLine], name: str, url: str) -> dict[str, Any]:
    """What the page shows of a text. Where a language has no line the original is in it."""
    by_language = {line.language: line for line in lines}
    return {
        "kind": KINDS[lines[0].kind],
        "name": name,
        "url": url,
        "field": FIELDS[lines[0].field],
        "lines": [by_language.get(language) for language, _name in LANGUAGES],
    }


@cache
def words_of_the_site() -> dict[str, int]:
    """How many of the site's own words each language has: sentences, labels and messages of pages and mails."""
    found = {}
    for language, _name in LANGUAGES:
        path = Path(settings.LOCALE_PATHS[0]) / to_locale(language) / "LC_MESSAGES" / "django.mo"
        with path.open("rb") as catalogue:
            found[language] = len(read_mo(catalogue))
    return found


def board(request: HttpRequest) -> HttpResponse:
    """The parity board: the tally of each kind, and the lines that were asked for."""
    form = BoardForm(request.GET)
    question, code = parsed_query(request, form, ("page",))
    page = Paginator(texts_asked(question), TEXTS_OF_A_PAGE).get_page(request.GET.get("page"))
    names = names_of(lines[0] for lines in page.object_list)
    counted = tallies()
    context: dict[str, Any] = {
        "form": form,
        "languages": [{"code": code, "name": name, "tag": language_tag_of(code)} for code, name in LANGUAGES],
        "total": counted.pop("", []),
        "tallies": [(kind, KINDS[kind], row) for kind, row in counted.items()],
        "words": [(language_tag_of(language), name, words_of_the_site()[language]) for language, name in LANGUAGES],
        "most_words": max(words_of_the_site().values()),
        "page": page,
        "texts": [_row(lines, *names.get((lines[0].kind, lines[0].key), ("", ""))) for lines in page.object_list],
    }
    return render(request, "languages.html", context, status=code)
