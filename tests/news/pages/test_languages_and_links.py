"""A text elsewhere than on its page: absolute links, its own language and direction, the same identifier after a move."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.kit.formats.languages import direction_of
from config.kit.pages.markdown import to_html, to_text
from news.newsroom import workflow
from news.roles import PUBLISHER
from tests.config.addresses import API
from tests.factories import EditorFactory, StatementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def public():
    def make(**values):
        moment = timezone.now() - timedelta(minutes=1)
        return StatementFactory(workflow="published", publish_at=moment, dated_on=moment.date(), **values)

    return make


@pytest.mark.parametrize(
    ("text", "html", "words"),
    [
        ("3. Urges\n4. Requests", '<ol start="3">\n<li>Urges</li>\n<li>Requests</li>\n</ol>\n', "3. Urges 4. Requests"),
        ("2) a\n4) b", '<ol start="2">\n<li>a</li>\n<li value="4">b</li>\n</ol>\n', "2. a 4. b"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n", "a b"),
        ("# Top", "<h2>Top</h2>\n", "Top"),
        ("##### Small", "<h4>Small</h4>\n", "Small"),
        ("Parties: 165\n===", "<h2>Parties: 165</h2>\n", "Parties: 165"),
        ("**《公约》**呼吁各国。", "<p><strong>《公约》</strong>呼吁各国。</p>\n", "《公约》呼吁各国。"),
        ("各国**《公约》**", "<p>各国<strong>《公约》</strong></p>\n", "各国《公约》"),
        ("**雷，**和", "<p><strong>雷，</strong>和</p>\n", "雷，和"),
        ("a **b.** c", "<p>a <strong>b.</strong> c</p>\n", "a b. c"),
        ("1. a\n1. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n", "1. a 2. b"),
        ("2. b\n1. a", '<ol start="2">\n<li>b</li>\n<li value="1">a</li>\n</ol>\n', "2. b 1. a"),
        ("**“禁止地雷”**公约", "<p><strong>“禁止地雷”</strong>公约</p>\n", "“禁止地雷”公约"),
        ("**조약(公約)**은", "<p><strong>조약(公約)</strong>은</p>\n", "조약(公約)은"),
        ("و**«الاتفاقية»**و", "<p>و<strong>«الاتفاقية»</strong>و</p>\n", "و«الاتفاقية»و"),
        ("UN**《公约》**UN", "<p>UN<strong>《公约》</strong>UN</p>\n", "UN《公约》UN"),
        ('a**"b"**c', '<p>a**"b"**c</p>\n', 'a**"b"**c'),
        ("公约 * 公约 * 公约", "<p>公约 * 公约 * 公约</p>\n", "公约 * 公约 * 公约"),
        ("🙂**“b”**c", "<p>🙂**“b”**c</p>\n", "🙂**“b”**c"),
        ("![A mine](https://example.org/a.png)", "<p>A mine</p>\n", "A mine"),
        ("![](https://example.org/a.png)", "<p>https://example.org/a.png</p>\n", "https://example.org/a.png"),
        (
            "[![A mine](https://example.org/a.png)](/news/) ![b](/c)",
            '<p><a href="/news/" rel="noopener">A mine</a> b</p>\n',
            "A mine b",
        ),
        ("[a](www.example.org)", "<p>[a](www.example.org)</p>\n", "[a](www.example.org)"),
        ("[a](//example.org)", "<p>[a](//example.org)</p>\n", "[a](//example.org)"),
        ("Term[^1]\n\n[^1]: note", "<p>Term[^1]</p>\n<p>[^1]: note</p>\n", "Term[^1] [^1]: note"),
        (
            "[a](HTTPS://example.org)[b](mailto:a@example.org)[c](#d)",
            '<p><a href="HTTPS://example.org" rel="noopener">a</a><a href="mailto:a@example.org" rel="noopener">b</a>'
            '<a href="#d" rel="noopener">c</a></p>\n',
            "abc",
        ),
    ],
)
def test_markdown_keeps_what_its_author_meant(text, html, words):
    assert (to_html(text), to_text(text)) == (html, words)


def test_a_list_that_a_paragraph_interrupts_goes_on_with_its_number():
    assert '<ol start="3">' in to_html("1. x\n2. y\n\nText.\n\n3. z")


@pytest.mark.parametrize("feed", ["/news/feed.atom", "/news/feed.rss", "/news/feed.json"])
def test_a_feed_has_absolute_links_and_the_direction_of_the_text(client, public, settings, feed):
    public(body="{{ parties on 2025-06-16 }} States.", language="ar", slug="arabic")
    body = client.get(f"{feed}?language=ar").content.decode()
    assert f"{settings.SITE_URL}/treaties/mine-ban-convention/?on=2025-06-16" in body
    assert 'href=\\"/' not in body
    assert "href=&quot;/" not in body
    assert "rtl" in body


def test_the_api_has_absolute_links(client, public):
    public(slug="tagged", body="{{ parties on 2025-06-16 }} States.")
    answer = client.get(f"{API}/statements/tagged/").json()
    assert 'href="http://testserver/treaties/' in answer["body_html"]
    assert "](http://testserver/treaties/" in answer["body"]


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("ar", "rtl"),
        ("fa", "rtl"),
        ("ur", "rtl"),
        ("he-IL", "rtl"),
        ("en", "ltr"),
        ("az-Latn", "ltr"),
        ("ar-Latn", "ltr"),
    ],
)
def test_a_language_has_its_direction(language, direction):
    assert direction_of(language) == direction


def test_a_statement_in_arabic_is_set_from_right_to_left(client, public):
    page = client.get(public(language="ar").get_absolute_url()).content.decode()
    assert 'lang="ar" dir="rtl"' in page
    assert 'lang="ar" dir="rtl"' in client.get("/news/?language=ar").content.decode()


class TestAfterAMove:
    @pytest.fixture
    def moved(self, client, public):
        statement = public(slug="bug-a", title="A move")
        before = client.get("/news/feed.json").json()["items"][0]["id"]
        workflow.move_to(statement, "bug-b", by=EditorFactory(role=PUBLISHER))
        return before

    def test_the_identifier_in_feeds_stays(self, client, moved):
        entry = client.get("/news/feed.json").json()["items"][0]
        assert (entry["id"], entry["url"].endswith("/news/bug-b/")) == (moved, True)
        assert moved in client.get("/news/feed.atom").content.decode()

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("/news/bug-a/", "/news/bug-b/"),
            ("/news/bug-a/card.png", "/news/bug-b/card.png"),
            ("/news/bug-a/versions/1/", "/news/bug-b/versions/1/"),
            (f"{API}/statements/bug-a/", f"http://testserver{API}/statements/bug-b/"),
            (f"{API}/statements/bug-a/?format=json", f"http://testserver{API}/statements/bug-b/?format=json"),
        ],
    )
    def test_every_old_address_leads_on(self, client, moved, old, new):
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, new)
