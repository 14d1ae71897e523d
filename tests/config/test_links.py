"""No link of the site is dead: all pages are read, and their links, forms, images and downloads followed.

Of addresses that differ by the values of their questions alone, some of each kind are asked; in each language but English one page
of each kind.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qsl, unquote, urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from config.kit.formats.languages import language_of

pytestmark = pytest.mark.django_db
HOST = "http://testserver"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
"""What browsers accept when somebody follows a link."""
POSTED = frozenset({"post", "dialog"})


class Links(HTMLParser):
    """What a page leads to, and the places in it that a link can lead to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.posted_to: list[str] = []
        self.places: set[str] = {"top"}
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.places |= {given[name] for name in ("id", "name") if name in given}
        self.found += [given[name] for name in ("href", "src", "poster") if name in given]
        if given.get("property") in ("og:image", "og:url"):
            self.found.append(given["content"])
        self.found += [words.split()[0] for words in given.get("srcset", "").split(",") if words.strip()]
        if tag == "form":
            (self.posted_to if given.get("method", "get").lower() in POSTED else self.found).append(
                given.get("action", "")
            )


DRAWN = re.compile(r"/(?:sheet/|card\.png)$")
"""What there is of each State alike, and is drawn anew: some are asked, as with addresses that differ by their questions."""


def kind_of(address: str) -> str:
    """What kind of address it is: its page, and what it is asked for, whatever the values."""
    parts = urlsplit(address)
    if language_of(parts.path) != "en":
        page = re.sub(r"(?<=/)(?:[a-z]{3}|[\w-]*[-\d][\w-]*)(?=/)", "*", parts.path)
    elif is_one_of_many(address):
        page = re.sub(r"(?<=/)(?:[a-z]{3}|[\w-]*\d[\w-]*)(?=/)", "*", parts.path)
    else:
        page = parts.path
    asked = {f"format={value}" if name == "format" else name for name, value in parse_qsl(parts.query)}
    return f"{page}?{','.join(sorted(asked))}"


def is_one_of_many(address: str) -> bool:
    return "?" in address or bool(DRAWN.search(address)) or language_of(address) != "en"


class Crawl:
    """A walk over the site from its first page. Of addresses of one kind with a question, so many are asked."""

    def __init__(self, client, each: int) -> None:
        self.client, self.each = client, each
        self.answers: dict[str, int] = {}
        self.places: dict[str, set[str]] = {}
        self.links: list[tuple[str, str]] = []
        self.asked: Counter[str] = Counter()
        self.waiting = deque(["/"])
        while self.waiting:
            self.read(self.waiting.popleft())

    def read(self, address: str) -> None:
        kind = kind_of(address)
        most = self.each if language_of(address) == "en" else 1
        if address in self.answers or (is_one_of_many(address) and self.asked[kind] >= most):
            return
        self.asked[kind] += 1
        if address.startswith("/static/"):  # served by the web server, or by the one for development
            self.answers[address] = (
                200 if finders.find(unquote(urlsplit(address).path).removeprefix("/static/")) else 404
            )
            return
        response = self.client.get(address, headers={"Accept": BROWSER})
        self.answers[address] = response.status_code
        if 300 <= response.status_code < 400:
            self.follow(address, response["Location"])
        elif response.status_code < 400 and response["Content-Type"].startswith("text/html"):
            page = Links(response.content.decode())
            self.places[address] = page.places
            for link in page.found:
                self.follow(address, link)
            for link in page.posted_to:
                self.follow(address, urldefrag(link).url)

    def follow(self, page: str, link: str) -> None:
        target = urljoin(HOST + page, link.replace(settings.SITE_URL, HOST))
        if target.startswith(f"{HOST}/"):
            target = target.removeprefix(HOST)
            self.links.append((page, target))
            self.waiting.append(urldefrag(target).url)

    def dead(self) -> Iterator[str]:
        for page, target in self.links:
            address, place = urldefrag(target)
            if self.answers.get(address, 200) >= 400:
                yield f"{page} leads to {address}: {self.answers[address]}"
            elif place and address in self.places and unquote(place) not in self.places[address]:
                yield f"{page} leads to {target}, where there is no such place"


@pytest.mark.walk
@pytest.mark.once
def test_no_link_leads_nowhere(client, many):
    walk = Crawl(client, many(2, fewer=1))
    print(f"{len(walk.answers)} addresses, {len(walk.links)} links, {len(walk.places)} pages")  # shown by -s
    assert len(walk.places) > 300
    assert sorted(set(walk.dead())) == []
    for kind in ("format=xlsx", "format=csv", ".png", ".ics", ".atom", ".woff2"):
        assert any(kind in address for address in walk.answers), kind


@pytest.mark.parametrize("accept", ["text/html", BROWSER, "image/avif", "*/*"])
@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/treaty-actions/?format=xlsx&treaty=mine-ban-convention",
        "/api/v1/treaties/mine-ban-convention/status/?format=csv",
        "/api/v1/declarations/?format=xlsx",
        "/api/v1/obligations/?format=json",
    ],
)
def test_a_table_is_given_whatever_the_program_that_follows_its_link_accepts(client, address, accept):
    assert client.get(address, headers={"Accept": accept}).status_code == 200


def test_who_asks_for_a_page_at_an_address_of_the_api_gets_json(client):
    response = client.get("/api/v1/states/est/", headers={"Accept": "text/html"})
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert client.get("/api/v1/states/est/", headers={"Accept": "application/xml"}).status_code == 406


@pytest.mark.parametrize(
    ("html", "dead"),
    [
        ('<a href="/about/#nowhere">x</a>', "/ leads to /about/#nowhere, where there is no such place"),
        ('<form action="/no/"></form>', "/ leads to /no/: 404"),
        ('<form method="post" action="/no/"></form>', "/ leads to /no/: 404"),
        ('<img src="/no.png">', "/ leads to /no.png: 404"),
        ('<img srcset="/static/no.png 1x">', "/ leads to /static/no.png: 404"),
        ('<a href="?on=2025-06-16">x</a>', None),
        ('<a href="https://example.org/no/">x</a><a href="mailto:a@example.org">x</a>', None),
        ('<a href="/about/#main">x</a>', None),
    ],
)
def test_the_walk_finds_what_is_dead(client, monkeypatch, html, dead):
    walk = Crawl.__new__(Crawl)
    walk.client, walk.each, walk.answers, walk.places, walk.links = client, 3, {}, {}, []
    walk.asked, walk.waiting = Counter(), deque()
    page = Links(html)
    walk.answers["/"], walk.places["/"] = 200, page.places
    for link in [*page.found, *page.posted_to]:
        walk.follow("/", link)
    for address in list(walk.waiting):
        walk.read(address)
    assert [line for line in walk.dead() if line.startswith("/ leads")] == ([dead] if dead else [])
