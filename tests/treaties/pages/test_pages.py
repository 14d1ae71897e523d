"""What a reader finds on the pages of the record."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from tests.config.addresses import MBC
from tests.factories import SOURCE, HoldFactory, OfficerFactory, StepFactory, TreatyActionFactory
from tests.reading import html_of, text_of
from treaties import ledger
from treaties.models import TreatyAction
from treaties.pages import world_map
from treaties.pages.charts import thinned
from treaties.status.boards import status_board

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client):
    return lambda address: text_of(client.get(address))


class TestTheStatusPage:
    def test_shows_the_seeds_numbers_on_the_day_of_the_announcement(self, read):
        words = read(f"{MBC}/?on=2025-06-16")
        for number in ("165 Parties", "133 Signatories", "32 Not parties", "164 In force for"):
            assert number in words

    def test_shows_the_counts_adding_up(self, read):
        assert "163 parties + 3 withdrawn + 31 that never joined = all States (197)" in read(f"{MBC}/?on=2025-12-27")

    def test_lists_every_state_with_its_days(self, client):
        html = client.get(f"{MBC}/?on=2025-06-16").content.decode()
        assert html.count('<th scope="row"><a href="/states/') == 197
        assert '<time datetime="2004-05-12">12 May 2004</time>' in html

    def test_opens_each_count_to_the_states_that_make_it(self, client):
        html = html_of(client.get(f"{MBC}/?on=2025-12-27"))
        counters = re.findall(r'class="counter"><a href="([^"]+)"><span class="counter__n">(\d+)', html)
        assert len(counters) == 6
        for address, number in counters:
            shown = client.get(address.replace("&amp;", "&")).content.decode()
            assert shown.count('<th scope="row"><a href="/states/') == int(number), address

    def test_can_be_filtered_by_status_region_and_name(self, read):
        assert "3 States, 27 December 2025" in read(f"{MBC}/?on=2025-12-27&status=withdrawn")
        assert "5 States, 27 December 2025" in read(f"{MBC}/?on=2025-12-27&status=withdrawn&status=withdrawing")
        assert "2 States" in read(f"{MBC}/?region=Australia and New Zealand")
        assert "1 State," in read(f"{MBC}/?q=cote d'ivoire")
        assert "1 State," in read(f"{MBC}/?q=North Korea")

    @pytest.mark.parametrize("sort", ["state", "status", "signed", "consent", "in_force", "withdrawal"])
    def test_can_be_sorted_both_ways(self, client, sort):
        def names(order):
            html = client.get(f"{MBC}/?on=2025-12-27&sort={order}").content.decode()
            return re.findall(r'<th scope="row"><a href="/states/(\w+)/', html)

        assert names(sort) == list(reversed(names(f"-{sort}")))

    def test_says_so_where_nobody_answers_to_the_filters(self, read):
        assert "No State answers to these filters on that day." in read(f"{MBC}/?status=signatory")

    @pytest.mark.parametrize("query", ["on=tomorrow", "on=2025-02-30", "status=lost", "region=Atlantis", "sort=size"])
    def test_names_the_field_that_it_cannot_read(self, client, query):
        response = client.get(f"{MBC}/?{query}")
        html = response.content.decode()
        assert response.status_code == 400
        assert "Please check what you asked for" in html
        assert f'<a href="#id_{query.split("=")[0]}">' in html

    def test_marks_a_day_to_come_as_implied(self, read):
        assert "On 1 January 2030, as the record now implies" in read(f"{MBC}/?on=2030-01-01")

    def test_says_how_far_the_ledger_has_been_compared(self, read):
        words = "All acts up to 3 February 2026 are on record; later ones may be missing."
        assert words in read(f"{MBC}/?on=2026-06-01")
        assert words not in read(f"{MBC}/?on=2025-06-16")
        assert "ompared with the Depositary" not in read(f"{MBC}/?on=2026-06-01")

    def test_draws_the_parties_over_time_with_a_table_a_link_away(self, client):
        html = client.get(f"{MBC}/").content.decode()
        assert "<svg" in html
        assert "The same as a table: every day of change" in html

    def test_withholds_a_day_for_which_acts_are_known_to_be_missing(self, read, client, withheld):
        words = read("/treaties/arms-trade-treaty/?on=2020-01-01")
        assert "The ledger of this treaty is complete only to 10 July 2014." in words
        assert (
            b'<th scope="row"><a href="/states/' not in client.get("/treaties/arms-trade-treaty/?on=2020-01-01").content
        )

    def test_opens_on_the_last_day_that_can_be_shown(self, read, withheld):
        assert "On 10 July 2014" in read("/treaties/arms-trade-treaty/")

    def test_offers_the_days_worth_looking_at(self, client):
        html = client.get(f"{MBC}/").content.decode()
        assert "?on=2025-06-16" in html
        assert "?on=1999-03-01" in html


class TestTheListOfTreaties:
    def test_shows_each_on_the_last_day_that_its_ledger_can_answer_for(self, read, withheld):
        words = read("/treaties/")
        assert "As of 10 July 2014 , the last day for which the ledger is complete" in words
        assert words.count("Parties") >= 6


class TestTheLedger:
    def test_shows_every_act_with_its_source(self, read, client):
        assert "305 acts" in read(f"{MBC}/ledger/")
        assert 'href="https://' in client.get(f"{MBC}/ledger/").content.decode()

    def test_tells_what_replaces_what_and_why(self, read, convention):
        tonga = TreatyAction.objects.of(convention).get(state="TON")
        row = TreatyAction(
            treaty=convention, state=tonga.state, action="accession", deposited_on=date(2025, 6, 26), source_url=SOURCE
        )
        new = ledger.replace(tonga, row, by=OfficerFactory(), reason="The Depositary gives the 26th.")
        assert "Replaced by" not in read(f"{MBC}/ledger/")
        ledger.confirm(new, by=OfficerFactory())
        words = read(f"{MBC}/ledger/")
        assert f"Replaces row {tonga.pk}: The Depositary gives the 26th." in words
        assert f"Replaced by row {new.pk}: The Depositary gives the 26th." in words

    def test_opens_where_a_row_stands(self, client, convention):
        canada = TreatyAction.objects.of(convention).get(state="CAN", action="ratification")
        assert f'id="action-{canada.pk}"' in client.get(canada.get_absolute_url()).content.decode()
        assert f'id="action-{canada.pk}"' not in client.get(f"{MBC}/ledger/").content.decode()
        assert client.get(f"{MBC}/ledger/?row=999999999").status_code == 200
        assert client.get(f"{MBC}/ledger/?row=x").status_code == 400

    def test_hides_what_no_second_officer_has_confirmed(self, read, convention, state):
        row = TreatyAction(
            treaty=convention, state=state("CHN"), action="accession", deposited_on=date(2026, 1, 2), source_url=SOURCE
        )
        ledger.record(row, by=OfficerFactory())
        assert "China" not in read(f"{MBC}/ledger/")
        assert "China" not in read(f"{MBC}/feed.atom")

    def test_is_a_feed_with_stable_names(self, client, convention):
        feed = client.get(f"{MBC}/feed.atom").content.decode()
        poland = TreatyAction.objects.of(convention).get(state="POL", action="withdrawal")
        assert f"<id>tag:localhost,2025:treaty-actions/{poland.pk}</id>" in feed
        assert "Poland: Notice of withdrawal, 20 August 2025" in feed


class TestTheChanges:
    def test_tell_in_sentences_what_happened_between_two_days(self, read):
        words = read(f"{MBC}/changes/?from=2025-06-16&to=2025-12-27")
        assert "7 States have another status" in words
        assert "Parties: 165 on the first day, 163 on the last." in words
        assert "It notified its withdrawal on 27 June 2025, which took effect on 27 December 2025." in words

    def test_refuse_a_span_that_runs_backwards(self, client):
        response = client.get(f"{MBC}/changes/?from=2025-06-16&to=2025-01-01")
        assert response.status_code == 400
        assert "The first day is after the last." in response.content.decode()


class TestTheCountsOverTime:
    def test_stand_on_pages_with_the_latest_day_of_change_first(self, client, read):
        first, second = (html_of(client.get(f"{MBC}/counts/?on=2025-12-31&page={n}")) for n in (1, 2))
        days = re.findall(r'<th scope="row"><time datetime="([-0-9]+)"', first + second)
        assert days[:3] == ["2025-12-31", "2025-12-27", "2025-12-01"]
        assert days == sorted(set(days), reverse=True)
        assert len(days) == 100

    def test_are_all_those_of_the_api(self, client):
        series = client.get("/api/v1/treaties/mine-ban-convention/counts/?to=2025-12-31&step=change").json()["results"]
        pages = [html_of(client.get(f"{MBC}/counts/?on=2025-12-31&page={n + 1}")) for n in range(len(series) // 50 + 1)]
        days = re.findall(r'<th scope="row"><time datetime="([-0-9]+)"', "".join(pages))
        assert days[::-1] == [line["on"] for line in series]

    def test_are_a_link_away_from_the_chart(self, client):
        assert f'href="{MBC}/counts/?on=2025-06-16"' in html_of(client.get(f"{MBC}/?on=2025-06-16"))
        assert f'href="{MBC}/counts/?on=2025-06-16"' in html_of(client.get("/?on=2025-06-16"))

    def test_of_a_day_before_the_treaty_are_none(self, read):
        assert "The history of this treaty begins later." in read(f"{MBC}/counts/?on=1990-01-01")


@given(st.lists(st.tuples(st.dates(), st.integers(0, 197)), min_size=1, max_size=60, unique_by=lambda p: p[0]))
def test_a_chart_draws_at_most_so_many_points_and_always_the_first_and_the_last(found):
    points = sorted((day, (n, n)) for day, n in found)
    drawn = thinned(points, most=20)
    assert len(drawn) <= 20
    assert drawn[0] == points[0]
    assert drawn[-1] == points[-1]
    assert set(drawn) <= set(points)
    assert drawn == sorted(drawn)
    if len(points) <= 20:
        assert drawn == points


class TestTheWithdrawalWatch:
    def test_counts_down_while_a_notice_runs(self, read):
        words = read(f"{MBC}/withdrawals/?on=2025-12-17")
        assert "On 17 December 2025: 5 withdrawing , 0 withdrawn" in words
        assert "10 days left of 183; until then the State is bound." in words

    def test_shows_the_votes(self, read):
        assert "81 for, 1 against, 7 abstentions" in read(f"{MBC}/withdrawals/")

    def test_takes_the_legal_days_from_the_ledger_not_from_the_steps(self, client, convention):
        StepFactory(treaty=convention, state_id="NOR", step="notification_deposited", date=date(2025, 5, 1))
        html = client.get(f"{MBC}/withdrawals/").content.decode()
        notice = html[html.index('id="nor"') :].split("Notice deposited")[1]
        assert "nothing on record" in notice.split("</li>")[0]

    def test_shows_a_suspension_as_what_it_is(self, read):
        words = read(f"{MBC}/withdrawals/")
        assert "Ukraine: a suspension that the treaty does not know" in words
        assert "it changes no status" in words
        assert "Objections of 6 States, and 1 act of a meeting of the States Parties" in words

    def test_shows_only_what_was_known_of_steps_by_that_day(self, read):
        assert "Ukraine: a suspension" not in read(f"{MBC}/withdrawals/?on=2025-06-16")

    def test_explains_an_armed_conflict_hold(self, read, convention):
        notice = TreatyAction.objects.of(convention).get(state="EST", action="withdrawal")
        HoldFactory(withdrawal=notice)
        words = read(f"{MBC}/withdrawals/?on=2026-03-01")
        assert "postpones the effect until its end (Art. 20(3))" in words
        assert "Takes effect postponed by an armed conflict" in words

    def test_says_so_where_nobody_leaves(self, read):
        words = read("/treaties/treaty-on-the-prohibition-of-nuclear-weapons/withdrawals/")
        assert "No State has taken a step towards leaving by that day." in words


class TestTheDeadlines:
    def test_show_computed_days_and_what_is_on_record(self, read):
        words = read(f"{MBC}/deadlines/")
        assert "Cambodia" in words
        assert "31 Dec 2030 at first 1 Jan 2010" in words

    def test_never_call_a_state_late_for_what_was_not_looked_up(self, read):
        words = read(f"{MBC}/deadlines/")
        assert "it is shown as not confirmed, and says nothing of lateness" in words
        assert "31 Dec 2025 at first 1 Mar 2009 5 extensions" in words
        assert "Deadline passed" not in words.split("In force since Note")[1]

    def test_say_how_far_they_were_checked_and_who_decided(self, read):
        words = read(f"{MBC}/deadlines/")
        afghanistan = words.split("Due next")[2].split("Afghanistan")[1].split("Article 4")[0]
        assert "1 Mar 2030 at first 1 Mar 2013 3 extensions" in afghanistan
        assert "to 1 Mar 2025 , 20MSP (Geneva, November 2022)" in afghanistan
        assert "29 Nov 2024 Pending" in afghanistan

    def test_tell_an_extension_whose_day_was_not_found(self, read):
        cyprus = read(f"{MBC}/deadlines/").split("Cyprus")[1]
        assert "extended, day not found at first 1 Jul 2013 1 extension" in cyprus
        assert "19 Nov 2021 Not confirmed" in cyprus

    def test_stand_as_they_stood_on_a_day(self, read):
        words = read(f"{MBC}/deadlines/?on=2015-01-01&obligation=article_5")
        assert "1 Mar 2023 at first 1 Mar 2013" in words.split("Afghanistan")[1]

    def test_can_be_filtered(self, client):
        html = html_of(client.get(f"{MBC}/deadlines/?status=no_longer_due&obligation=article_5"))
        assert html.count('<tr><th scope="row">') == 5

    def test_say_so_for_a_treaty_without_dated_duties(self, read):
        assert "No dated duties are recorded" in read("/treaties/convention-on-cluster-munitions/deadlines/")

    def test_are_a_calendar_that_a_client_reads(self, client):
        calendar = Calendar.from_ical(client.get(f"{MBC}/deadlines.ics").content)
        events = {str(e["uid"]): e for e in calendar.walk("VEVENT")}
        cambodia = events["mine-ban-convention-khm-article_5@minefree"]
        assert cambodia["dtstart"].dt == date(2030, 12, 31)
        assert str(cambodia["summary"]) == "Cambodia: Article 5: clear mined areas"
        assert cambodia["sequence"] == 2
        assert all(e["dtstamp"] for e in events.values())
        assert any("yearly-report" in uid for uid in events)


class TestAStatesPage:
    def test_tells_the_status_in_words(self, read):
        words = read("/states/est/")
        assert "Estonia acceded to the Mine Ban Convention on 12 May 2004." in words
        assert "It notified its withdrawal on 27 June 2025, which took effect on 27 December 2025." in words

    @pytest.mark.parametrize(
        ("address", "sentence"),
        [
            ("/states/est/?on=2025-12-01", "which takes effect on 27 December 2025: until then it is bound."),
            ("/states/mhl/?on=2025-03-11", "It has not consented to be bound."),
            ("/states/mhl/?on=2025-03-12", "It enters into force for the State on 1 September 2025."),
            ("/states/chn/", "China has neither signed the Mine Ban Convention nor joined it."),
            ("/states/mne/", "Montenegro succeeded to the Mine Ban Convention by a notification on 23 October 2006."),
            ("/states/ukr/", "Ukraine signed the Mine Ban Convention on 24 February 1999. It ratified the treaty on"),
            ("/states/jpn/", "It has been in force for the State since 1 March 1999."),
        ],
    )
    def test_tells_it_for_any_day(self, read, address, sentence):
        assert sentence in read(address)

    def test_shows_acts_steps_duties_commitments_and_statements(self, read):
        words = read("/states/est/")
        for heading in (
            "What is asked of it",
            "What it promised",
            "Acts and steps",
            "Dated duties",
            "Statements that mention it",
        ):
            assert heading in words

    def test_has_one_address_in_lower_case(self, client):
        response = client.get("/states/EST/")
        assert (response.status_code, response["Location"]) == (301, "/states/est/")

    def test_shows_an_incomplete_treaty_on_its_last_complete_day(self, read, withheld):
        assert "10 Jul 2014" in read("/states/est/")


def test_states_can_be_found_by_any_of_their_names(read):
    assert "1 State," in read("/states/?q=Russia")
    assert "1 State," in read("/states/?q=russian federation")
    assert "No State has this name" in read("/states/?q=Atlantis")


def test_a_treaty_added_as_data_has_all_its_pages(client, state):
    action = TreatyActionFactory(treaty__entry_into_force_rule="days_after_deposit", treaty__entry_into_force_n=30)
    slug = action.treaty.slug
    for page in ("", "ledger/", "changes/", "withdrawals/", "deadlines/", "deadlines.ics", "feed.atom"):
        assert client.get(f"/treaties/{slug}/{page}").status_code == 200
    answer = client.get(f"/api/v1/treaties/{slug}/status/?on=2004-06-11&state=EST").json()
    assert answer["results"][0]["status"] == "party"


@pytest.mark.parametrize("on", ["1000-01-01", "2999-12-31"])
def test_every_page_of_a_day_can_be_had_for_the_first_and_the_last(client, on):
    pages = (
        f"{MBC}/?on={on}",
        f"{MBC}/withdrawals/?on={on}&leave=UKR",
        f"{MBC}/changes/?to={on}",
        f"/states/est/?on={on}",
    )
    for address in (*pages, f"/treaties/matrix/?on={on}", f"/embed/mine-ban-convention/map/?on={on}"):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31", "x"])
def test_every_page_of_a_day_names_a_day_that_it_cannot_take(client, on):
    pages = (
        f"{MBC}/?on={on}",
        f"{MBC}/withdrawals/?on={on}&leave=UKR",
        f"{MBC}/changes/?to={on}",
        f"/states/est/?on={on}",
    )
    for address in (*pages, f"/treaties/matrix/?on={on}", f"/embed/mine-ban-convention/map/?on={on}"):
        assert client.get(address).status_code == 400, address


class TestTheMap:
    @pytest.mark.parametrize("address", ["/", f"{MBC}/?on=2025-12-27", "/embed/mine-ban-convention/map/?on=2025-12-27"])
    def test_has_every_state_with_its_status_in_words(self, client, address):
        html = html_of(client.get(address))
        assert html.count('class="map__state map--') == 197
        assert "<title>Estonia: Withdrawn</title>" in html

    def test_follows_the_day(self, client):
        html = html_of(client.get(f"{MBC}/?on=2025-09-15"))
        assert "<title>Estonia: Withdrawing</title>" in html
        assert html.count('class="map__state map--withdrawing"') == 5

    def test_shows_a_supposition(self, client):
        html = html_of(client.get(f"{MBC}/withdrawals/?on=2025-06-16&leave=EST"))
        assert "<title>Estonia: Withdrawn</title>" in html
        assert "<title>Poland: Party</title>" in html

    def test_draws_every_state_from_the_outlines(self, client):
        html = html_of(client.get(f"{MBC}/?on=2025-09-15"))
        assert html.split('class="map__inset"')[0].count("world.svg#") == 197 + 1  # and what is no State

    def test_draws_europe_once_more(self, client):
        inset = html_of(client.get(f"{MBC}/?on=2025-09-15")).split('class="map__inset"')[1].split("</svg>")[0]
        assert re.search(r'<use class="map--withdrawing" href="[^"]*world[^"]*#EST"', inset)
        assert "#BRA" not in inset

    def test_hatches_whoever_is_no_party_in_the_page_and_in_the_outlines(self, client):
        html = html_of(client.get(f"{MBC}/"))
        outlines = world_map.outlines()
        for kind in ("withdrawing", "withdrawn", "not_party", "open"):
            assert f'<pattern id="h-{kind}"' in html
            assert f'<pattern id="h-{kind}"' in outlines

    def test_joins_no_state_and_leaves_none_out(self, convention):
        world = world_map.world_map(status_board(convention, date(2026, 1, 1)))
        assert len(world.shapes) == 197
        assert all(shape.path or shape.dot for shape in world.shapes)
        assert next(s for s in world.shapes if s.mark.state.pk == "PSE").dot
