"""Pages, embeds, feeds and answers can be pinned to a day and to what was known at a moment, and cited so."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from config.pages.embeds import FILLS
from tests.factories import SOURCE, EditorFactory, HoldFactory, TreatyActionFactory
from tests.reading import html_of, text_of
from treaties import ledger
from treaties.ledger import proof
from treaties.models import Extension, LedgerSequence, Obligation, StatusChoices, Treaty, TreatyAction
from treaties.pages.world_map import PRINTED
from treaties.status.citing import Citation, cite
from treaties.status.duties import dated_duties

pytestmark = pytest.mark.django_db
MBC = "/treaties/mine-ban-convention"
API = "/api/v1"
PINNED = [
    "/",
    "/treaties/",
    f"{MBC}/",
    f"{MBC}/withdrawals/",
    f"{MBC}/changes/",
    f"{MBC}/deadlines/",
    f"{MBC}/what-if/?act=CHN:join:2027-01-05",
    "/treaties/matrix/",
    "/states/",
    "/states/est/",
    "/campaigns/humanitarian-disarmament/",
    "/embed/mine-ban-convention/counter/",
    "/embed/mine-ban-convention/map/",
    "/embed/mine-ban-convention/counter.svg",
    "/embed/mine-ban-convention/map.svg",
]
CITED = [
    "/",
    "/treaties/",
    f"{MBC}/",
    f"{MBC}/withdrawals/",
    f"{MBC}/changes/",
    f"{MBC}/deadlines/",
    "/treaties/matrix/",
    "/states/",
    "/states/est/",
    "/campaigns/humanitarian-disarmament/",
    f"{API}/treaties/mine-ban-convention/",
    f"{API}/treaties/mine-ban-convention/status/",
    f"{API}/treaties/mine-ban-convention/counts/",
    f"{API}/treaties/mine-ban-convention/changes/",
]


def norway_leaves_now(convention):
    """A notice of withdrawal that is confirmed at this moment."""
    TreatyActionFactory(
        treaty=convention,
        state_id="NOR",
        action="withdrawal",
        deposited_on=date(2026, 1, 2),
        recorded_at=timezone.now(),
        confirmed_at=timezone.now(),
    )


@pytest.fixture
def norway_leaves(convention):
    """A notice of withdrawal that was confirmed just now; a moment before it, as a parameter."""
    norway_leaves_now(convention)
    return f"{timezone.now() - timedelta(minutes=10):%Y-%m-%dT%H:%M:%SZ}"


def with_query(address, query):
    return f"{address}{'&' if '?' in address else '?'}{query}"


class TestKnownAt:
    @pytest.mark.parametrize("address", PINNED)
    def test_before_the_record_tells_that_nothing_was_known(self, client, address):
        words = text_of(client.get(with_query(address, "known_at=2001-01-01T00:00:00Z")))
        assert "Nothing was known here then" in words
        assert "parties" not in words.lower().split("the campaign")[0].replace("0 parties", "parties")

    @pytest.mark.parametrize("address", PINNED)
    def test_is_refused_where_it_is_no_moment(self, client, address):
        assert client.get(with_query(address, "known_at=yesterday")).status_code == 400

    @pytest.mark.parametrize(
        ("address", "now", "then"),
        [
            (f"{MBC}/?on=2026-08-01&status=withdrawn", "6 States, 1 August 2026", "5 States, 1 August 2026"),
            (
                "/states/nor/?on=2026-08-01",
                "Withdrawn Mine Ban Convention, 1 August",
                "Party Mine Ban Convention, 1 August",
            ),
            ("/treaties/matrix/?on=2026-08-01", "Norway Withdrawn", "Norway Party"),
            ("/states/?on=2026-08-01&q=Norway", "Norway Withdrawn", "Norway Party"),
            ("/treaties/?on=2026-08-01", "Withdrawn 6", "Withdrawn 5"),
            (f"{MBC}/changes/?from=2026-03-01&to=2026-08-01", "Norway Withdrawing", "has another status"),
            (f"{MBC}/withdrawals/?on=2026-08-01", "6 withdrawn", "5 withdrawn"),
            (
                "/embed/mine-ban-convention/counter/?on=2026-02-25",
                "1 withdrawing, 5 withdrawn",
                "0 withdrawing, 5 withdrawn",
            ),
            ("/embed/mine-ban-convention/counter.svg?on=2026-02-25", "1 withdrawing", "0 withdrawing"),
            ("/?on=2026-08-01", "6 left", "5 left"),
        ],
    )
    def test_shows_what_the_record_held(self, client, norway_leaves, address, now, then):
        today = text_of(client.get(address))
        before = text_of(client.get(with_query(address, f"known_at={norway_leaves}")))
        assert now in today
        assert now not in before
        assert then in before

    @pytest.mark.parametrize("address", [a for a in PINNED if "embed" not in a and "what-if" not in a])
    def test_is_told_on_the_page_with_a_way_out(self, client, norway_leaves, address):
        html = client.get(with_query(address, f"known_at={norway_leaves}")).content.decode()
        assert "as the record held them at" in html
        assert "What is known now" in html

    def test_stays_when_a_filter_is_set(self, client, norway_leaves):
        html = client.get(f"{MBC}/?known_at={norway_leaves}").content.decode()
        assert f'<input type="hidden" name="known_at" value="{norway_leaves}"' in html
        assert 'name="known_at"' not in client.get(f"{MBC}/").content.decode()

    def test_goes_with_the_downloads(self, client, norway_leaves):
        html = client.get(f"{MBC}/?on=2026-08-01&known_at={norway_leaves}").content.decode()
        address = re.search(r'href="([^"]+format=csv)"', html)[1].replace("&amp;", "&")
        assert client.get(address).content.decode().count(",withdrawn,") == 5

    def test_is_heeded_by_the_lists_of_treaties(self, client, norway_leaves):
        def withdrawing(query):
            return client.get(f"{API}/treaties/mine-ban-convention/?on=2026-02-25{query}").json()["counts"][
                "withdrawing"
            ]

        assert (withdrawing(""), withdrawing(f"&known_at={norway_leaves}")) == (1, 0)
        found = client.get(f"{API}/treaties/?known_at=2001-01-01T00:00:00Z").json()["results"]
        assert len(found) == 6
        assert {treaty["counts"] for treaty in found} == {None}

    @pytest.mark.parametrize("address", ["treaties/mine-ban-convention/", "obligations/"])
    def test_is_answered_with_the_beginning_of_the_record(self, client, norway_leaves, address):
        answer = client.get(f"{API}/{address}?known_at={norway_leaves}").json()
        assert answer["record_since"] == f"{ledger.record_since():%Y-%m-%dT%H:%M:%S.%fZ}"
        assert "record_since" not in client.get(f"{API}/{address}").json()

    @pytest.mark.parametrize("feed", ["feed.atom", "declarations/feed.atom"])
    def test_is_not_passed_over_by_a_feed_that_does_not_know_it(self, client, feed):
        assert client.get(f"{MBC}/{feed}?known_at=2026-01-01T00:00:00Z").status_code == 404

    def test_shows_deadlines_as_they_were_on_record(self, convention):
        duty = Obligation.objects.get(state="UKR", obligation="article_5")
        before = timezone.now()
        Extension.objects.create(
            obligation=duty,
            number=90,
            extended_to="2040-01-01",
            granted_at="23MSP",
            granted_on="2026-11-20",
            source_url=SOURCE,
        )

        def deadline(known_at):
            found = dated_duties([convention], date(2026, 11, 26), [duty.state], known_at)
            return next(d.deadline for d in found if d.obligation == "article_5")

        assert deadline(None) == date(2040, 1, 1)
        assert deadline(before) != date(2040, 1, 1)


class TestACitation:
    @pytest.mark.parametrize("address", CITED)
    @pytest.mark.parametrize(
        ("form", "kind"),
        [
            ("text", "text/plain"),
            ("bibtex", "application/x-bibtex"),
            ("csl", "application/vnd.citationstyles.csl+json"),
        ],
    )
    def test_is_given_in_three_forms(self, client, address, form, kind):
        response = client.get(with_query(address, f"cite={form}"))
        assert response.status_code == 200
        assert response["Content-Type"].startswith(kind)
        head = ledger.head_of(Treaty.objects.main()).hash
        body = response.content.decode()
        assert head in body
        assert "known_at=" in body

    @pytest.mark.parametrize("address", CITED)
    def test_leads_to_an_address_that_says_the_same_tomorrow(self, client, convention, address):
        text = client.get(with_query(address, "cite=text")).content.decode().strip()
        cited = text.rsplit(" ", 1)[1]
        path = cited.removeprefix("http://testserver")
        before = client.get(path).content.decode()
        norway_leaves_now(convention)
        with time_machine.travel(timezone.now() + timedelta(days=1)):
            again = client.get(path).content.decode()
            text_again = client.get(with_query(path, "cite=text")).content.decode().strip()
        if address.startswith(f"{API}/treaties"):
            assert again == before
        assert text_again == text
        assert parse_qs(urlsplit(cited).query).keys() & {"on", "from", "to"}

    def test_keeps_what_was_asked(self, client):
        text = client.get(f"{MBC}/?group=eu&on=2025-06-16&status=party&cite=text").content.decode()
        query = parse_qs(urlsplit(text.strip().rsplit(" ", 1)[1]).query)
        assert (query["group"], query["on"], query["status"]) == (["eu"], ["2025-06-16"], ["party"])
        assert "cite" not in query

    @pytest.mark.parametrize("address", [f"{MBC}/", f"{API}/treaties/mine-ban-convention/status/"])
    def test_in_another_form_is_refused(self, client, address):
        assert client.get(f"{address}?cite=mla").status_code == 400

    @pytest.mark.parametrize(
        "address",
        [
            "/embed/mine-ban-convention/counter/?cite=text",
            "/embed/mine-ban-convention/map.svg?cite=text",
            f"{MBC}/declarations/?cite=text",
            f"{MBC}/declarations/?known_at=2026-01-01T00:00:00Z",
            f"{MBC}/doubts/?cite=text",
            f"{MBC}/what-if/?cite=text",
            f"{API}/treaties/?cite=text",
            f"{API}/obligations/?cite=text",
        ],
    )
    def test_is_refused_where_there_is_none(self, client, address):
        assert client.get(address).status_code == 400

    def test_of_a_moment_names_the_head_of_then(self, client, convention):
        head = ledger.head_of(convention).hash
        moment = timezone.now()
        norway_leaves_now(convention)
        then = client.get(f"{MBC}/?known_at={moment:%Y-%m-%dT%H:%M:%S.%fZ}&cite=text").content.decode()
        now = client.get(f"{MBC}/?cite=text").content.decode()
        assert head in then
        assert head not in now
        assert ledger.head_of(convention).hash in now

    def test_names_the_head_of_the_chain_that_holds_the_rules(self, convention):
        now = cite("Title", [convention], None, "https://example.org/")
        then = cite("Title", [convention], now.known_at, "https://example.org/")
        assert now.heads == then.heads
        assert now.heads[-1] == ("site", LedgerSequence.objects.get().site_hash)

    def test_of_what_will_be_known_is_one_of_what_is(self, convention):
        found = cite("Title", [convention], datetime(2100, 1, 1, tzinfo=UTC), "https://example.org/")
        assert found.known_at < datetime(2100, 1, 1, tzinfo=UTC)

    def test_of_an_empty_ledger_is_none(self, convention):
        convention.pk = 0
        assert cite("Title", [convention], None, "https://example.org/") is None

    def test_has_a_hold_for_its_head_where_that_came_last(self, convention):
        notice = TreatyAction.objects.of(convention).get(state="EST", action="withdrawal")
        first, second = EditorFactory(role="Treaty officer"), EditorFactory(role="Treaty officer")
        hold = HoldFactory.build(withdrawal=notice, recorded_by=None, confirmed_at=None, confirmed_by=None)
        ledger.record(hold, by=first)
        hold = ledger.confirm(hold, by=second)
        assert ledger.heads_at([convention], timezone.now()) == {convention.pk: hold.hash}
        assert ledger.heads_of([convention])[convention.pk].hash == hold.hash

    def test_of_the_time_before_the_first_row_has_the_head_of_an_empty_chain(self, convention):
        assert ledger.heads_at([convention], datetime(2001, 1, 1, tzinfo=UTC)) == {convention.pk: proof.GENESIS}

    def test_tells_the_moment_to_the_microsecond_so_that_a_row_of_the_same_second_does_not_change_it(self, convention):
        norway_leaves_now(convention)
        sealed = ledger.head_of(convention).sealed_at
        found = cite("Title", [convention], None, "https://example.org/")
        assert found.known_at == sealed
        assert found.address == f"https://example.org/?known_at={sealed:%Y-%m-%dT%H:%M:%S.%fZ}"

    def test_has_nothing_that_tex_takes_for_a_command(self):
        citation = Citation(
            "50% of A & B_c #1", datetime(2026, 1, 1, tzinfo=UTC), [("a_b", "00")], "https://x/?a=1&b=2"
        )
        assert r"{50\% of A \& B\_c \#1}" in citation.bibtex()
        assert "url = {https://x/?a=1&b=2}" in citation.bibtex()

    def test_stands_on_the_page(self, client):
        words = text_of(client.get(f"{MBC}/?on=2025-06-16"))
        year = timezone.now().year
        assert f"Minefree ({year}). Mine Ban Convention: status of every State on 2025-06-16. As known at" in words


class TestAPinnedEmbed:
    @pytest.mark.parametrize("kind", ["counter", "map"])
    def test_says_so(self, client, kind):
        pinned = text_of(client.get(f"/embed/mine-ban-convention/{kind}/?on=2025-06-16"))
        assert "Pinned to 16 June 2025: it stays as it was on that day." in pinned
        assert "Pinned" not in text_of(client.get(f"/embed/mine-ban-convention/{kind}/"))

    def test_says_at_which_moment_it_was_known(self, client):
        moment = f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"
        words = text_of(client.get(f"/embed/mine-ban-convention/counter/?on=2025-06-16&known_at={moment}"))
        assert "As the record was known at" in words


class TestADrawing:
    @pytest.mark.parametrize("kind", ["counter", "map"])
    def test_is_an_svg_that_needs_nothing_else(self, client, kind):
        response = client.get(f"/embed/mine-ban-convention/{kind}.svg?on=2025-06-16")
        assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
        body = response.content.decode()
        ElementTree.fromstring(body)
        assert not re.search(r"<style|class=|<script|href|var\(", body)
        assert "16 June 2025" in body

    def test_of_the_counter_has_the_counts_of_the_day(self, client):
        assert "165 parties" in client.get("/embed/mine-ban-convention/counter.svg?on=2025-06-16").content.decode()
        assert (
            "acts on record to 3 February 2026" in client.get("/embed/mine-ban-convention/counter.svg").content.decode()
        )

    def test_of_the_map_has_every_state_with_its_status(self, client):
        body = html_of(client.get("/embed/mine-ban-convention/map.svg?on=2025-12-30"))
        assert body.count("<title>") == 197
        assert "<title>Estonia: Withdrawn</title>" in body
        assert '<g fill="url(#h-withdrawn)"><title>Estonia' in body
        assert '<g fill="url(#h-withdrawing)"><title>Finland: Withdrawing' in body

    def test_marks_what_is_open(self, client):
        body = html_of(client.get("/embed/mine-ban-convention/map.svg?on=2026-11-26"))
        assert '<g fill="url(#h-open)"><title>Lebanon' in body
        assert "Open: day not known" in body

    @pytest.mark.parametrize("kind", ["counter", "map"])
    def test_that_is_asked_wrongly_is_refused(self, client, kind):
        assert client.get(f"/embed/mine-ban-convention/{kind}.svg?on=soon").status_code == 400
        assert client.get(f"/embed/mine-ban-convention/{kind}.svg?colour=red").status_code == 400
        assert client.get(f"/embed/nothing/{kind}.svg").status_code == 404

    def test_can_be_shown_by_any_site(self, client):
        response = client.get("/embed/mine-ban-convention/counter.svg")
        assert response["Cross-Origin-Resource-Policy"] == "cross-origin"

    def test_has_the_colours_of_the_style_sheet(self):
        light = Path(settings.BASE_DIR / "config/static/css/tokens.css").read_text(encoding="utf-8")
        assert {name: re.search(rf"--{name}: (#[0-9a-f]+);", light)[1] for name in PRINTED} == PRINTED
        assert FILLS.keys() == {*StatusChoices.values, "open"}


class TestWhatTheLastComparisonFound:
    @pytest.mark.parametrize(
        "address",
        [
            "/",
            "/treaties/",
            f"{MBC}/",
            f"{MBC}/withdrawals/",
            f"{MBC}/changes/",
            f"{MBC}/deadlines/",
            f"{MBC}/ledger/",
            f"{MBC}/feed.atom",
            "/treaties/matrix/",
            "/states/",
            "/states/est/",
            "/campaigns/humanitarian-disarmament/",
            "/embed/mine-ban-convention/counter/",
            "/embed/mine-ban-convention/map/",
        ],
    )
    def test_is_told_everywhere(self, client, convention, address):
        assert "Compared with the Depositary" not in client.get(address).content.decode()
        Treaty.objects.filter(pk=convention.pk).update(last_compared_on=date(2026, 11, 1))
        assert "Compared with the Depositary on 1 November 2026: no difference." in client.get(address).content.decode()


class TestACall:
    @pytest.mark.parametrize("address", ["/", "/campaigns/humanitarian-disarmament/"])
    def test_says_that_later_acts_may_be_missing(self, client, address):
        assert "acts on record to 3 February 2026" in text_of(client.get(address)).split("Calls to action")[-1]

    def test_is_aimed_at_the_states_of_the_day(self, client):
        words = text_of(client.get("/campaigns/humanitarian-disarmament/?on=2025-06-16"))
        assert "32 States, Mine Ban Convention" in words
        assert "here for 16 June 2025" in words

    def test_is_answered_for_a_day_and_as_known_at_a_moment(self, client, norway_leaves):
        def aimed_at(query):
            rows = client.get(f"{API}/campaign-actions/?page_size=200{query}").json()["results"]
            found = {row["slug"]: row["target_states"] for row in rows if row["target_rule"] == "withdrawing"}
            return [{state["iso3"] for state in states} if states is not None else None for states in found.values()]

        assert aimed_at("&on=2026-02-25") == [{"NOR"}, {"NOR"}]
        assert aimed_at(f"&on=2026-02-25&known_at={norway_leaves}") == [set(), set()]
        assert aimed_at("&known_at=2001-01-01T00:00:00Z") == [None, None]
        slug = next(row["slug"] for row in client.get(f"{API}/campaign-actions/").json()["results"])
        assert client.get(f"{API}/campaign-actions/{slug}/?on=2026-02-25").status_code == 200
        assert client.get(f"{API}/campaign-actions/{slug}/?on=soon").status_code == 400
        assert client.get(f"{API}/campaign-actions/?on=soon").status_code == 400

    def test_is_answered_with_the_day_to_which_acts_are_on_record(self, client):
        rows = client.get(f"{API}/campaign-actions/?page_size=200").json()["results"]
        assert {row["target_complete_to"] for row in rows if row["target_treaty"]} == {"2026-02-03"}
        assert {row["target_complete_to"] for row in rows if not row["target_treaty"]} == {None}
