"""What a proposal would change on a public page: the words of the page before and after, by its own view."""

import difflib
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from itertools import islice
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import override

from config.kit.formats.languages import language_of
from config.kit.models.proposals import Proposal
from config.kit.models.translations import read_once
from config.kit.proposals.guards import guard_of
from config.kit.proposals.service import apply
from config.kit.services import Refused

BLOCKS = frozenset(
    {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "tr", "div", "section", "article", "caption"}
)
MOST_LINES = 200
"""Lines of an effect that a reviewer is shown."""


class _Words(HTMLParser):
    """The words of the main part of a page, a line for each block; a drawing says nothing that is not told beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self.in_main = 0
        self.in_drawing = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.in_main += tag == "main"
        self.in_drawing += tag == "svg"
        if tag in BLOCKS:
            self.lines.append("")
        else:
            self.lines[-1] += " "

    def handle_endtag(self, tag: str) -> None:
        self.in_main -= tag == "main"
        self.in_drawing -= tag == "svg"
        if tag in BLOCKS:
            self.lines.append("")
        else:
            self.lines[-1] += " "

    def handle_data(self, data: str) -> None:
        if self.in_main and not self.in_drawing:
            self.lines[-1] += data


def _words_of(address: str, request: HttpRequest) -> list[str]:
    """The lines of a public page as a visitor gets it; empty where there is no page."""
    path, _mark, query = address.partition("#")[0].partition("?")
    about = {k: v for k, v in request.META.items() if k.startswith("SERVER_") or k in ("HTTP_HOST", "wsgi.url_scheme")}
    environ = {**about, "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": BytesIO()}
    visitor = WSGIRequest(environ)
    visitor.user = AnonymousUser()
    with override(language_of(path)), read_once():
        try:
            match = resolve(path)
            visitor.resolver_match = match
            response = match.func(visitor, *match.args, **match.kwargs)
        except (Http404, Resolver404):
            return []
        if hasattr(response, "render"):
            response.render()
    reader = _Words()
    reader.feed(response.content.decode())
    return [line for line in (re.sub(r"\s+", " ", line).strip() for line in reader.lines) if line]


def effect_of(proposal: Proposal, *, by: User, request: HttpRequest) -> tuple[str, list[tuple[str, str]]]:
    """The address of the public page that shows it, and the lines that go (`-`) and come (`+`). Nothing is kept.

    The lines are empty where the page stays as it is, or the proposal cannot be accepted as things stand.
    """
    try:
        with transaction.atomic():
            rows = apply(proposal, by=by)
            address = next((page for row in rows if (page := _page_of(row))), "")
            after = _words_of(address, request) if address else []
            transaction.set_rollback(True)
    except Refused:
        return "", []
    before = _words_of(address, request) if address else []
    return address, list(islice(_changed(before, after), MOST_LINES))


def _page_of(row: Any) -> str:
    guard = guard_of(type(row))
    return guard.page(row) if guard is not None else ""


def _changed(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    for line in difflib.unified_diff(before, after, n=0, lineterm=""):
        if line[:1] in "+-" and not line.startswith(("+++", "---")):
            yield line[0], line[1:]
