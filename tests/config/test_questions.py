"""Questions of journalists, lawyers, campaigners and researchers, each answered by one call."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from campaign.models import Commitment, Position
from tests.config.addresses import API
from tests.factories import EditorFactory, EndorsementFactory, FigureFactory, PledgeFactory, StatementFactory
from tests.reading import body_of
from treaties.models import Declaration, Treaty, TreatyAction, WithdrawalStep
from treaties.status.boards import status_board

pytestmark = pytest.mark.django_db
COUNTS = f"{API}/treaties/mine-ban-convention/counts/"


class TestHowManyPartiesOnEachFirstOfJanuary:
    def test_is_one_call(self, client, convention):
        answer = client.get(
            COUNTS, {"step": "year", "anchor": "01-01", "from": "1999-01-01", "to": "2026-06-01"}
        ).json()
        days = [date.fromisoformat(line["on"]) for line in answer["results"]]
        assert days == [date(year, 1, 1) for year in range(1999, 2027)]
        for line in answer["results"][::9]:
            board = status_board(convention, date.fromisoformat(line["on"]))
            assert line["parties"] == board.counts.numbers()["parties"]

    def test_may_be_any_day_that_each_year_has(self, client):
        answer = client.get(COUNTS, {"anchor": "09-30", "from": "2023-10-01", "to": "2025-09-30", "group": "eu"}).json()
        assert [line["on"] for line in answer["results"]] == ["2024-09-30", "2025-09-30"]

    def test_has_no_day_where_the_period_has_none(self, client):
        assert client.get(COUNTS, {"anchor": "01-01", "from": "2025-02-01", "to": "2025-03-01"}).json()["results"] == []

    @pytest.mark.parametrize("anchor", ["02-29", "02-30", "13-01", "00-01", "04-31", "1-1", "01-01x", "0101", "01-00"])
    def test_is_refused_for_a_day_that_not_each_year_has(self, client, anchor):
        answer = client.get(COUNTS, {"anchor": anchor})
        assert (answer.status_code, answer.json()["codes"]) == (400, {"anchor": ["invalid"]})

    @pytest.mark.parametrize("step", ["day", "month", "change"])
    def test_goes_with_years_alone(self, client, step):
        answer = client.get(COUNTS, {"anchor": "01-01", "step": step})
        assert (answer.status_code, answer.json()["codes"]) == (400, {"anchor": ["only_by_year"]})


class TestWhichPromisesAreOverdueOrSilent:
    @pytest.fixture(autouse=True)
    def promises(self, today):
        """One that is due and not settled, and one that nobody has spoken of."""
        late, quiet = Commitment.objects.open()[:2]
        Commitment.objects.filter(pk=late.pk).update(due_on=today - timedelta(days=1), announced_on=today)
        Commitment.objects.filter(pk=quiet.pk).update(due_on=None, announced_on=today - timedelta(days=800))
        quiet.follow_ups.all().delete()

    @pytest.mark.parametrize("name", ["overdue", "silent"])
    def test_is_asked_by_the_word_that_the_answer_has(self, client, name):
        everything = client.get(f"{API}/commitments/?page_size=500").json()["results"]
        for value in ("true", "false"):
            found = client.get(f"{API}/commitments/", {name: value, "page_size": 500}).json()["results"]
            expected = {row["slug"] for row in everything if row[name] is (value == "true")}
            assert {row["slug"] for row in found} == expected
            assert expected

    @pytest.mark.parametrize("name", ["overdue", "silent"])
    def test_takes_no_other_word(self, client, name):
        assert client.get(f"{API}/commitments/?{name}=yes").json()["codes"] == {name: ["invalid_choice"]}


class TestWhatTheEvidenceOfAStatusIs:
    def test_is_asked_by_the_numbers_that_the_status_has(self, client):
        line = client.get(f"{API}/treaties/mine-ban-convention/status/?state=EST&on=2026-01-01").json()["results"][0]
        found = client.get(f"{API}/treaty-actions/", {"id": line["evidence"]}).json()["results"]
        assert {row["id"] for row in found} == set(line["evidence"])
        assert {row["action"] for row in found} == {"accession", "withdrawal"}

    @pytest.mark.parametrize(
        ("name", "model"),
        [("treaty-actions", TreatyAction), ("declarations", Declaration), ("withdrawal-steps", WithdrawalStep)],
    )
    def test_is_asked_together_with_other_filters(self, client, name, model):
        first, second = model.objects.order_by("pk").values_list("pk", "state")[:2]
        query = {"id": [first[0], second[0]], "state": first[1]}
        found = client.get(f"{API}/{name}/", query).json()["results"]
        assert first[0] in {row["id"] for row in found} <= {first[0], second[0]}

    def test_of_a_number_that_no_row_has_is_empty(self, client):
        assert client.get(f"{API}/treaty-actions/?id=999999999").json()["results"] == []

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("id=x", "invalid"),
            ("id=0", "invalid"),
            ("id=-1", "invalid"),
            ("id=1.5", "invalid"),
            (f"id={'9' * 30}", "invalid"),
        ],
    )
    def test_is_refused_for_what_is_no_number(self, client, query, code):
        assert client.get(f"{API}/treaty-actions/?{query}").json()["codes"] == {"id": [code]}

    def test_is_refused_for_more_than_can_be_told_at_once(self, client):
        query = "&".join(f"id={n}" for n in range(1, 502))
        assert client.get(f"{API}/treaty-actions/?{query}").json()["codes"] == {"id": ["too_many"]}


class TestWhyAStateLeavesAndWhatOthersSaid:
    ADDRESS = f"{API}/positions/"

    def test_has_the_reasons_of_a_state_with_words_and_source(self, client):
        found = client.get(self.ADDRESS, {"kind": "reason", "state": "FIN"}).json()["results"]
        assert {row["kind"] for row in found} == {"reason"}
        assert {state["iso3"] for row in found for state in row["states"]} == {"FIN"}
        first = next(row for row in found if row["said_on"] == "2025-04-01")
        assert (first["who"], first["language"], first["treaty"]) == ("President", "en", "mine-ban-convention")
        assert all(row["source_url"].startswith("https://") and row["summary"] for row in found)

    def test_has_what_was_said_about_a_state_once_though_several_said_it(self, client):
        found = client.get(self.ADDRESS, {"about": ["LTU", "EST"], "page_size": 500}).json()["results"]
        assert len({row["id"] for row in found}) == len(found) > 1
        assert all({state["iso3"] for state in row["about"]} & {"LTU", "EST"} for row in found)

    def test_has_a_table_in_words(self, client):
        table = client.get(
            self.ADDRESS, {"format": "csv", "after": "2025-10-23", "before": "2025-10-23"}
        ).content.decode()
        assert table.splitlines()[0].startswith("id,kind,treaty,states,who,about,said_on,summary")
        assert ",AUS CAN NZL," in table

    def test_does_not_have_what_was_taken_out(self, client):
        position = Position.objects.get(kind="reason", states="FIN", said_on=date(2025, 4, 1))
        Position.objects.filter(pk=position.pk).update(taken_out_because="Zq")
        assert client.get(f"{self.ADDRESS}{position.pk}/").status_code == 404
        found = client.get(self.ADDRESS, {"page_size": 500}).json()["results"]
        assert position.pk not in {row["id"] for row in found}

    def test_asks_as_often_however_much_was_said(self, client, nothing_is_kept, django_assert_max_num_queries):
        with django_assert_max_num_queries(8):
            client.get(self.ADDRESS, {"page_size": 1})
        with django_assert_max_num_queries(8):
            assert len(client.get(self.ADDRESS, {"page_size": 500}).json()["results"]) == Position.objects.count()


class TestEachStateInEachYear:
    ADDRESS = f"{API}/treaties/mine-ban-convention/state-years/"

    def test_is_the_board_of_each_day(self, client, convention):
        rows = client.get(self.ADDRESS, {"from": "2024-06-01", "to": "2026-06-01"}).json()["results"]
        assert {row["on"] for row in rows} == {"2024-12-31", "2025-12-31"}
        for on in ("2024-12-31", "2025-12-31"):
            board = status_board(convention, date.fromisoformat(on))
            told = {row["state"]["iso3"]: row for row in rows if row["on"] == on}
            assert len(told) == 197
            for line in board.lines:
                row = told[line.state.pk]
                assert (row["status"], row["certain"], row["year"]) == (line.status, line.certain, int(on[:4]))
            counts = board.counts.numbers()
            assert sum(row["party"] for row in told.values()) == counts["parties"]
            assert sum(row["in_force"] for row in told.values()) == counts["in_force"]

    def test_has_the_codes_of_other_data_sets(self, client):
        row = client.get(self.ADDRESS, {"state": "EST", "from": "2025-01-01"}).json()["results"][0]
        assert (row["cow"], row["gw"]) == ("366", "366")

    def test_may_be_narrowed_to_states_groups_and_another_day_of_the_year(self, client):
        query = {"group": "asean", "from": "2019-01-01", "to": "2020-02-01", "anchor": "01-01"}
        rows = client.get(self.ADDRESS, query).json()["results"]
        assert {row["on"] for row in rows} == {"2019-01-01", "2020-01-01"}
        assert {row["state"]["iso3"] for row in rows} == {
            "BRN",
            "KHM",
            "IDN",
            "LAO",
            "MYS",
            "MMR",
            "PHL",
            "SGP",
            "THA",
            "VNM",
        }

    def test_is_ordered_by_state_and_year(self, client):
        rows = client.get(self.ADDRESS, {"from": "2020-01-01", "state": ["NOR", "AFG"]}).json()["results"]
        keys = [(row["state"]["iso3"], row["year"]) for row in rows]
        assert keys == sorted(keys)
        assert keys[0][0] == "AFG"

    def test_leaves_out_what_the_ledger_cannot_answer_for(self, client, withheld):
        rows = client.get(f"{API}/treaties/{withheld.slug}/state-years/").json()["results"]
        assert {row["on"] for row in rows} == {"2013-12-31"}

    def test_is_empty_as_known_before_the_record(self, client):
        answer = client.get(self.ADDRESS, {"known_at": "2001-01-01T00:00:00Z"}).json()
        assert answer["results"] == []
        assert answer["record_since"]

    def test_asks_as_often_for_one_year_as_for_thirty(self, client, nothing_is_kept, django_assert_max_num_queries):
        for first in ("2025-01-01", "1998-01-01"):
            with django_assert_max_num_queries(10):
                client.get(self.ADDRESS, {"from": first})

    @pytest.mark.parametrize(
        ("query", "codes"),
        [
            ({"anchor": "02-29"}, {"anchor": ["invalid"]}),
            ({"from": "2025-01-02", "to": "2025-01-01"}, {"from": ["ends_before_it_begins"]}),
            ({"state": "XXX"}, {"state": ["invalid_choice"]}),
            ({"group": "x"}, {"group": ["invalid_choice"]}),
            ({"step": "year"}, {"step": ["unknown_parameter"]}),
        ],
    )
    def test_names_what_it_cannot_read(self, client, query, codes):
        assert client.get(self.ADDRESS, query).json()["codes"] == codes


class TestHowRegionsAndGroupsStand:
    ADDRESS = f"{API}/treaties/mine-ban-convention/counts-by-region/"

    @pytest.fixture
    def parts(self, client):
        rows = client.get(self.ADDRESS, {"on": "2025-12-27"}).json()["results"]
        return {(row["kind"], row["key"]): row for row in rows}

    @pytest.mark.parametrize("kind", ["region", "subregion"])
    def test_the_parts_of_the_world_add_up_to_it(self, parts, convention, kind):
        board = status_board(convention, date(2025, 12, 27))
        rows = [row for (its_kind, _key), row in parts.items() if its_kind == kind]
        assert sum(row["states"] for row in rows) == 197
        for name, number in board.counts.numbers().items():
            assert sum(row["counts"][name] for row in rows) == number

    def test_a_part_has_what_the_filter_of_that_name_finds(self, client, parts):
        for kind, key in [("region", "Europe"), ("subregion", "Northern Europe"), ("group", "eu"), ("group", "nato")]:
            name = "group" if kind == "group" else "region"
            address = f"{API}/treaties/mine-ban-convention/status/"
            lines = client.get(address, {name: key, "on": "2025-12-27"}).json()["results"]
            row = parts[kind, key]
            assert row["states"] == len(lines)
            assert row["counts"]["withdrawn"] == sum(line["status"] == "withdrawn" for line in lines)

    def test_a_group_has_the_members_of_that_day(self, client):
        rows = client.get(self.ADDRESS, {"on": "2003-01-01"}).json()["results"]
        assert next(row["states"] for row in rows if row["key"] == "eu") == 15

    def test_is_empty_on_a_day_that_the_ledger_cannot_answer_for(self, client, withheld):
        address = f"{API}/treaties/{withheld.slug}/counts-by-region/"
        assert client.get(address, {"on": "2020-01-01"}).json()["results"] == []
        assert client.get(address, {"on": "2014-07-10"}).json()["results"]


class TestWhereAStateStandsUnderEachTreaty:
    def test_is_the_line_of_each_board(self, client):
        answer = client.get(f"{API}/states/ltu/treaties/", {"on": "2025-12-27"}).json()
        assert answer["state"]["iso3"] == "LTU"
        assert len(answer["results"]) == Treaty.objects.count()
        for row in answer["results"]:
            address = f"{API}/treaties/{row.pop('treaty')}/status/"
            line = client.get(address, {"state": "LTU", "on": row.pop("on")}).json()["results"][0]
            assert row == line

    def test_says_the_day_that_the_ledger_can_answer_for(self, client, withheld):
        rows = client.get(f"{API}/states/LTU/treaties/", {"on": "2020-01-01"}).json()["results"]
        days = {row["treaty"]: row["on"] for row in rows}
        assert days[withheld.slug] == "2014-07-10"
        assert days["mine-ban-convention"] == "2020-01-01"

    def test_is_not_there_for_what_is_no_state(self, client):
        assert client.get(f"{API}/states/XYZ/treaties/").status_code == 404

    def test_has_nothing_as_known_before_the_record(self, client):
        assert client.get(f"{API}/states/LTU/treaties/?known_at=2001-01-01T00:00:00Z").json()["results"] == []


class TestTheActsBehindAStatus:
    STATUS = f"{API}/treaties/mine-ban-convention/status/"

    def test_are_in_the_same_answer(self, client):
        answer = client.get(self.STATUS, {"on": "2025-12-27", "state": "EST", "expand": "evidence"}).json()
        (line,) = answer["results"]
        assert [act["id"] for act in line["evidence_acts"]] == line["evidence"]
        assert [act["action"] for act in line["evidence_acts"]] == ["accession", "withdrawal"]
        assert client.get(line["evidence_acts"][0]["url"]).status_code == 200
        assert "explanation" not in line

    def test_go_together_with_the_reasons(self, client):
        answer = client.get(self.STATUS, {"state": "EST", "expand": ["evidence", "explanation"]}).json()
        assert {"evidence_acts", "explanation"} <= answer["results"][0].keys()

    def test_are_left_out_where_nobody_asks(self, client):
        line = client.get(self.STATUS, {"state": "EST"}).json()["results"][0]
        assert not {"evidence_acts", "explanation"} & line.keys()

    def test_take_one_question_for_all_states(self, client, nothing_is_kept, django_assert_max_num_queries):
        with django_assert_max_num_queries(14):
            answer = client.get(self.STATUS, {"expand": "evidence"}).json()
        assert all(len(line["evidence_acts"]) == len(line["evidence"]) for line in answer["results"])


class TestSomeFields:
    LISTS = [
        "states",
        "treaties",
        "treaty-actions",
        "withdrawal-steps",
        "declarations",
        "campaigns",
        "campaign-actions",
        "commitments",
        "positions",
        "statements",
    ]

    @pytest.mark.parametrize("name", LISTS)
    def test_are_all_that_is_answered(self, client, name):
        whole = client.get(f"{API}/{name}/?page_size=1").json()["results"][0]
        for fields in (list(whole)[:1], list(whole)[1:3], list(whole)):
            answer = client.get(f"{API}/{name}/", {"page_size": 1, "fields": ",".join(fields)}).json()["results"][0]
            assert answer == {field: whole[field] for field in fields}

    @pytest.mark.parametrize("name", LISTS)
    def test_are_the_columns_of_a_table(self, client, name):
        field = next(iter(client.get(f"{API}/{name}/?page_size=1").json()["results"][0]))
        for more in ({}, {"page_size": 5}):
            table = client.get(f"{API}/{name}/", {"format": "csv", "fields": field, **more})
            assert body_of(table).decode().splitlines()[0] == field

    def test_work_for_one_thing(self, client):
        assert client.get(f"{API}/states/EST/?fields=name,iso2").json() == {"iso2": "EE", "name": "Estonia"}
        assert client.get(f"{API}/statements/sgsm22686/?fields=symbol").json() == {"symbol": "SG/SM/22686"}

    @pytest.mark.parametrize("fields", ["", "nothing", "iso3,", "iso3,nothing", "iso3;name"])
    def test_that_are_unknown_are_named(self, client, fields):
        answer = client.get(f"{API}/states/", {"fields": fields})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["fields"])


class TestOneState:
    def test_is_one_answer(self, client, campaign):
        answer = client.get(f"{API}/states/ukr/overview/", {"on": "2026-02-03"}).json()
        alone = client.get(f"{API}/states/UKR/treaties/", {"on": "2026-02-03"}).json()["results"]
        assert answer["state"]["iso3"] == "UKR"
        assert answer["treaties"] == alone
        called = client.get(f"{API}/campaign-actions/?kind=call_to_action&on=2026-02-03&page_size=500").json()[
            "results"
        ]
        aimed = [c["slug"] for c in called if {"UKR"} & {s["iso3"] for s in (c["target_states"] or []) + c["states"]}]
        assert [call["slug"] for call in answer["asked"]] == aimed
        assert aimed

    def test_has_its_promises_and_what_was_said(self, client):
        answer = client.get(f"{API}/states/JPN/overview/").json()
        listed = client.get(f"{API}/commitments/?state=JPN").json()["results"]
        assert [c["slug"] for c in answer["commitments"]] == [c["slug"] for c in listed]
        said = client.get(f"{API}/states/POL/overview/").json()["positions"]
        assert {p["kind"] for p in said} >= {"reason"}

    def test_never_tells_of_fewer_than_five_backers(self, client, campaign):
        PledgeFactory.create_batch(6, campaign=campaign, state_id="NOR")
        PledgeFactory.create_batch(4, campaign=campaign, state_id="SWE")
        found = {code: client.get(f"{API}/states/{code}/overview/").json()["backers"] for code in ("NOR", "SWE")}
        assert [found[code][0]["confirmed"] for code in ("NOR", "SWE")] == [6, None]

    @pytest.mark.parametrize(("query", "status"), [("on=never", 400), ("x=1", 400), ("", 200)])
    def test_names_what_it_cannot_read(self, client, query, status):
        assert client.get(f"{API}/states/EST/overview/?{query}").status_code == status

    def test_is_not_there_for_what_is_no_state(self, client):
        assert client.get(f"{API}/states/ZZZ/overview/").status_code == 404


class TestEndorsements:
    def test_are_those_that_were_verified(self, client, campaign):
        EndorsementFactory(campaign=campaign, name="Seen", state_id="NOR", verified_by=EditorFactory())
        EndorsementFactory(campaign=campaign, name="Waiting", verified_by=None)
        EndorsementFactory(campaign=campaign, name="Gone", verified_by=EditorFactory(), taken_out_because="Zq")
        answer = client.get(f"{API}/endorsements/").json()
        assert [row["name"] for row in answer["results"]] == ["Seen"]
        assert client.get(f"{API}/endorsements/?state=SWE").json()["count"] == 0
        assert client.get(f"{API}/endorsements/?state=NOR&campaign={campaign.slug}").json()["count"] == 1


class TestNumbersThatDoNotHold:
    def test_are_found_by_the_statements_that_cite_them(self, client):
        wrong = StatementFactory(slug="wrong", workflow="published", publish_at=timezone.now())
        right = StatementFactory(slug="right", workflow="published", publish_at=timezone.now())
        FigureFactory(statement=wrong, text="170 parties", value=170, on=date(2025, 6, 16))
        FigureFactory(statement=right, text="165 parties", value=165, on=date(2025, 6, 16))
        found = client.get(f"{API}/statements/?contradicted=true&page_size=500").json()["results"]
        others = client.get(f"{API}/statements/?contradicted=false&page_size=500").json()["results"]
        assert "wrong" in {s["slug"] for s in found}
        assert "right" in {s["slug"] for s in others}
        assert len(found) + len(others) == client.get(f"{API}/statements/").json()["count"]

    def test_of_drafts_are_nobodys_business(self, client):
        draft = StatementFactory(slug="a-draft")
        FigureFactory(statement=draft, text="170 parties", value=170, on=date(2025, 6, 16))
        assert "a-draft" not in client.get(f"{API}/statements/?contradicted=true").content.decode()


@pytest.mark.parametrize(
    ("words", "iso3"),
    [
        ("cote d'ivoire", "CIV"),
        ("TURKIYE", "TUR"),
        ("turkey", "TUR"),
        ("swaziland", "SWZ"),
        ("São", "STP"),
        ("sao", "STP"),
    ],
)
def test_a_state_is_found_by_old_names_and_without_accents(client, words, iso3):
    assert iso3 in {s["iso3"] for s in client.get(f"{API}/states/", {"search": words}).json()["results"]}
