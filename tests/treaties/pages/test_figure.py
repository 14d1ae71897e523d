"""The figure: its history is the same record as the boards, and each of its positions has an address."""

from datetime import date

import pytest

from config.kit.incoming.days import today
from tests.config.addresses import MBC
from tests.reading import html_of, text_of
from treaties.law.rules import Status
from treaties.pages.figure import LETTERS, history
from treaties.status.boards import status_board
from treaties.status.names import members_of
from treaties.status.sentences import count_in_words

pytestmark = pytest.mark.django_db
LAST = date(2026, 11, 27)


def letters_at(found, iso3, place):
    state = next(each for each in found["states"] if each["iso3"] == iso3)
    return [letters for number, letters in state["steps"] if number <= place][-1]


class TestTheHistory:
    @pytest.mark.parametrize(
        "on", [date(1997, 12, 3), date(1999, 3, 1), date(2010, 1, 1), date(2025, 6, 16), date(2025, 12, 27), LAST]
    )
    def test_says_of_every_state_what_the_board_says(self, convention, on):
        found = history(convention, LAST)
        place = max(n for n, day in enumerate(found["days"]) if day <= on.isoformat())
        for line in status_board(convention, on).lines:
            expected = "".join(LETTERS[status] for status in line.by_record)
            assert letters_at(found, line.state.pk, place) == expected, line.state.pk

    def test_has_the_counts_of_the_boards(self, convention):
        found = history(convention, LAST)
        for place in (0, 100, len(found["days"]) - 1):
            counts = status_board(convention, date.fromisoformat(found["days"][place])).counts
            for name, words in found["counts"].items():
                assert words[place] == count_in_words(counts, name)

    def test_has_a_letter_and_a_word_for_every_status(self, convention):
        found = history(convention, LAST)
        assert set(found["kinds"].values()) == set(Status)
        assert {letters for state in found["states"] for _place, letters in state["steps"]} <= found["labels"].keys()

    @pytest.mark.parametrize("on", [date(2003, 1, 1), date(2026, 3, 1)])
    def test_has_the_members_of_each_group_on_every_day(self, convention, on):
        day = on.isoformat()
        for group in history(convention, on)["groups"]:
            members = {iso3 for iso3, since, until in group["members"] if since <= day and (not until or day <= until)}
            assert members == members_of([group["key"]], on), group["key"]

    def test_begins_with_the_treaty_for_a_day_before_it(self, convention):
        assert len(history(convention, date(1990, 1, 1))["days"]) == 1

    def test_is_light(self, client):
        assert len(client.get(f"{MBC}/history.json", headers={"Accept-Encoding": "gzip"}).content) < 30_000

    def test_is_that_of_the_moment_asked_for(self, client):
        assert client.get(f"{MBC}/history.json?known_at=2001-01-01T00:00:00Z").status_code == 200
        assert client.get(f"{MBC}/history.json?known_at=soon").status_code == 400
        assert client.get("/treaties/nothing/history.json").status_code == 404


class TestItsAddress:
    def test_is_kept_by_the_page_without_a_script(self, client):
        words = text_of(client.get("/?on=2025-12-27&compare=2025-06-16&view=chart"))
        assert "Compared with 16 June 2025, 7 States differ." in words
        assert "names that we do not know" not in words

    def test_leads_to_what_changed_between_the_days_in_their_order(self, client):
        html = html_of(client.get(f"{MBC}/?on=2025-06-16&compare=2025-12-27"))
        assert f"{MBC}/changes/?from=2025-06-16&amp;to=2025-12-27" in html

    @pytest.mark.parametrize("query", ["compare=soon", "view=globe", "region=Atlantis", "group=friends"])
    def test_is_refused_where_it_names_nothing(self, client, query):
        assert client.get(f"/?{query}").status_code == 400

    def test_narrows_the_map_to_a_region(self, client):
        html = html_of(client.get("/?region=Africa"))
        assert "<title>Estonia: not among the States chosen</title>" in html
        assert "<title>Chad: Party</title>" in html

    def test_narrows_map_and_downloads_to_a_group(self, client):
        html = html_of(client.get("/?group=nato&region=Europe"))
        assert "<title>Poland: Withdrawn</title>" in html
        assert "<title>Canada: not among the States chosen</title>" in html
        assert "<title>Switzerland: not among the States chosen</title>" in html
        assert f"on={today().isoformat()}&amp;region=Europe&amp;group=nato&amp;format=csv" in html

    @pytest.mark.parametrize("query", ["status=withdrawn", "q=pola", "region=Eastern Europe"])
    def test_shows_on_the_map_what_the_filters_choose(self, client, query):
        html = html_of(client.get(f"{MBC}/?{query}"))
        assert "<title>Poland: Withdrawn</title>" in html
        assert "<title>France: not among the States chosen</title>" in html


class TestTheDeadlinesPage:
    def test_puts_what_is_due_next_on_top_and_folds_what_is_done(self, client):
        html = html_of(client.get(f"{MBC}/deadlines/"))
        assert html.index("Due next") < html.index("Passed, or without a day") < html.index('class="summary-head"')

    def test_shows_what_is_done_at_once_where_nothing_else_is_asked_for(self, client):
        html = html_of(client.get(f"{MBC}/deadlines/?status=completed"))
        assert 'class="summary-head"' not in html


class TestAStatesPage:
    def test_answers_before_anything_else(self, client):
        html = html_of(client.get("/states/pol/"))
        assert html.index("No. Poland is not bound: it left on 20 February 2026.") < html.index("What is asked of it")
        assert html.index("What is asked of it") < html.index("What it promised") < html.index("Under each treaty")

    def test_says_that_nothing_was_promised(self, client):
        assert "Nothing on record: no commitment of Cambodia" in text_of(client.get("/states/khm/")) or (
            "Nothing on record: no commitment of Chad" in text_of(client.get("/states/tcd/"))
        )

    def test_gives_the_reasons_of_a_state_that_left_and_of_no_other(self, client):
        assert "The reasons it gave" in text_of(client.get("/states/est/"))
        assert "The reasons it gave" not in text_of(client.get("/states/fra/"))

    def test_has_acts_and_steps_in_one_order_the_newest_first(self, client):
        words = text_of(client.get("/states/pol/")).split("Acts and steps")[1]
        order = ["20 February 2026", "20 August 2025", "25 June 2025", "27 December 2012", "4 December 1997"]
        places = [words.index(day) for day in order]
        assert places == sorted(places)

    def test_asks_nothing_on_a_day_before_the_calls_were_made(self, client):
        assert "Join the Convention without delay" in text_of(client.get("/states/chn/"))
        assert "No call of the campaign is aimed at it on this day." in text_of(
            client.get("/states/chn/?on=2010-01-01")
        )

    def test_says_at_once_that_a_suspension_is_disputed(self, client):
        words = text_of(client.get("/states/ukr/"))
        assert "It declared a suspension" in words.split("What is asked of it")[0]
        assert "It declared a suspension" not in text_of(client.get("/states/ukr/?on=2024-01-01"))

    def test_leads_to_alerts_about_the_state_and_to_its_sheet(self, client):
        html = html_of(client.get("/states/pol/"))
        assert 'href="/alerts/?state=POL"' in html
        assert 'href="/states/pol/sheet/"' in html

    def test_has_a_short_address_for_what_is_asked(self, client):
        answer = client.get("/states/pol/asked/?on=2025-06-16")
        assert answer["Location"] == "/states/pol/?on=2025-06-16#asked"
        assert client.get("/states/xyz/asked/").status_code == 404


class TestSheets:
    def test_of_a_state_has_answer_duties_and_a_code_of_the_day(self, client):
        answer = client.get("/states/est/sheet/?on=2025-06-16")
        words = text_of(answer)
        assert "Yes. On 16 June 2025 Estonia was bound" in words
        assert "/states/est/?on=2025-06-16" in words
        assert "QR code of the page on the day" in html_of(answer)

    def test_of_a_treaty_names_the_states_of_each_status(self, client):
        words = text_of(client.get(f"{MBC}/sheet/?on=2026-03-01"))
        assert "161 or 162 parties, 161 bound, 5 left" in words
        assert "Estonia; Finland; Latvia; Lithuania; Poland" in words

    def test_shows_no_count_where_counts_are_withheld(self, client, withheld):
        words = text_of(client.get(f"/treaties/{withheld.slug}/sheet/?on=2026-03-01"))
        assert "no counts are shown" in words

    def test_of_nothing_is_not_found(self, client):
        assert client.get("/states/xyz/sheet/").status_code == 404
        assert client.get("/treaties/nothing/sheet/").status_code == 404
        assert client.get("/states/EST/sheet/").status_code == 301


@pytest.mark.parametrize(
    "address", ["/card.png", "/states/pol/card.png", f"{MBC}/card.png", "/campaigns/humanitarian-disarmament/card.png"]
)
def test_a_page_has_a_picture_for_those_who_share_it(client, address):
    answer = client.get(address)
    assert answer["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    page = address.removesuffix("card.png")
    assert f'property="og:image" content="http://localhost:8000{address}"' in html_of(client.get(page))


def test_there_is_no_picture_of_nothing(client):
    for address in ("/states/xyz/card.png", "/treaties/nothing/card.png", "/campaigns/nothing/card.png"):
        assert client.get(address).status_code == 404
