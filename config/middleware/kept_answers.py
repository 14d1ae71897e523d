"""Answers are made once after each change and given again until the next: to everybody, and as 304 to whoever has them already.

Nothing that is shown to visitors depends on who looks, so an answer is known by its address, its language, the form that was asked
for and the generations of the tables that it was made from (`config.kit.models.generations`). Its `ETag` is a digest of these and
is compared before anything else is done. What sets a cookie, has a `Cache-Control` of its own or reads a private table is never
kept, nor is what somebody asks for with an access token.

Answers lie in the cache named `answers`, where those that nobody asks for are the first to go. Of requests for the same answer at
the same time one makes it, and the others wait for it.
"""

import gzip
import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import brotli
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags

from config.kit.models.generations import PRIVATE, Generation, Standing, answering, noted_reading, tables_of_scopes
from config.running.replica import read_from_replica

Handler = Callable[[HttpRequest], HttpResponseBase]

NEVER = ("/admin/", "/static/", "/media/")
"""Addresses below which nothing is public."""
LONGEST_ADDRESS = 2000
LARGEST = 512 * 1024
"""Bytes of a compressed answer that is kept."""
WAIT_AT_MOST = 10.0
"""Seconds that a request waits for another one that makes the same answer."""
UNKEPT_FOR = 300
"""Seconds for which an address is remembered as one whose answer may not be kept."""
CODE = ("*.py", "*.html", "*.txt", "*.xml", "*.svg", "*.css", "*.js", "*.yaml", "*.csv", "*.json", "*.md")
IN_ANSWERS = (
    "SITE_URL",
    "CONTACT_EMAIL",
    "PLEDGE_CONFIRM_DAYS",
    "PLEDGE_REMOVE_DAYS",
    "COMPARISON_DAYS",
    "CHECKPOINT_KEY",
    "DEBUG",
)
"""The settings that answers depend on."""
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")


@dataclass(frozen=True)
class Kept:
    """An answer as it was made."""

    scopes: frozenset[str]
    word: str
    """Of what stood when it was made: see `Standing.word`."""
    word_of_record: str
    """The same without the pledges."""
    made_at: datetime
    etag: str
    headers: tuple[tuple[str, str], ...]
    marks: Mapping[str, Any]
    """What views told the middleware that sets the Content-Security-Policy."""
    in_a_row: int = 0
    bodies: Mapping[str, bytes] = field(default_factory=dict)
    """Compressed, by coding: br, gzip."""

    def holds(self, standing: Standing, now: datetime) -> bool:
        """Whether nothing has changed since, or nothing but the number of pledges, in a storm of them."""
        if not self.made_at <= now:
            return False
        in_a_storm = self.in_a_row >= STORM and now - self.made_at < timedelta(seconds=settings.PLEDGES_SHOWN_WITHIN)
        return self.word == standing.word(self.scopes) or (
            in_a_storm and self.word_of_record == standing.word(self.scopes - {PLEDGES})
        )

    def after(self, earlier: Any) -> "Kept":
        """The same, with how often it was made in a row for the pledges' sake alone, each time soon after the last."""
        within = timedelta(seconds=settings.PLEDGES_SHOWN_WITHIN)
        is_next = isinstance(earlier, Kept) and earlier.word_of_record == self.word_of_record
        return (
            replace(self, in_a_row=earlier.in_a_row + 1)
            if is_next and self.made_at - earlier.made_at < within
            else self
        )


STORM = 4
"""After so many in a row an answer is made again only once a second: thousands may back a campaign at once."""
PLEDGES = "pledges"
"""The scope of the numbers of people who back a campaign."""
UNKEPT: Final = "unkept"
"""Stands in the cache for an answer that may not be kept."""


def kept_answers(get_response: Handler) -> Handler:
    """Give a kept answer or 304 where one holds; else have the answer made, and keep it where it may be kept."""
    if not settings.KEEP_ANSWERS:
        return get_response
    store = caches["answers"]

    def answer(request: HttpRequest) -> HttpResponseBase:
        key = key_of(request)
        if not key:
            return get_response(request)
        now = timezone.now()
        standing = Generation.objects.standing(now)
        if (unchanged := not_modified(request, key, standing)) is not None:
            return unchanged
        found = store.get(key)
        if isinstance(found, Kept) and found.holds(standing, now):
            return given(request, found, key)
        if found == UNKEPT:
            return made(request, key, standing, now)[0]
        with alone(f"{key}:made") as is_alone:
            # Even the one that is alone looks again: another one may have been alone until a moment ago.
            found = store.get(key) if is_alone else awaited(key, standing)
            if isinstance(found, Kept) and found.holds(standing, timezone.now()):
                return given(request, found, key)
            return made_and_kept(request, key, standing, now)

    def made(request: HttpRequest, key: str, standing: Standing, now: datetime) -> tuple[Any, Kept | None]:
        """An answer as the views make it, and the same as it may be kept; None where it may not."""
        with noted_reading() as reading, answering(standing), read_from_replica(standing), without_conditions(request):
            response = get_response(request)
            # What a stream will read is not known yet.
            scopes = frozenset(tables_of_scopes() if response.streaming else reading)
        if not may_be_kept(response) or PRIVATE in scopes:
            return response, None
        own = response.get("ETag", "").removeprefix("W/").strip('"')
        word = standing.word(scopes)
        response["ETag"] = f'"{own}{"-" if own else ""}{tag_of(key, scopes, standing)}"'
        response["Last-Modified"] = http_date(min(standing.changed_at(scopes), now).timestamp())
        patch_vary_headers(response, ("Accept-Encoding",))
        if response.streaming:
            return response, None
        marks = {name: value for name, value in vars(response).items() if name.startswith("_csp")}
        headers = tuple((k, v) for k, v in response.items() if k not in ("Content-Length", "ETag"))
        of_record = standing.word(scopes - {PLEDGES})
        return response, Kept(scopes, word, of_record, now, response["ETag"], headers, marks)

    def made_and_kept(request: HttpRequest, key: str, standing: Standing, now: datetime) -> HttpResponseBase:
        response, kept = made(request, key, standing, now)
        if kept is None:
            if response.status_code == 200:
                store.set(key, UNKEPT, UNKEPT_FOR)
            return response
        coding = coding_for(request) or "gzip"
        kept = replace(kept.after(store.get(key)), bodies={coding: encoded(response.content, coding)})
        if len(kept.bodies[coding]) <= LARGEST:
            store.set(key, kept, None)
        return given(request, kept, key)

    def given(request: HttpRequest, kept: Kept, key: str) -> HttpResponse:
        coding = coding_for(request)
        coded, body = next((each for each in kept.bodies.items() if each[0] == coding), next(iter(kept.bodies.items())))
        if coding != coded:
            body = encoded(decoded(body, coded), coding)
            if coding:
                store.set(key, replace(kept, bodies={**kept.bodies, coding: body}), None)
        response = HttpResponse(body, headers=dict(kept.headers))
        response["ETag"] = f"W/{kept.etag}" if coding else kept.etag
        if coding:
            response["Content-Encoding"] = coding
        response["Content-Length"] = str(len(body))
        vars(response).update(kept.marks)
        return response

    @contextmanager
    def alone(name: str) -> Iterator[bool]:
        """Whether this request is the only one within the block, of all processes that share the cache."""
        is_alone = store.add(name, 1, WAIT_AT_MOST)
        try:
            yield is_alone
        finally:
            if is_alone:
                store.delete(name)

    def awaited(key: str, standing: Standing) -> Kept | None:
        """The answer that another request is making; None where it cannot be kept, or is not there in time."""
        end = time.monotonic() + WAIT_AT_MOST
        while time.monotonic() < end:
            is_being_made = store.get(f"{key}:made") is not None
            found = store.get(key)
            if isinstance(found, Kept) and found.holds(standing, timezone.now()):
                return found
            if not is_being_made:
                return None
            time.sleep(0.005)
        return None

    return answer


# --- What is asked for -----------------------------------------------------------------------------------------


def key_of(request: HttpRequest) -> str:
    """The name of an answer in the cache; an empty text where the request cannot have a kept one."""
    if request.method not in ("GET", "HEAD") or request.path.startswith(NEVER) or "HTTP_AUTHORIZATION" in request.META:
        return ""
    address = request.get_full_path()
    if len(address) > LONGEST_ADDRESS:
        return ""
    with suppress(DisallowedHost):
        form = request.META.get("HTTP_ACCEPT", "") if request.path.startswith("/api/") else ""
        parts = [
            code_digest(),
            request.scheme or "",
            request.get_host(),
            translation.get_language() or "",
            form,
            address,
        ]
        return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
    return ""


@cache
def code_digest() -> str:
    """Changes with the code, the templates and the settings: what another version of the site has kept is not given."""
    found = hashlib.sha256(repr([getattr(settings, name) for name in IN_ANSWERS]).encode())
    for folder in ("config", "treaties", "campaign", "news", "templates"):
        for path in sorted(p for kind in CODE for p in (Path(settings.BASE_DIR) / folder).rglob(kind)):
            found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


def coding_for(request: HttpRequest) -> str:
    """The coding in which an answer is sent: the best that the browser takes (RFC 9110, section 12.5.3)."""
    weights = {}
    for part in request.META.get("HTTP_ACCEPT_ENCODING", "").lower().split(","):
        name, _semicolon, rest = part.strip().partition(";")
        weight = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", rest)
        weights[name.strip()] = float(weight[1]) if weight else 1.0
    return next((coding for coding in ("br", "gzip") if weights.get(coding, weights.get("*", 0.0)) > 0), "")


def encoded(body: bytes, coding: str) -> bytes:
    if coding == "br":
        return brotli.compress(body, quality=5)
    return gzip.compress(body, 6, mtime=0) if coding else body


def decoded(body: bytes, coding: str) -> bytes:
    if coding == "br":
        return brotli.decompress(body)
    return gzip.decompress(body) if coding else body


# --- What may be kept ------------------------------------------------------------------------------------------


def may_be_kept(response: HttpResponseBase) -> bool:
    """Whether an answer is the same for everybody, as its own headers tell."""
    return (
        response.status_code == 200
        and not response.cookies
        and not response.has_header("Cache-Control")
        and not response.has_header("Content-Encoding")
        and not re.search(r"\bcookie\b|\*", response.get("Vary", ""), re.IGNORECASE)
    )


@contextmanager
def without_conditions(request: HttpRequest) -> Iterator[None]:
    """Have an answer made in full, whatever of it the browser has already."""
    taken = {name: request.META.pop(name) for name in CONDITIONS if name in request.META}
    try:
        yield
    finally:
        request.META.update(taken)


# --- 304 -------------------------------------------------------------------------------------------------------


def tag_of(key: str, scopes: frozenset[str], standing: Standing) -> str:
    """The part of an `ETag` that is ours: the scopes that the answer rests on, and a digest of address and generations."""
    known = sorted(tables_of_scopes())
    number = sum(1 << i for i, scope in enumerate(known) if scope in scopes)
    return f"{number:x}.{hashlib.sha256(f'{key} {standing.word(scopes)}'.encode()).hexdigest()[:20]}"


def not_modified(request: HttpRequest, key: str, standing: Standing) -> HttpResponse | None:
    """304 where the browser has the answer of today, by its `ETag` alone; None where it has not."""
    given = request.META.get("HTTP_IF_NONE_MATCH", "")
    for etag in parse_etags(given) if given else []:
        ours = etag.removeprefix("W/").strip('"').rsplit("-", 1)[-1]
        number = ours.partition(".")[0]
        if not re.fullmatch(r"[0-9a-f]{1,8}", number):
            continue
        scopes = frozenset(s for i, s in enumerate(sorted(tables_of_scopes())) if int(number, 16) >> i & 1)
        if ours == tag_of(key, scopes, standing):
            response = HttpResponseNotModified(headers={"ETag": etag})
            response["Last-Modified"] = http_date(min(standing.changed_at(scopes), timezone.now()).timestamp())
            patch_vary_headers(response, ("Accept-Encoding",))
            return response
    return None
