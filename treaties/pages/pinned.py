"""Answers that are pinned to a day and to what was known at a moment, and how they are cited."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from treaties import ledger
from treaties.models import Treaty
from treaties.pages.forms import CitationChoices
from treaties.status.citing import Citation, cite

MEDIA_TYPES = {
    CitationChoices.TEXT: "text/plain",
    CitationChoices.BIBTEX: "application/x-bibtex",
    CitationChoices.CSL: "application/vnd.citationstyles.csl+json",
}
NOT_CITED = frozenset({"cite", "known_at", "format", "lang", "page"})
"""What an address that is cited does not keep of the one that was asked."""


def before_the_record(
    request: HttpRequest, known_at: datetime | None, template: str = "treaties/before_the_record.html"
) -> HttpResponse | None:
    """The page that says that nothing was known at the moment asked for; None where something was, or none was asked for."""
    since = ledger.record_since() if known_at else None
    if known_at is None or (since is not None and since <= known_at):
        return None
    return render(request, template, {"known_at": known_at, "since": since})


def citation_of(
    request: HttpRequest, title: str, treaties: Sequence[Treaty], known_at: datetime | None, fixed: Mapping[str, date]
) -> Citation | None:
    """How to cite the answer to a request. Args: fixed: the days that the answer is about, by their parameters."""
    asked = {name: values for name, values in request.GET.lists() if name not in NOT_CITED and any(values)}
    query: dict[str, Any] = asked | {name: [day.isoformat()] for name, day in fixed.items()}
    address = f"{request.build_absolute_uri(request.path)}?{urlencode(query, doseq=True)}"
    return cite(title, treaties, known_at, address)


def cited(citation: Citation | None, form: str) -> HttpResponse | None:
    """The citation in the form that was asked for; None where none was."""
    if not form or citation is None:
        return None
    match form:
        case CitationChoices.CSL:
            text = json.dumps(citation.csl(), ensure_ascii=False, indent=2)
        case CitationChoices.BIBTEX:
            text = citation.bibtex()
        case _:
            text = f"{citation.text()}\n"
    return HttpResponse(text, content_type=f"{MEDIA_TYPES[CitationChoices(form)]}; charset=utf-8")


@dataclass(frozen=True)
class Pin:
    """What was known at a moment, and how to cite it; or the answer that takes the place of the page."""

    known_at: datetime | None
    citation: Citation | None = None
    answer: HttpResponse | None = None

    @property
    def context(self) -> dict[str, Any]:
        """What the templates show of it."""
        return {"known_at": self.known_at, "citation": self.citation}


def pin(
    request: HttpRequest,
    question: Mapping[str, Any],
    title: str,
    treaties: Sequence[Treaty],
    fixed: Mapping[str, date],
) -> Pin:
    """How a page is pinned by its question. Where that asks for a citation, or for what was known before the record, the pin has
    the answer.

    Args: title: under which the page is cited; fixed: the days that it is about, by their parameters.
    """
    known_at = question["known_at"]
    if (nothing := before_the_record(request, known_at)) is not None:
        return Pin(known_at, answer=nothing)
    citation = citation_of(request, title, treaties, known_at, fixed)
    return Pin(known_at, citation, cited(citation, question["cite"] or ""))


def title_of(treaty: Treaty, on: date) -> str:
    """The title under which a treaty's board is cited."""
    return _("%(treaty)s: status of every State on %(day)s") % {"treaty": treaty.short_title, "day": on.isoformat()}


def title_of_counts(treaty: Treaty, first: date, last: date) -> str:
    """The title under which counts over time are cited."""
    return _("%(treaty)s: counts from %(first)s to %(last)s") % _span(treaty, first, last)


def title_of_changes(treaty: Treaty, first: date, last: date) -> str:
    """The title under which the changes between two days are cited."""
    return _("%(treaty)s: what changed from %(first)s to %(last)s") % _span(treaty, first, last)


def _span(treaty: Treaty, first: date, last: date) -> dict[str, str]:
    return {"treaty": treaty.short_title, "first": first.isoformat(), "last": last.isoformat()}
