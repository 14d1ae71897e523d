"""States are known by every name that they have or had, and lists, maps and counts can be narrowed to groups of a day."""

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from news.facts import guard
from news.facts.ledger_facts import LedgerFacts, spellings
from news.finding.search import index_what_waits, reindex, search
from tests.factories import SOURCE
from tests.reading import text_of
from treaties.ledger import tables
from treaties.ledger.comparing import read_table
from treaties.models import GroupMembership, State, StateName
from treaties.models.states import check_year_or_day, first_of, last_of, name_key
from treaties.status.boards import counts_series, status_board
from treaties.status.names import members_of, names_of
from treaties.status.names import names_on as names_of_states_on

pytestmark = pytest.mark.django_db
MBC = "/treaties/mine-ban-convention"
API = "/api/v1"


def former(**values):
    values = {"kind": "former", "name": "Elsewhere", "valid_from": "", "valid_to": ""} | values
    return StateName(state_id="FIN", source_url=SOURCE, **values)


class TestADayOrAYear:
    @pytest.mark.parametrize(
        ("text", "first", "last"), [("2006-06-02", "2006-06-02", "2006-06-02"), ("2003", "2003-01-01", "2003-12-31")]
    )
    def test_has_a_first_and_a_last_day(self, text, first, last):
        assert (first_of(text), last_of(text)) == (date.fromisoformat(first), date.fromisoformat(last))

    @pytest.mark.parametrize("text", ["06", "2006-13-01", "spring", "2006-6-2"])
    def test_is_nothing_else(self, text):
        with pytest.raises(ValidationError, match="the year where the day is not known"):
            check_year_or_day(text)


class TestAFormerName:
    @pytest.mark.parametrize(
        ("valid_from", "valid_to", "on", "used"),
        [
            ("", "2013-10-24", "2013-10-24", True),
            ("", "2013-10-24", "2013-10-25", False),
            ("", "2022", "2021-12-31", True),
            ("", "2022", "2022-01-01", None),
            ("", "2022", "2022-12-31", None),
            ("", "2022", "2023-01-01", False),
            ("2003", "2006-06-02", "2002-12-31", False),
            ("2003", "2006-06-02", "2003-06-01", None),
            ("2003", "2006-06-02", "2004-01-01", True),
            ("2000-11-01", "2003", "2000-10-31", False),
            ("2000-11-01", "2003", "2000-11-01", True),
            ("", "", "2000-11-01", False),
        ],
    )
    def test_was_used_up_to_its_last_day_as_far_as_that_is_known(self, valid_from, valid_to, on, used):
        assert former(valid_from=valid_from, valid_to=valid_to).was_used_on(date.fromisoformat(on)) is used

    def test_that_people_merely_use_is_no_name_of_a_day(self):
        assert former(kind="also_known", valid_to="2013-10-24").was_used_on(date(2013, 1, 1)) is False

    def test_stands_for_one_state(self):
        with pytest.raises(IntegrityError):
            former(name="Turkey").save()

    def test_is_not_the_name_that_a_state_has_today(self):
        with pytest.raises(ValidationError, match="A State has this name today"):
            former(name="Norway").full_clean()


def names_on(day):
    return names_of_states_on(day, State.objects.in_bulk())


class TestADayOfThePast:
    def test_has_the_names_of_the_day_with_todays_beside(self):
        assert names_on(date(2010, 1, 1))["TUR"] == "Turkey (now Türkiye)"
        assert names_on(date(2010, 1, 1))["CPV"] == "Cape Verde (now Cabo Verde)"
        assert names_on(date(2004, 6, 1))["SRB"] == "Serbia and Montenegro (now Serbia)"

    def test_of_a_year_of_change_tells_both(self):
        assert names_on(date(2022, 3, 1))["TUR"] == "Türkiye (in 2022 also Turkey)"
        assert names_on(date(2003, 6, 1))["SRB"] == "Serbia (in 2003 also Yugoslavia, Serbia and Montenegro)"

    def test_of_today_has_no_former_name(self):
        assert names_on(date(2026, 11, 26)) == {}

    @pytest.mark.parametrize(
        "address",
        [
            f"{MBC}/?on=2010-01-01",
            "/treaties/matrix/?on=2010-01-01",
            "/states/?on=2010-01-01",
            "/states/tur/?on=2010-01-01",
            "/embed/mine-ban-convention/map/?on=2010-01-01",
            f"{MBC}/changes/?from=2003-01-01&to=2010-01-01",
            f"{MBC}/deadlines/?on=2010-01-01",
        ],
    )
    def test_is_told_on_every_page_with_its_names(self, client, address):
        assert "Turkey (now Türkiye)" in client.get(address).content.decode()

    def test_is_told_by_the_api(self, client):
        lines = client.get(f"{API}/treaties/mine-ban-convention/status/?on=2010-01-01&state=TUR&state=FIN").json()
        assert {line["state"]["iso3"]: line["name_then"] for line in lines["results"]} == {
            "FIN": "",
            "TUR": "Turkey (now Türkiye)",
        }

    def test_does_not_say_turkey_today(self, client):
        assert "Turkey" not in text_of(client.get(f"{MBC}/"))


class TestTheNamesOfAState:
    def test_begin_where_the_former_ones_end(self, client):
        names = client.get(f"{API}/states/CPV/").json()["names"]
        assert {"name": "Cabo Verde", "kind": "short", "from": "2013-10-25", "to": None} in names
        assert {"name": "Cape Verde", "kind": "former", "from": None, "to": "2013-10-24"} in names

    def test_begin_in_the_year_where_only_that_is_known(self):
        assert names_of(State.objects.get(pk="TUR"))[0] == {
            "name": "Türkiye",
            "kind": "short",
            "from": "2022",
            "to": None,
        }

    def test_begin_on_no_day_where_the_end_of_a_former_one_was_not_read(self):
        assert names_of(State.objects.get(pk="LBY"))[0]["from"] is None

    def test_are_told_once_each(self):
        names = [name["name"] for name in names_of(State.objects.get(pk="GBR"))]
        assert names.count("United Kingdom") == 1

    @pytest.mark.parametrize(
        ("words", "iso3"), [("Burma", "MMR"), ("swaziland", "SWZ"), ("Zaire", "COD"), ("UAE", "ARE")]
    )
    def test_are_all_found_by_lists_and_by_the_search(self, client, words, iso3):
        assert [line["iso3"] for line in client.get(f"{API}/states/?search={words}").json()["results"]] == [iso3]
        assert f'href="/states/{iso3.lower()}/"' in client.get(f"/states/?q={words}").content.decode()
        assert [state.pk for state in State.objects.named_like(words)] == [iso3]
        reindex()
        assert iso3 in [document.key for document in search(words)]

    def test_that_are_new_are_found_without_reindexing(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            StateName.objects.create(state_id="FIN", kind="also_known", name="Suomi", source_url=SOURCE)
        index_what_waits()
        assert [document.key for document in search("Suomi")] == ["FIN"]

    @pytest.mark.parametrize(
        "address",
        [
            f"{API}/treaty-actions/?state=Swaziland&treaty=mine-ban-convention",
            f"{API}/treaties/mine-ban-convention/status/?state=swaziland",
            f"{API}/obligations/?state=Swaziland",
        ],
    )
    def test_are_all_taken_by_filters(self, client, address):
        found = client.get(address).json()["results"]
        assert {row["state"]["iso3"] for row in found} == {"SWZ"}

    def test_and_codes_can_be_asked_for_together(self, client):
        found = client.get(f"{API}/treaties/mine-ban-convention/status/?state=Burma&state=FIN").json()["results"]
        assert {row["state"]["iso3"] for row in found} == {"MMR", "FIN"}

    def test_that_no_state_has_are_refused_by_filters(self, client):
        answer = client.get(f"{API}/treaty-actions/?state=Atlantis&state=FIN").json()
        assert answer["errors"] == {"state": ["Unknown: Atlantis."]}

    @pytest.mark.parametrize("name", ["MMR", "mmr", "Burma", "Myanmar", "the Republic of Myanmar"])
    def test_are_all_taken_by_tables(self, name):
        header = "treaty,iso3,action,date,source_url\n"
        row = f"mine-ban-convention,{name},accession,2026-01-05,{SOURCE}\n"
        assert [act.state_id for act in tables.read_acts((header + row).encode()).acts] == ["MMR"]
        assert read_table(f"iso3,action,date\n{name},accession,2026-01-05\n".encode()) == [
            ("MMR", "accession", date(2026, 1, 5))
        ]

    @pytest.mark.parametrize(
        ("one", "other"),
        [("St. Lucia", "Saint Lucia"), ("the Gambia", "Gambia (The)"), ("Côte d’Ivoire", "Cote d'Ivoire")],
    )
    def test_are_the_same_however_they_are_spelled(self, one, other):
        assert name_key(one) == name_key(other)


class TestTheGuard:
    @pytest.mark.parametrize(
        "text", ["Burma has not joined.", "Swaziland is a party.", "Turkey is a party.", "The U.S. has not joined."]
    )
    def test_knows_every_name(self, convention, text):
        assert [claim.holds for claim in guard.check_claims(text, date(2025, 6, 16), LedgerFacts(convention))] == [True]

    def test_takes_a_name_that_joins_two_states_for_two(self):
        codes = {"Serbia": "SRB", "Montenegro": "MNE", "Serbia and Montenegro": "SRB", "Antigua and Barbuda": "ATG"}
        assert set(spellings(codes)) - {"Britain"} == {"Serbia", "Montenegro", "Antigua and Barbuda"}

    def test_knows_abbreviations_with_points(self):
        assert spellings({"UK": "GBR"})["U.K."] == "GBR"


class TestAGroup:
    def test_has_the_members_of_the_day(self):
        assert len(members_of(["eu"], date(2019, 1, 1))) == 28
        assert len(members_of(["eu"], date(2020, 2, 1))) == 27
        assert "GBR" in members_of(["eu"], date(2020, 1, 31))
        assert "EST" not in members_of(["eu"], date(2004, 4, 30))

    def test_whose_first_day_was_not_read_counts_from_the_beginning(self):
        GroupMembership.objects.create(group="cis", state_id="FIN", since=None, source_url=SOURCE)
        assert "FIN" in members_of(["cis"], date(1950, 1, 1))

    @pytest.mark.parametrize(
        ("query", "n"), [("group=eu", 27), ("group=eu&on=2019-01-01", 28), ("group=eu&group=nato", 35)]
    )
    def test_narrows_the_list_of_states(self, client, query, n):
        expected = members_of(
            [part.partition("=")[2] for part in query.split("&") if part.startswith("group")],
            date(2019, 1, 1) if "on=" in query else date(2026, 11, 26),
        )
        answer = client.get(f"{API}/states/?{query}&page_size=200").json()
        assert {state["iso3"] for state in answer["results"]} == expected
        assert answer["count"] >= n - 5

    def test_narrows_the_board_on_the_day_asked_about(self, client):
        def states(on):
            answer = client.get(f"{API}/treaties/mine-ban-convention/status/?on={on}&group=eu").json()
            return {line["state"]["iso3"] for line in answer["results"]}

        assert "GBR" in states("2020-01-31")
        assert "GBR" not in states("2020-02-01")

    def test_narrows_the_counts_on_each_day(self, client, convention):
        answer = client.get(
            f"{API}/treaties/mine-ban-convention/counts/?group=eu&step=day&from=2020-01-31&to=2020-02-01"
        ).json()
        assert [(line["on"], line["parties"] + line["not_parties"]) for line in answer["results"]] == [
            ("2020-01-31", 28),
            ("2020-02-01", 27),
        ]

    def test_joins_and_leaves_on_days_of_change(self, convention):
        days = [on for on, _c in counts_series(convention, date(2019, 1, 1), date(2021, 1, 1), "change", groups=["eu"])]
        assert date(2020, 2, 1) in days

    @pytest.mark.parametrize("step", ["day", "month", "year", "change"])
    def test_counts_are_those_of_the_boards_lines(self, convention, step):
        first, last = date(2019, 12, 1), date(2020, 3, 1)
        for on, counts in counts_series(convention, first, last, step, groups=["eu"]):
            assert counts == status_board(convention, on).counts_of(members_of(["eu"], on))

    def test_narrows_the_acts(self, client):
        found = client.get(f"{API}/treaty-actions/?group=nato&action=withdrawal&treaty=mine-ban-convention").json()
        assert {row["state"]["iso3"] for row in found["results"]} == {"EST", "FIN", "LTU", "LVA", "POL"}
        before = client.get(
            f"{API}/treaty-actions/?group=nato&on=2020-01-01&action=withdrawal&treaty=mine-ban-convention"
        ).json()
        assert {row["state"]["iso3"] for row in before["results"]} == {"EST", "LTU", "LVA", "POL"}

    @pytest.mark.parametrize(
        ("query", "n"),
        [
            ("&status=withdrawn", 5),
            ("&status=party&status=withdrawing", 22),
            ("&region=Northern Europe", 7),
            ("&q=Fin", 1),
        ],
    )
    def test_goes_together_with_the_other_filters_of_the_page(self, client, query, n):
        words = text_of(client.get(f"{MBC}/?group=eu&on=2026-03-01{query}"))
        page = re.search(r"(\d+) States?, 1 March 2026", words)[1]
        asked = f"?group=eu&on=2026-03-01{query}"
        if "q=" not in query:
            lines = client.get(f"{API}/treaties/mine-ban-convention/status/{asked}").json()["results"]
            assert int(page) == len(lines)
        assert int(page) == n

    def test_is_told_on_the_page_with_its_counts_and_map(self, client):
        response = client.get(f"{MBC}/?group=eu&on=2025-06-16")
        words = text_of(response)
        assert "Of 27 States in the group (European Union) on that day 27 are parties (0 withdrawing)" in words
        assert "27 States, 16 June 2025" in words
        assert "Norway: not among the States chosen" in response.content.decode()

    @pytest.mark.parametrize(
        "path", [f"{MBC}/", "/treaties/matrix/", "/states/", f"{MBC}/deadlines/", f"{MBC}/declarations/"]
    )
    def test_that_is_unknown_is_refused(self, client, path):
        response = client.get(f"{path}?group=atlantis")
        assert response.status_code == 400
        assert "Group: Select a valid choice" in text_of(response)

    @pytest.mark.parametrize("path", [f"{MBC}/", "/treaties/matrix/", "/states/"])
    def test_can_be_left_open(self, client, path):
        assert client.get(f"{path}?group=").status_code == 200

    def test_stays_with_the_downloads(self, client):
        assert "group=eu&amp;format=csv" in client.get(f"{MBC}/?group=eu").content.decode()

    def test_of_several_shows_all_that_are_chosen(self, client):
        html = client.get(f"{MBC}/?group=eu&group=nato").content.decode()
        assert 'name="group"' in html
        assert "multiple" in html.split('name="group"')[1].split(">")[0]


def test_codes_of_other_lists_are_told(client):
    assert client.get(f"{API}/states/SRB/").json()["codes"] == {"iso2": "RS", "m49": "688", "cow": "345", "gw": "340"}
    assert client.get(f"{API}/states/VAT/").json()["codes"]["cow"] is None
    words = text_of(client.get("/states/srb/"))
    assert "Correlates of War 345; Gleditsch and Ward 340" in words


def test_a_table_of_states_keeps_the_names_apart(client):
    lines = client.get(f"{API}/states/?format=csv&search=Burma").content.decode().splitlines()
    assert "Myanmar; Republic of Myanmar; Burma" in lines[1]
