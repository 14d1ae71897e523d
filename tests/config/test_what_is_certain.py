"""What is told where the day of an act is not known, or where acts may be missing: the same on pages, in the API, in texts."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from news.facts import guard
from news.facts.figures import check_figures, render_figures
from news.facts.ledger_facts import LedgerFacts
from news.models import Figure
from news.newsroom.proof import unproved
from tests.config.addresses import API
from tests.factories import OfficerFactory, StatementFactory
from tests.reading import html_of, text_of
from treaties import ledger
from treaties.models import TreatyAction

pytestmark = pytest.mark.django_db
MBC = "/treaties/mine-ban-convention"
STATUS = f"{API}/treaties/mine-ban-convention/status/"
LATER, JUNE = "2026-11-26", "2026-06-01"
ON_RECORD = "All acts up to 3 February 2026 are on record; later ones may be missing."
LEBANON = "Lebanon acceded to the Mine Ban Convention between 3 February 2026 and 22 September 2026."


@pytest.fixture
def read(client):
    return lambda address: text_of(client.get(address))


@pytest.fixture
def ask(client):
    return lambda address: client.get(address).json()


def confirmed(row, *, replaces=None, reason="A letter of the Depositary."):
    """The row, recorded by one officer and confirmed by another."""
    one, two = OfficerFactory(), OfficerFactory()
    proposed = ledger.replace(replaces, row, by=one, reason=reason) if replaces else ledger.record(row, by=one)
    return ledger.confirm(proposed, by=two)


@pytest.fixture
def lebanon(convention):
    return TreatyAction.objects.of(convention).get(state="LBN")


def narrowed(lebanon, deposited_on, not_before=None):
    return TreatyAction(
        treaty=lebanon.treaty,
        state=lebanon.state,
        action="accession",
        deposited_on=deposited_on,
        not_before=not_before,
        interval_source="Two letters." if not_before else "",
        source_url=lebanon.source_url,
    )


class TestPages:
    def test_the_home_page_tells_a_range_and_why(self, read):
        words = read("/")
        assert words.count("161 or 162") >= 2
        assert "161 or 162 States are bound by the ban on anti-personnel mines." in words
        assert "acts on record to 3 February 2026" in words
        assert ON_RECORD in words
        assert f"{LEBANON} The day is not known." in words
        assert "So it enters into force for the State between 1 August 2026 and 1 March 2027." in words

    @pytest.mark.parametrize(
        ("on", "parties"), [("2026-02-02", "162 Parties"), (JUNE, "161 or 162 Parties"), (LATER, "162 Parties")]
    )
    def test_the_counts_of_a_day_are_a_range_only_where_they_are_open(self, read, on, parties):
        assert f" {parties} have consented to be bound" in read(f"{MBC}/?on={on}")

    def test_a_sum_that_does_not_hold_for_all_of_a_range_is_left_out(self, read):
        assert "that never joined = all States" not in read(f"{MBC}/?on={JUNE}")
        assert "that never joined = all States" in read(f"{MBC}/?on={LATER}")

    def test_a_states_page_says_what_its_status_can_be(self, read):
        words = read(f"/states/lbn/?on={JUNE}")
        assert "Not party or Consented, not yet in force Mine Ban Convention, 1 June 2026" in words
        assert f"{LEBANON} The day is not known." in words
        assert "On 1 June 2026 its status can be: Not party or Consented, not yet in force." in words
        assert "neither signed" not in words
        assert "So on 1 June 2026: Not bound: has never joined or Has consented; not yet in force for it." in words

    def test_a_status_that_is_the_same_either_way_is_told_alone(self, read):
        words = read("/states/lbn/?on=2027-03-01")
        assert "its status can be" not in words
        assert "It enters into force for the State between 1 August 2026 and 1 March 2027." in words

    @pytest.mark.parametrize("address", ["/states/est/", f"{MBC}/", f"{MBC}/changes/", f"{MBC}/withdrawals/"])
    def test_of_a_later_day_all_say_in_the_same_words_that_acts_may_be_missing(self, read, address):
        assert ON_RECORD in read(address)

    @pytest.mark.parametrize("address", ["/treaties/matrix/", "/treaties/", "/states/", "/states/est/", "/"])
    def test_lists_name_the_day_to_which_acts_are_on_record(self, read, address):
        assert "acts on record to 3 February 2026" in read(address)

    @pytest.mark.parametrize("address", ["/states/est/", "/treaties/matrix/", f"{MBC}/"])
    def test_of_a_day_that_is_covered_they_do_not(self, read, address):
        assert "acts on record" not in read(f"{address}?on=2025-06-16")

    def test_an_embed_tells_the_range_and_why(self, read):
        words = read(f"/embed/mine-ban-convention/counter/?on={JUNE}")
        assert "161 or 162 parties" in words
        assert LEBANON in words

    def test_the_map_hatches_what_is_open(self, client):
        html = html_of(client.get(f"{MBC}/?on={LATER}"))
        assert html.count("map--open") == 2  # Lebanon, and the key
        assert "<title>Lebanon: Consented, not yet in force or Party</title>" in html
        assert "map--open" not in client.get(f"{MBC}/?on=2025-06-16").content.decode()

    def test_the_chart_has_a_band_where_the_number_is_open(self, client):
        assert 'class="band"' in client.get(f"{MBC}/?on={JUNE}").content.decode()
        assert 'class="band"' not in client.get(f"{MBC}/?on=2025-06-16").content.decode()

    def test_the_ledger_tells_the_interval_with_its_sources(self, read):
        words = read(f"{MBC}/ledger/")
        assert "3 Feb 2026 – 22 Sep 2026 day not known Lebanon Accession 1 Aug 2026 – 1 Mar 2027" in words
        assert "not_before: the Depositary's table as at 3 February 2026" in words

    def test_a_change_that_is_open_is_told_as_one(self, read):
        words = read(f"{MBC}/changes/?from=2026-02-02&to={JUNE}")
        assert "Lebanon Not party → became Not party or Consented, not yet in force" in words

    def test_no_page_says_that_the_ledger_was_compared_before_it_was(self, read):
        assert "Compared with the Depositary" not in read("/") + read(f"{MBC}/")
        assert "Not yet compared with the Depositary's own table here." in read("/")

    def test_a_feed_tells_the_interval(self, client):
        words = client.get(f"{MBC}/feed.atom").content.decode()
        assert "Lebanon: Accession, between 3 February 2026 and 22 September 2026" in words


class TestTheApi:
    def test_gives_the_counts_that_are_certain_with_the_range_of_the_others(self, ask):
        answer = ask(f"{STATUS}?on={JUNE}")
        assert {n: answer["counts"][n] for n in ("parties", "not_parties", "never_joined", "in_force")} == {
            "parties": 161,
            "not_parties": 36,
            "never_joined": 31,
            "in_force": 161,
        }
        assert answer["counts_range"] == {"parties": [161, 162], "not_parties": [35, 36], "never_joined": [30, 31]}
        assert answer["not_certain"][0] == ON_RECORD

    def test_gives_an_act_its_interval_and_no_day(self, ask):
        (row,) = ask(f"{API}/treaty-actions/?state=LBN&treaty=mine-ban-convention")["results"]
        assert (row["deposited_on"], row["deposited_between"]) == (None, ["2026-02-03", "2026-09-22"])
        assert (row["effective_on"], row["effective_between"]) == (None, ["2026-08-01", "2027-03-01"])
        (row,) = ask(f"{API}/treaty-actions/?state=TON&treaty=mine-ban-convention")["results"]
        assert (row["deposited_on"], row["deposited_between"], row["effective_between"]) == ("2025-06-25", None, None)

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("deposited_after=2026-09-22", 1),
            ("deposited_after=2026-09-23", 0),
            ("deposited_before=2026-02-03&deposited_after=2026-01-01", 1),
            ("deposited_before=2026-02-02&deposited_after=2026-01-01", 0),
        ],
    )
    def test_finds_an_act_by_any_day_on_which_it_can_have_been(self, ask, query, found):
        answer = ask(f"{API}/treaty-actions/?state=LBN&treaty=mine-ban-convention&{query}")
        assert len(answer["results"]) == found

    def test_tells_of_each_line_whether_it_is_certain_and_what_is_possible(self, ask):
        (line,) = ask(f"{STATUS}?on=2026-02-03&state=LBN")["results"]
        assert (line["status"], line["certain"], line["possible"]) == ("not_party", False, ["not_party", "consented"])
        (line,) = ask(f"{STATUS}?on={LATER}&state=LBN")["results"]
        assert line["consent"]["deposited_between"] == ["2026-02-03", "2026-09-22"]
        assert (line["in_force_on"], line["in_force_between"]) == (None, ["2026-08-01", "2027-03-01"])

    def test_tells_nothing_of_a_later_day_as_certain_that_could_have_changed(self, ask):
        (line,) = ask(f"{STATUS}?on=2026-04-01&state=KHM")["results"]
        assert (line["status"], line["certain"], line["possible"]) == ("party", False, ["party", "withdrawing"])
        assert not any(line["certain"] for line in ask(f"{STATUS}?on={LATER}")["results"])
        assert all(line["certain"] for line in ask(f"{STATUS}?on=2026-02-02")["results"])

    def test_gives_the_series_with_its_ranges(self, ask):
        series = ask(f"{API}/treaties/mine-ban-convention/counts/?from=2026-02-01&to={JUNE}&step=change")["results"]
        assert [(row["on"], row["parties"], row["counts_range"].get("parties")) for row in series] == [
            ("2026-02-01", 162, None),
            ("2026-02-03", 162, [162, 163]),
            ("2026-02-20", 161, [161, 162]),
            (JUNE, 161, [161, 162]),
        ]

    def test_gives_a_table_with_both_ends(self, client):
        table = client.get(f"{API}/treaty-actions/?format=csv&state=LBN&treaty=mine-ban-convention").content.decode()
        assert "2026-02-03" in table
        assert "2026-09-22" in table

    def test_gives_a_change_with_what_is_possible(self, ask):
        found = ask(f"{API}/treaties/mine-ban-convention/changes/?from=2026-02-02&to=2026-02-03")["results"]
        assert [(c["state"]["iso3"], c["possible_before"], c["possible_after"]) for c in found] == [
            ("LBN", ["not_party"], ["not_party", "consented"])
        ]


class TestAnOfficer:
    def test_narrows_an_interval_by_a_row_that_replaces_the_earlier_one(self, lebanon, read, ask):
        confirmed(narrowed(lebanon, date(2026, 3, 31), date(2026, 2, 4)), replaces=lebanon)
        answer = ask(f"{STATUS}?on={LATER}")
        assert (answer["counts"]["in_force"], answer["counts_range"]) == (162, {})
        assert "162 States are bound by the ban" in read("/")

    def test_gives_the_day_when_it_is_known(self, lebanon, ask):
        confirmed(narrowed(lebanon, date(2026, 5, 5)), replaces=lebanon)
        (line,) = ask(f"{STATUS}?on={LATER}&state=LBN")["results"]
        assert (line["status"], line["consent"]["deposited_on"], line["in_force_on"]) == (
            "party",
            "2026-05-05",
            "2026-11-01",
        )

    def test_takes_out_an_act_that_never_was(self, lebanon, ask, read):
        row = narrowed(lebanon, lebanon.deposited_on)
        row.is_annulment = True
        confirmed(row, replaces=lebanon, reason="A mistake of the source.")
        answer = ask(f"{STATUS}?on={LATER}&state=LBN")
        assert (answer["counts"]["parties"], answer["results"][0]["status"]) == (161, "not_party")
        words = read(f"{MBC}/ledger/")
        assert f"Takes out row {lebanon.pk}: A mistake of the source." in words
        assert f"Taken out by row {row.pk}: A mistake of the source." in words

    @pytest.mark.parametrize(
        ("last", "first", "source", "message"),
        [
            (date(2026, 3, 1), date(2026, 3, 1), "Two letters.", "give the one day"),
            (date(2026, 3, 1), date(2026, 2, 1), "", "what supports each end"),
            (date(2026, 3, 1), date(1997, 1, 1), "Two letters.", "before the treaty was adopted"),
        ],
    )
    def test_is_told_what_is_wrong_with_an_interval(self, convention, state, last, first, source, message):
        row = TreatyAction(
            treaty=convention,
            state=state("CHN"),
            action="accession",
            deposited_on=last,
            not_before=first,
            interval_source=source,
            source_url="https://example.org/",
        )
        with pytest.raises(ValidationError, match=message):
            ledger.record(row, by=OfficerFactory())

    def test_is_told_where_an_act_has_no_meaning_on_the_first_day_of_its_interval(self, convention, state):
        row = TreatyAction(
            treaty=convention,
            state=state("TON"),
            action="withdrawal",
            deposited_on=date(2026, 3, 1),
            not_before=date(2025, 11, 1),  # in force for Tonga since 1 December
            interval_source="Two letters.",
            source_url="https://example.org/",
        )
        with pytest.raises(ledger.NotTheStatesAct, match="not in force for Tonga"):
            ledger.record(row, by=OfficerFactory())


class TestTexts:
    @pytest.fixture
    def judge(self, convention):
        facts = LedgerFacts(convention)
        return lambda text, on: [(v.holds, v.fact) for v in guard.check_claims(text, date.fromisoformat(on), facts)]

    def test_a_figure_is_right_if_it_lies_in_the_range(self, convention):
        convention.complete_to = date(2026, 12, 31)
        figures = [
            Figure(text=str(n), treaty=convention, query="in_force", on=date(2026, 9, 1), value=n)
            for n in (160, 161, 162, 163)
        ]
        assert [item.holds for item in check_figures(figures, date(2026, 9, 1))] == [False, True, True, False]

    def test_a_figure_of_a_day_by_which_acts_may_be_missing_is_never_called_wrong(self, convention):
        figure = Figure(text="170", treaty=convention, query="parties", on=date(2026, 9, 1), value=170)
        (item,) = check_figures([figure], date(2026, 9, 1))
        assert item.holds is None
        figure = Figure(text="170", treaty=convention, query="signatories", on=date(2026, 9, 1), value=170)
        assert check_figures([figure], date(2026, 9, 1))[0].holds is False  # nobody can have signed since

    def test_a_tag_of_a_later_day_names_the_day_to_which_acts_are_on_record(self):
        statement = StatementFactory(body="{{ in_force on 2026-09-01 }} and {{ parties on 2025-06-16 }}")
        (shown,) = render_figures([statement], date(2026, 11, 26))
        assert "[161 or 162](" in shown.rendered_body
        assert "(acts on record to 3 February 2026) and [165](" in shown.rendered_body
        assert shown.rendered_body.count("on record") == 1

    def test_of_a_later_day_the_guard_cannot_tell_what_could_have_changed(self, judge):
        ((holds, fact),) = judge("The Convention has 170 States Parties.", JUNE)
        assert holds is None
        assert fact.startswith(f"On 1 June 2026 the ledger has 161 or 162 parties. {ON_RECORD}")
        ((holds, fact),) = judge("Poland is a State Party.", JUNE)
        assert holds is None
        assert ON_RECORD in fact
        assert judge("It has 130 signatories.", JUNE)[0][0] is False

    @pytest.mark.parametrize(
        ("text", "on", "holds"),
        [
            ("Cambodia is a State Party.", "2026-04-01", True),  # under notice at most: still bound
            ("China is a State Party.", "2026-04-01", None),
            ("China has withdrawn.", "2026-04-01", False),
            ("Lebanon is a State Party.", "2026-02-02", False),
            ("Lebanon is a State Party.", JUNE, None),
            ("Cambodia has withdrawn.", "2026-04-01", False),
            ("Cambodia has withdrawn.", LATER, None),
        ],
    )
    def test_a_claim_about_a_state_is_judged_by_all_that_is_possible(self, judge, text, on, holds):
        assert [verdict for verdict, _fact in judge(text, on)] == [holds]

    def test_the_page_that_checks_texts_says_that_it_cannot_be_told(self, client):
        words = text_of(client.post("/check/", {"text": "The Convention has 170 States Parties.", "on": JUNE}))
        assert "Cannot be told" in words
        assert "Does not hold" not in words

    def test_a_reviewer_is_not_stopped_by_what_cannot_be_told(self):
        statement = StatementFactory(body="The Convention has 170 States Parties.", dated_on=date(2026, 6, 1))
        assert unproved(statement) == []
