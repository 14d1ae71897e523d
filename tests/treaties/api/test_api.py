"""The record as programs read it."""

import csv
import io

import pytest
from openpyxl import load_workbook

from config.kit.api.tables import safe_cell
from tests.config.addresses import API, COMPUTED, ENDPOINTS, LISTS
from tests.factories import SOURCE, OfficerFactory, StepFactory
from treaties import ledger
from treaties.models import TreatyAction
from treaties.models.states import alphabetical_key

pytestmark = pytest.mark.django_db
STATUS = f"{API}/treaties/mine-ban-convention/status/"
ACTIONS = f"{API}/treaty-actions/"


@pytest.fixture
def ask(client):
    def get(address):
        response = client.get(address)
        assert response.status_code == 200, response.content
        return response.json()

    return get


def problem(client, address):
    response = client.get(address)
    assert response.status_code == 400, (address, response.content)
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert {"type", "title", "status", "detail", "errors"} <= body.keys()
    return body["errors"]


class TestTheStatus:
    def test_has_the_shape_of_the_contract(self, ask):
        answer = ask(f"{STATUS}?on=2025-12-27&state=est")
        known_at = answer.pop("known_at")
        assert known_at.endswith("Z")
        evidence = answer["results"][0].pop("evidence")
        assert [TreatyAction.objects.get(pk=pk).action for pk in evidence] == ["accession", "withdrawal"]
        assert answer == {
            "treaty": "mine-ban-convention",
            "on": "2025-12-27",
            "complete_to": "2026-02-03",
            "compared_on": None,
            "compared_differences": 0,
            "compared_contested": 0,
            "not_certain": [],
            "counts_range": {},
            "counts": {
                "signatories": 133,
                "parties": 163,
                "in_force": 163,
                "not_parties": 34,
                "withdrawing": 2,
                "withdrawn": 3,
                "never_joined": 31,
            },
            "results": [
                {
                    "state": {"iso3": "EST", "name": "Estonia"},
                    "name_then": "",
                    "status": "withdrawn",
                    "certain": True,
                    "possible": ["withdrawn"],
                    "signed_on": None,
                    "signed_between": None,
                    "consent": {"action": "accession", "deposited_on": "2004-05-12", "deposited_between": None},
                    "in_force_on": "2004-11-01",
                    "in_force_between": None,
                    "withdrawal": {
                        "notified_on": "2025-06-27",
                        "notified_between": None,
                        "effective_on": "2025-12-27",
                        "effective_between": None,
                        "held_by_armed_conflict": False,
                    },
                }
            ],
        }

    def test_has_197_rows_unless_filtered(self, ask):
        assert len(ask(STATUS)["results"]) == 197

    def test_has_three_withdrawn_and_two_withdrawing_on_27_december_2025(self, ask):
        by_status = {
            status: {r["state"]["iso3"] for r in ask(f"{STATUS}?on=2025-12-27&status={status}")["results"]}
            for status in ("withdrawn", "withdrawing")
        }
        assert by_status == {"withdrawn": {"EST", "LVA", "LTU"}, "withdrawing": {"FIN", "POL"}}

    def test_takes_several_statuses_and_states_and_a_region(self, ask):
        assert len(ask(f"{STATUS}?on=2025-12-27&status=withdrawn&status=withdrawing")["results"]) == 5
        assert len(ask(f"{STATUS}?state=EST&state=CHN")["results"]) == 2
        assert len(ask(f"{STATUS}?region=Melanesia")["results"]) == 4

    def test_answers_as_the_record_was_known_at_a_moment(self, ask):
        before_the_record = ask(f"{STATUS}?on=2025-06-16&known_at=2020-01-01T00:00:00Z")
        assert before_the_record["known_at"] == "2020-01-01T00:00:00Z"
        assert (before_the_record["counts"], before_the_record["results"]) == (None, [])
        since = before_the_record["record_since"]
        assert ask(f"{STATUS}?on=2025-06-16&known_at={since}")["counts"]["parties"] == 165

    def test_asked_again_for_the_moment_it_names_answers_the_same(self, ask):
        answer = ask(f"{STATUS}?on=2025-12-27")
        again = ask(f"{STATUS}?on=2025-12-27&known_at={answer['known_at']}")
        assert again.pop("record_since") <= answer["known_at"]
        assert again == answer

    def test_gives_no_counts_where_acts_are_known_to_be_missing(self, ask, withheld):
        assert ask(f"{API}/treaties/arms-trade-treaty/status/?on=2020-01-01")["counts"] is None
        assert ask(f"{API}/treaties/arms-trade-treaty/status/?on=2014-07-10")["counts"]["signatories"] == 118


class TestTheCounts:
    def test_are_a_series(self, ask):
        series = ask(f"{API}/treaties/mine-ban-convention/counts/?from=2025-06-16&to=2025-12-31&step=month")["results"]
        assert [row["on"] for row in series][:3] == ["2025-06-16", "2025-06-30", "2025-07-31"]
        assert [row["parties"] for row in series] == [165, 166, 166, 166, 166, 166, 166, 163]

    def test_are_none_as_known_before_the_record(self, ask):
        answer = ask(f"{API}/treaties/mine-ban-convention/counts/?known_at=2020-01-01T00:00:00Z")
        assert answer["results"] == []
        assert answer["record_since"] > "2025"

    def test_are_never_told_for_a_day_for_which_acts_are_missing(self, ask, withheld):
        assert ask(f"{API}/treaties/arms-trade-treaty/counts/")["results"][-1]["on"] == "2014-07-10"

    @pytest.mark.parametrize("query", ["from=2025-01-01&to=2024-01-01", "step=week", "from=1900-01-01&step=day"])
    def test_refuse_what_cannot_be(self, client, query):
        assert problem(client, f"{API}/treaties/mine-ban-convention/counts/?{query}")


def test_changes_name_before_after_and_the_acts(ask):
    answer = ask(f"{API}/treaties/mine-ban-convention/changes/?from=2025-06-16&to=2025-12-27")
    lithuania = next(r for r in answer["results"] if r["state"]["iso3"] == "LTU")
    assert (lithuania["before"], lithuania["after"]) == ("party", "withdrawn")
    assert [a["action"] for a in lithuania["actions"]] == ["withdrawal"]
    assert (answer["from"], answer["to"]) == ("2025-06-16", "2025-12-27")


def test_changes_are_told_as_the_record_was_known(ask):
    address = f"{API}/treaties/mine-ban-convention/changes/?from=2025-06-16&to=2025-12-27"
    assert ask(f"{address}&known_at=2020-01-01T00:00:00Z")["results"] == []


class TestTheLedger:
    @pytest.mark.parametrize(
        ("query", "number"),
        [
            ("treaty=mine-ban-convention&action=withdrawal", 5),
            ("treaty=mine-ban-convention&action=withdrawal&action=succession", 7),
            ("treaty=mine-ban-convention&state=est&state=LVA", 4),
            ("treaty=mine-ban-convention&deposited_after=2025-06-25&deposited_before=2025-06-27", 4),
            ("action=withdrawal&effective_after=2025-12-27&effective_before=2026-01-10", 4),
            ("treaty=mine-ban-convention&action=withdrawal&recorded_after=2020-01-01T00:00:00Z", 5),
            ("recorded_after=2999-01-01T00:00:00Z", 0),
            ("search=Tonga&treaty=mine-ban-convention", 1),
        ],
    )
    def test_can_be_filtered(self, ask, query, number):
        answer = ask(f"{ACTIONS}?{query}&page_size=500")
        assert len(answer["results"]) == number
        assert "count" not in answer

    def test_is_read_to_its_end_by_cursor_each_row_once(self, client):
        seen, address = [], f"{ACTIONS}?page_size=500"
        while address:
            response = client.get(address)
            seen += [row["id"] for row in response.json()["results"]]
            address = response.json()["next"]
            assert ('rel="next"' in response.get("Link", "")) == bool(address)
        assert sorted(seen) == sorted(TreatyAction.objects.values_list("pk", flat=True))
        assert len(set(seen)) == len(seen)

    def test_can_be_ordered(self, ask):
        days = [row["deposited_on"] for row in ask(f"{ACTIONS}?ordering=deposited_on")["results"]]
        assert days == sorted(days)

    def test_keeps_what_waits_for_a_second_officer_to_itself(self, ask, client, convention, state):
        row = TreatyAction(
            treaty=convention, state=state("CHN"), action="accession", deposited_on="2026-01-02", source_url=SOURCE
        )
        ledger.record(row, by=OfficerFactory())
        assert ask(f"{ACTIONS}?state=CHN&treaty=mine-ban-convention")["results"] == []
        assert client.get(f"{ACTIONS}{row.pk}/").status_code == 404


class TestWithdrawalSteps:
    def test_have_votes_and_actors(self, ask):
        (vote,) = ask(f"{API}/withdrawal-steps/?state=EST&step=parliament_vote")["results"]
        assert (vote["votes_for"], vote["votes_against"], vote["abstentions"]) == (81, 1, 7)
        objections = ask(f"{API}/withdrawal-steps/?step=objection&state=UKR")["results"]
        assert None in [o["actor"] for o in objections]
        assert {"iso3": "CHE", "name": "Switzerland"} in [o["actor"] for o in objections]

    def test_can_be_filtered_by_day_and_by_the_states_status(self, ask, convention):
        assert ask(f"{API}/withdrawal-steps/?after=2026-01-01")["count"] == 2
        StepFactory(treaty=convention, state_id="NOR")
        withdrawn = ask(f"{API}/withdrawal-steps/?treaty=mine-ban-convention&status=withdrawn&page_size=500")["results"]
        assert {s["state"]["iso3"] for s in withdrawn} == {"EST", "LVA", "LTU", "FIN", "POL"}


class TestObligations:
    def test_are_computed_for_every_state_bound(self, ask):
        assert ask(f"{API}/obligations/")["count"] == 166 * 3

    def test_say_how_far_they_were_checked(self, ask):
        (row,) = ask(f"{API}/obligations/?state=TCD&obligation=article_5")["results"]
        assert (row["deadline"], row["known_to"], row["status"]) == ("2025-01-01", "2019-11-29", "not_confirmed")
        assert row["decisions"][-1]["granted_at"] == "Fourth Review Conference (Oslo, November 2019)"
        assert [d["deadline"] for d in row["decisions"]] == sorted(d["deadline"] for d in row["decisions"])
        (row,) = ask(f"{API}/obligations/?state=CYP&obligation=article_5")["results"]
        assert (row["deadline"], row["status"], row["decisions"][0]["deadline"]) == (None, "not_confirmed", None)

    def test_hold_nothing_against_a_state_that_was_not_looked_up(self, ask):
        late = ask(f"{API}/obligations/?status=overdue")["results"]
        assert [row for row in late if row["known_to"] is None or row["deadline"] > row["known_to"]] == []

    def test_stand_as_they_stood_on_a_day(self, ask):
        (row,) = ask(f"{API}/obligations/?state=AFG&obligation=article_5&on=2022-11-24")["results"]
        assert (row["deadline"], row["known_to"], row["status"]) == ("2023-03-01", "2022-11-24", "pending")
        (row,) = ask(f"{API}/obligations/?state=OMN&obligation=article_4&on=2018-09-24")["results"]
        assert (row["status"], row["completed_on"]) == ("pending", None)

    @pytest.mark.parametrize("name", ["deadline", "original_deadline", "known_to", "state", "obligation", "status"])
    def test_can_be_ordered(self, ask, name):
        def key(row):
            return alphabetical_key(row["state"]["name"]) if name == "state" else row[name]

        for sign in ("", "-"):
            rows = ask(f"{API}/obligations/?obligation=article_5&page_size=200&ordering={sign}{name}")["results"]
            found = [key(row) for row in rows if key(row) is not None]
            assert len(found) > 20
            assert found == sorted(found, reverse=bool(sign))

    def test_can_be_filtered(self, ask):
        (row,) = ask(f"{API}/obligations/?state=KHM&obligation=article_5")["results"]
        assert (row["original_deadline"], row["deadline"], row["status"]) == ("2010-01-01", "2030-12-31", "pending")
        assert ask(f"{API}/obligations/?status=no_longer_due&obligation=article_7")["count"] == 5
        assert ask(f"{API}/obligations/?after=2035-12-01&before=2035-12-01")["count"] == 1


class TestParameters:
    @pytest.mark.parametrize("address", ENDPOINTS)
    def test_an_unknown_one_is_refused_by_name_everywhere(self, client, address):
        assert problem(client, f"{address}?colour=red") == {"colour": ["Unknown parameter."]}

    @pytest.mark.parametrize("address", ENDPOINTS)
    def test_an_empty_one_is_refused_by_name_everywhere(self, client, address):
        assert "lang" in problem(client, f"{address}?lang=")

    @pytest.mark.parametrize("address", ENDPOINTS)
    def test_a_language_that_is_not_there_is_refused(self, client, address):
        assert problem(client, f"{address}?lang=tlh") == {"lang": ["Available: ar, en, es, fr, ru, zh-hans."]}
        assert client.get(f"{address}?lang=en").status_code == 200

    @pytest.mark.parametrize("address", ENDPOINTS)
    def test_a_format_that_is_not_there_is_refused(self, client, address):
        assert "format" in problem(client, f"{address}?format=docx")

    @pytest.mark.parametrize("address", LISTS)
    @pytest.mark.parametrize("size", ["0", "501", "many", "-1", "%00", "²"])
    def test_a_size_of_page_that_cannot_be_is_refused(self, client, address, size):
        assert "page_size" in problem(client, f"{address}?page_size={size}")

    @pytest.mark.parametrize("address", [a for a in LISTS if a != ACTIONS])
    @pytest.mark.parametrize("page", ["0", "999", "x"])
    def test_a_page_that_is_not_there_is_refused(self, client, address, page):
        assert "page" in problem(client, f"{address}?page={page}")

    @pytest.mark.parametrize("cursor", ["x", "cD14", "bz0tMQ==", "cD0yMDI1LTEzLTAx", "%F0%9F%92%A3"])
    def test_a_cursor_that_the_list_never_gave_is_refused(self, client, cursor):
        assert "cursor" in problem(client, f"{ACTIONS}?cursor={cursor}")

    @pytest.mark.parametrize("address", [a for a in LISTS if "obligations" not in a])
    def test_an_order_that_is_not_there_is_refused(self, client, address):
        assert "ordering" in problem(client, f"{address}?ordering=shoe_size")

    @pytest.mark.parametrize(
        ("address", "query", "name"),
        [
            (ACTIONS, "deposited_after=2025-02-30", "deposited_after"),
            (ACTIONS, "deposited_after=20250230", "deposited_after"),
            (ACTIONS, "recorded_after=soon", "recorded_after"),
            (ACTIONS, "recorded_after=9999-12-31T23:59:59-14:00", "recorded_after"),
            (ACTIONS, "state=EST&state=XXX", "state"),
            (ACTIONS, "treaty=nothing", "treaty"),
            (ACTIONS, "action=purchase", "action"),
            (ACTIONS, "deposited_after=2025-01-01&deposited_after=2025-01-02", "deposited_after"),
            (ACTIONS, "search=%00", "search"),
            (STATUS, "on=2025-6-1", "on"),
            (STATUS, "on=0000-01-01", "on"),
            (STATUS, "known_at=yesterday", "known_at"),
            (STATUS, "status=lost", "status"),
            (STATUS, "state=%00", "state"),
            (STATUS, "region=Atlantis", "region"),
            (f"{API}/states/", "un_member=perhaps", "un_member"),
            (f"{API}/obligations/", "after=x", "after"),
            (f"{API}/statements/", "speaker=0", "speaker"),
        ],
    )
    def test_a_value_that_cannot_be_read_is_refused_by_name(self, client, address, query, name):
        assert name in problem(client, f"{address}?{query}")

    @pytest.mark.parametrize("on", ["1000-01-01", "2999-12-31"])
    def test_the_first_and_the_last_day_are_days_like_others(self, client, on):
        mbc = f"{API}/treaties/mine-ban-convention"
        for address in (f"{STATUS}?on={on}&expand=explanation", f"{mbc}/changes/?to={on}", f"{mbc}/counts/?to={on}"):
            assert client.get(address).status_code == 200, address

    @pytest.mark.parametrize("on", ["0999-12-31", "3000-01-01", "0001-01-01", "9999-12-31"])
    def test_a_year_that_leaves_no_room_for_reckoning_is_refused(self, client, on):
        assert problem(client, f"{STATUS}?on={on}") == {"on": ["Give a year from 1000 to 2999."]}


class TestLists:
    @pytest.mark.parametrize("address", [a for a in LISTS if a != ACTIONS])
    def test_have_count_next_previous_and_results(self, ask, address):
        assert ask(address).keys() == {"count", "next", "previous", "results"}

    def test_name_their_neighbours_in_a_header_too(self, client):
        response = client.get(f"{API}/states/?page=2&page_size=50")
        assert 'rel="next"' in response["Link"]
        assert 'rel="prev"' in response["Link"]

    @pytest.mark.parametrize("address", [*LISTS, *COMPUTED[:6]])
    def test_are_tables_too(self, client, address):
        response = client.get(f"{address}?format=csv")
        assert response.status_code == 200
        assert response["Content-Type"] == "text/csv; charset=utf-8"

    def test_as_tables_are_whole(self, client):
        rows = list(csv.DictReader(io.StringIO(client.get(f"{API}/states/?format=csv").content.decode())))
        assert len(rows) == 197
        rows = list(csv.DictReader(io.StringIO(client.get(f"{STATUS}?on=2025-12-27&format=csv").content.decode())))
        estonia = next(r for r in rows if r["state_iso3"] == "EST")
        assert (estonia["status"], estonia["withdrawal_effective_on"]) == ("withdrawn", "2025-12-27")

    @pytest.mark.parametrize("address", [*LISTS, *COMPUTED[:6]])
    def test_are_sheets_with_the_same_cells(self, client, address):
        response = client.get(f"{address}?format=xlsx")
        assert response.status_code == 200
        assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        header, *rows = load_workbook(io.BytesIO(response.content), read_only=True).active.iter_rows(values_only=True)
        told = list(csv.reader(io.StringIO(client.get(f"{address}?format=csv").content.decode())))
        assert list(header) == told[0]
        assert len(rows) == len(told) - 1
        again = client.get(f"{address}?format=xlsx", headers={"If-None-Match": response["ETag"]})
        assert again.status_code == 304

    def test_as_tables_have_their_header_even_without_rows(self, client):
        header = client.get(f"{API}/declarations/?format=csv").content.decode().strip().split(",")
        assert {"id", "treaty", "state_iso3", "state_name", "kind", "made_on", "text"} <= set(header)

    def test_as_tables_are_paged_only_if_asked(self, client):
        rows = list(csv.DictReader(io.StringIO(client.get(f"{API}/states/?format=csv&page_size=10").content.decode())))
        assert len(rows) == 10

    @pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@A1", "\tx", "\rx"])
    def test_as_tables_never_hold_a_formula(self, cell):
        assert safe_cell(cell) == f"'{cell}"

    def test_as_tables_leave_numbers_and_words_alone(self):
        assert [safe_cell(v) for v in (-1, None, "a-b", True)] == [-1, None, "a-b", True]


def test_a_state_is_found_by_its_code_in_any_case(ask):
    assert ask(f"{API}/states/est/")["name"] == "Estonia"


def test_states_can_be_filtered(ask):
    assert ask(f"{API}/states/?un_member=false")["count"] == 4
    assert ask(f"{API}/states/?region=Oceania")["count"] == 16
    assert ask(f"{API}/states/?subregion=Caribbean")["count"] == 13


def test_a_treaty_has_todays_counts(ask):
    treaty = ask(f"{API}/treaties/mine-ban-convention/")
    assert (treaty["counts"]["parties"], treaty["counts_range"]) == (162, {"in_force": [161, 162]})


def test_a_treaty_of_which_acts_are_missing_has_no_counts_of_today(ask, withheld):
    assert ask(f"{API}/treaties/arms-trade-treaty/")["counts"] is None


def test_what_an_endpoint_cannot_do_is_a_problem_document(client):
    response = client.post(f"{API}/states/", {})
    assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json")
