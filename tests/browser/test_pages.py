"""What only a browser can tell: nothing from elsewhere, no breach of the policy, nothing that cannot be reached or read."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User

from config.kit.formats.languages import in_language
from tests.config.addresses import FORMS, MBC, PAGES
from treaties.models import Treaty, TreatyAction

WIDTHS = [360, 768, 1440]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
RULES_OF_COLOUR = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""What the dark scheme can break: it changes colours alone."""
RULES_OF_SIZE = {
    "runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable", "landmark-unique"]}
}
"""What a narrow window can break."""
SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
"""Text as wide as WCAG 1.4.12 lets a reader set it."""


@pytest.fixture
def page(chromium):
    """A page that notes what it asks of other sites and what the policy forbids."""
    context = chromium.new_context(bypass_csp=False)
    page = context.new_page()
    page.complaints = []
    page.strangers = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: page.complaints.append(str(e)))
    page.on(
        "request",
        lambda r: page.strangers.append(r.url) if urlsplit(r.url).hostname not in ("localhost", None) else None,
    )
    yield page
    context.close()


def test_no_page_asks_other_sites_for_anything_or_breaks_the_policy(site, page):
    for address in [*PAGES, *FORMS]:
        page.goto(site + address)
        page.wait_for_load_state("networkidle")
        assert not page.strangers, address
        assert not page.complaints, (address, page.complaints)


def test_no_page_is_wider_than_its_window_in_either_direction_of_writing(site, page):
    for address in [*PAGES, *FORMS]:
        page.goto(site + address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for direction in ("ltr", "rtl"):
                page.evaluate("d => document.documentElement.dir = d", direction)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width, direction)


def test_no_page_is_wider_than_the_narrowest_window_with_text_set_apart(site, chromium):
    context = chromium.new_context(bypass_csp=True, viewport={"width": 320, "height": 800})
    page = context.new_page()
    for address in [*PAGES, *FORMS]:
        page.goto(site + address)
        page.add_style_tag(content=SPACED)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
    context.close()


def check_with_axe(chromium, address):
    # axe adds styles of its own, so the policy is set aside here; the test above keeps it.
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    for width, scheme, rules in (
        (1440, "light", RULES),
        (1440, "dark", RULES_OF_COLOUR),
        (360, "light", RULES_OF_SIZE),
    ):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=rules)
        assert found.violations_count == 0, f"{width} {scheme}\n{found.generate_report()}"
    context.close()


@pytest.mark.parametrize("address", [*PAGES, *FORMS])
def test_every_page_meets_what_a_machine_can_check_of_wcag(site, chromium, address):
    check_with_axe(chromium, site + address)


IN_OTHER_LANGUAGES = [a for a in [*PAGES, *FORMS] if not a.startswith(("/api/", "/changelog/"))]


@pytest.mark.parametrize("language", ["ar", "zh-hans"])
@pytest.mark.parametrize("address", IN_OTHER_LANGUAGES)
def test_every_page_meets_it_in_arabic_and_chinese_too(site, chromium, address, language):
    check_with_axe(chromium, site + in_language(address, language))


@pytest.mark.parametrize("language", ["ar", "zh-hans", "fr", "ru", "es"])
def test_no_page_is_wider_than_a_small_window_in_any_language(site, page, language):
    page.set_viewport_size({"width": 360, "height": 800})
    for address in IN_OTHER_LANGUAGES:
        page.goto(site + in_language(address, language))
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
        assert not page.strangers, address
        assert not page.complaints, (address, page.complaints)


def test_every_page_can_be_walked_by_keyboard_from_its_skip_link(site, page):
    page.goto(site + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_reader_finds_the_states_of_a_day_without_scripts(site, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}{MBC}/")
    page.fill("#id_on", "2025-12-27")
    page.get_by_label("Withdrawn", exact=True).check()
    page.get_by_role("button", name="Show").click()
    page.wait_for_load_state()  # the address is the new one before all of its page has come
    assert "status=withdrawn" in page.url
    assert page.locator("tbody").first.locator("th[scope=row]").all_inner_texts() == ["Estonia", "Latvia", "Lithuania"]
    context.close()


def test_the_home_page_keeps_its_weight(site, page):
    weights: dict[str, int] = {}

    def weigh(response):
        kind = response.request.resource_type
        weights[kind] = weights.get(kind, 0) + response.request.sizes()["responseBodySize"]

    page.on("response", weigh)
    page.goto(site + "/")
    page.wait_for_load_state("networkidle")
    assert weights["document"] < 30_000  # files that browsers keep: tests/config/test_weight.py
    assert weights["font"] < 120_000


def test_the_admin_breaks_no_policy_and_asks_no_other_site(site, page):
    User.objects.create_superuser("editor", password="a long password")
    page.goto(f"{site}/admin/login/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", "a long password")
    page.click("input[type=submit]")
    row = TreatyAction.objects.first().pk
    for address in (
        "/admin/",
        "/admin/treaties/treatyaction/",
        "/admin/treaties/treatyaction/add/",
        f"/admin/treaties/treatyaction/{row}/change/",
        f"/admin/treaties/treatyaction/{row}/history/",
        "/admin/treaties/treatyaction/import/",
        "/admin/treaties/comparison/add/",
        f"/admin/treaties/treatyaction/add/?replaces={row}",
        "/admin/news/statement/add/",
        "/admin/campaign/commitment/",
        "/admin/kit/accesstoken/add/",
    ):
        page.goto(site + address)
        page.wait_for_load_state("networkidle")
        assert not page.strangers, address
        assert not page.complaints, (address, page.complaints)


def test_an_officer_sees_what_an_act_would_do_while_filling_in_the_form(site, page):
    User.objects.create_superuser("officer", password="a long password")
    page.goto(f"{site}/admin/login/")
    page.fill("#id_username", "officer")
    page.fill("#id_password", "a long password")
    page.click("input[type=submit]")
    convention = Treaty.objects.main().pk
    page.goto(f"{site}/admin/treaties/treatyaction/add/?treaty={convention}&state=CHN&action=accession")
    page.fill("#id_deposited_on", "2026-03-10")
    page.wait_for_selector("#preview >> text=1 September 2026")
    assert "Consented, not yet in force" in page.inner_text("#preview")
    assert not page.complaints


def seen(page, site, address="/"):
    """The page with its figure in sight and at work."""
    page.goto(site + address)
    page.locator(".figure").scroll_into_view_if_needed()
    page.wait_for_selector(".figure__tabs")


class TestTheFigure:
    def test_is_walked_by_keyboard_from_tab_to_tab_and_from_day_to_day(self, site, page):
        seen(page, site)
        page.focus("#tab-map")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.activeElement.id") == "tab-chart"
        assert page.locator("[data-tab=chart]").is_visible()
        assert not page.locator("[data-tab=map]").is_visible()
        page.focus("#figure-day")
        page.keyboard.press("Home")
        assert page.locator(".figure__sentence").inner_text().startswith("3 December 1997: ")
        assert "on=1997-12-03" in page.url
        page.keyboard.press("ArrowRight")
        assert not page.locator(".figure__sentence").inner_text().startswith("3 December 1997: ")

    def test_finds_its_position_again_by_its_address(self, site, page):
        seen(page, site, "/?on=1999-03-01&view=table&compare=2025-06-16")
        assert page.locator("#tab-table").get_attribute("aria-selected") == "true"
        assert page.locator(".figure__sentence").inner_text().startswith("1 March 1999: ")
        row = page.locator("[data-tab=table] tr", has_text="Zambia")
        assert row.locator("td").all_inner_texts() == ["Signatory", "Party"]

    def test_has_one_stop_for_each_region_and_arrows_within_it(self, site, page):
        seen(page, site)
        stops = page.locator("a.map__state[tabindex='0']")
        assert stops.count() == 5
        stops.first.focus()
        first = page.evaluate("document.activeElement.getAttribute('aria-label')")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") > first
        assert page.locator(".figure__tip").inner_text() == page.evaluate(
            "document.activeElement.getAttribute('aria-label')"
        )

    def test_colours_the_map_as_the_server_does(self, site, page):
        seen(page, site)
        page.fill("#figure-day", "0")
        marks = lambda: page.evaluate(  # noqa: E731
            "Object.fromEntries([...document.querySelectorAll('a.map__state')]"
            ".map(a => [a.getAttribute('href'), a.getAttribute('class').match(/map--\\w+/)[0]]))"
        )
        moved = marks()
        page.route("**/figure*.js", lambda route: route.abort())
        page.goto(f"{site}/?on=1997-12-03")
        assert marks() == moved

    def test_comes_closer_by_a_button_and_goes_back_to_the_whole(self, site, page):
        seen(page, site)
        whole = page.locator(".map > svg").first.get_attribute("viewBox")
        page.click("[aria-label='Closer']")
        assert page.locator(".map > svg").first.get_attribute("viewBox") != whole
        page.click("[aria-label='The whole map']")
        assert page.locator(".map > svg").first.get_attribute("viewBox") == whole

    def test_hides_the_play_button_from_those_who_want_no_motion(self, site, page):
        page.emulate_media(reduced_motion="reduce")
        seen(page, site)
        assert not page.get_by_role("button", name="Play the years").is_visible()

    @pytest.mark.parametrize("width", [320, 360, 1440])
    def test_meets_what_a_machine_can_check_and_is_no_wider_than_its_window(self, site, chromium, width):
        context = chromium.new_context(bypass_csp=True, viewport={"width": width, "height": 900})
        page = context.new_page()
        seen(page, site)
        for tab in ("map", "chart", "table"):
            page.click(f"#tab-{tab}")
            found = Axe().run(page, options=RULES)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()


class TestTheSearchField:
    def test_suggests_and_goes_there_by_keyboard(self, site, page):
        page.goto(site + "/privacy/")
        page.fill("#site-search", "turk")
        page.wait_for_selector("#site-search-list li")
        assert page.locator("#site-search").get_attribute("aria-expanded") == "true"
        page.keyboard.press("ArrowDown")
        chosen = page.locator("#site-search").get_attribute("aria-activedescendant")
        assert page.locator(f"#{chosen}").get_attribute("aria-selected") == "true"
        while "Türkiye" not in page.locator("#site-search-list [aria-selected=true]").inner_text():
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/states/tur/")

    def test_keeps_what_is_chosen_while_another_answer_comes(self, site, page):
        page.goto(site + "/privacy/")
        page.fill("#site-search", "tur")
        page.wait_for_selector("#site-search-list li")
        chosen = "document.querySelector('#site-search-list [aria-selected=true]')?.innerText ?? ''"
        while "Türkiye" not in page.evaluate(chosen):
            page.keyboard.press("ArrowDown")
        with page.expect_response(lambda answer: answer.url.endswith("?q=turk")):
            page.keyboard.type("k")
        page.wait_for_timeout(200)
        assert "Türkiye" in page.evaluate(chosen)
        assert page.evaluate("document.activeElement.getAttribute('aria-activedescendant')")

    def test_closes_with_escape_and_searches_with_enter(self, site, page):
        page.goto(site + "/")
        page.focus("#site-search")
        page.keyboard.type("embed")
        page.wait_for_selector("#site-search-list li")
        page.keyboard.press("Escape")
        assert not page.locator("#site-search-list").is_visible()
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=embed")

    def test_is_in_the_menu_of_a_phone_with_targets_to_touch(self, site, page):
        page.set_viewport_size({"width": 360, "height": 800})
        page.goto(site + "/")
        assert not page.locator("#site-search").is_visible()
        page.click(".menu summary")
        assert page.locator("#menu-search").is_visible()
        heights = page.evaluate("[...document.querySelectorAll('.menu__panel .nav a')].map(a => a.offsetHeight)")
        assert min(heights) >= 44


def test_a_form_with_errors_puts_the_focus_on_their_summary(site, page):
    page.goto(site + FORMS[0])
    page.wait_for_timeout(3500)  # the form takes nobody who is faster than a person
    page.click("main form.person button")
    page.wait_for_selector(".notice--error")
    assert page.evaluate("document.activeElement.getAttribute('aria-labelledby')") == "form-errors"
