"""What a browser does on pages in six languages: it is offered its own once, and loads no letters that it does not show."""

import re

import pytest

PLEDGE = "/campaigns/humanitarian-disarmament/pledge/"


@pytest.fixture
def visitor(chromium, site):
    """A new browser that asks for languages; gives a function that opens a page of the site."""
    opened = []

    def visit(path, *, asks_for="en-GB"):
        if not opened:
            opened.append(chromium.new_context(locale=asks_for))
        page = opened[0].new_page()
        page.fonts = []
        page.on("request", lambda asked: page.fonts.append(asked.url) if asked.url.endswith(".woff2") else None)
        page.goto(site + path)
        page.wait_for_load_state("networkidle")
        return page

    yield visit
    for context in opened:
        context.close()


class TestTheOffer:
    @pytest.mark.parametrize(
        ("asks_for", "language", "words"),
        [
            ("fr-CH", "fr", "Lire cette page en français"),
            ("ar", "ar", "اقرؤوا هذه الصفحة بالعربية"),
            ("zh-CN", "zh-Hans", "以中文阅读本页"),
        ],
    )
    def test_is_in_the_language_that_the_browser_asks_for(self, visitor, asks_for, language, words):
        page = visitor("/states/?region=Africa", asks_for=asks_for)
        offer = page.locator(".offer")
        assert offer.get_attribute("lang") == language
        assert offer.locator("a").inner_text() == words
        offer.locator("a").click()
        assert page.url.endswith(f"/{language.lower()}/states/?region=Africa")
        assert page.locator(".offer").count() == 0

    def test_is_made_once(self, visitor):
        assert visitor("/", asks_for="ru").locator(".offer").count() == 1
        assert visitor("/states/").locator(".offer").count() == 0

    def test_goes_when_it_is_refused(self, visitor):
        page = visitor("/", asks_for="es")
        page.get_by_role("button", name="No, gracias").click()
        assert page.locator(".offer").count() == 0

    def test_is_not_made_to_who_has_chosen(self, visitor):
        page = visitor("/", asks_for="en")
        page.locator(".languages a[hreflang=fr]").click()
        page.wait_for_url("**/fr/")
        assert page.locator(".offer").count() == 0

    @pytest.mark.parametrize(("path", "asks_for"), [("/", "en-US"), ("/", "pt-BR"), ("/fr/", "fr-FR")])
    def test_is_not_made_where_there_is_nothing_to_offer(self, visitor, path, asks_for):
        assert visitor(path, asks_for=asks_for).locator(".offer").count() == 0

    def test_leaves_no_cookie(self, visitor):
        page = visitor("/", asks_for="fr")
        assert page.locator(".offer").count() == 1
        assert page.context.cookies() == []


class TestFonts:
    """The names of the languages stand in the head of each page and in lists to choose from: no file is loaded for them."""

    @pytest.mark.parametrize(
        "path", ["/", "/states/", "/news/", "/alerts/", "/languages/", "/ar/", "/zh-hans/states/", PLEDGE]
    )
    def test_of_other_letters_are_not_loaded(self, visitor, path):
        page = visitor(path)
        assert [url for url in page.fonts if "cyrillic" in url] == []
        shows_others = re.search("[\u0100-\u02ba\u1e00-\u1e9f]", page.inner_text("body"))
        assert shows_others or [url for url in page.fonts if "latin-ext" in url] == []

    def test_of_russian_are_loaded_for_russian(self, visitor):
        assert any("cyrillic" in url for url in visitor("/ru/", asks_for="ru").fonts)
