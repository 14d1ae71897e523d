"""What the guard reads in a text, and how the ledger judges it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.facts import guard
from news.facts.ledger_facts import LedgerFacts
from tests.check_guard import judged
from tests.config.addresses import API
from tests.news.facts.corpus import CORPUS, PASSED_OVER
from tests.reading import text_of

ANNOUNCED = date(2025, 6, 16)
pytestmark = pytest.mark.django_db


@pytest.fixture
def facts(convention, answers):
    """The loaded record as the guard asks it, computed once for all sentences; as if no act after the corpus were missing."""
    convention.complete_to = max(CORPUS)
    return answers.setdefault("facts of the guard", LedgerFacts(convention))


@pytest.fixture
def read(facts):
    return lambda text, on=ANNOUNCED: guard.check_claims(text, on, facts)


class TestTheCorpus:
    @pytest.mark.parametrize("day", CORPUS)
    def test_gets_no_wrong_verdict(self, facts, day):
        verdicts = {
            sentence: ({claim.holds for claim in guard.check_claims(sentence, day, facts)}, {truth} - {None})
            for sentence, truth in CORPUS[day]
        }
        assert [sentence for sentence, (said, right) in verdicts.items() if not said <= right] == []

    def test_is_read_for_the_most_part(self, facts):
        assert {text for _d, text, truth, holds in judged(facts) if truth is not None and not holds} == PASSED_OVER
        in_scope = [holds for _day, _text, truth, holds in judged(facts) if truth is not None]
        assert sum(map(bool, in_scope)) / len(in_scope) >= 0.9


class TestCounts:
    @pytest.mark.parametrize(
        ("text", "holds", "says"),
        [
            ("The treaty has 165 States parties.", True, "165 parties"),
            ("The treaty has 164 parties.", False, "165 parties"),
            ("It has 133 signatories.", True, "133 signatories"),
            ("It has 165 signatories.", False, "165 is the number of parties: signing is not yet joining."),
            ("32 States have not joined.", True, "32 States outside"),
            ("40 countries remain outside.", False, "32 States outside"),
            ("Today 165 countries are parties.", True, "165 parties"),
            ("On 27 December 2025 three States have withdrawn.", True, "3 States that have left"),
            ("On 15 September 2025 five States are withdrawing.", True, "5 States under notice"),
            ("On 5 January 2026 five States have withdrawn.", False, "2 more have notified it and are bound"),
            (
                "On 15 September 2025 five States have withdrawn.",
                False,
                "5 more have notified it and are bound until it takes effect.",
            ),
        ],
    )
    def test_are_judged_on_their_day(self, read, text, holds, says):
        (verdict,) = read(text)
        assert (verdict.holds, says in verdict.fact) == (holds, True), verdict

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("164 parties.", "On 16 June 2025 the ledger has 165 parties."),
            ("133 signatories.", "On 16 June 2025 the ledger has 133 signatories."),
            ("132 signatories.", "On 16 June 2025 the ledger has 133 signatories."),
        ],
    )
    def test_say_no_more_than_the_ledger_has(self, read, text, says):
        assert read(text)[0].fact == says

    def test_of_states_that_have_left_count_only_those_whose_withdrawal_took_effect(self, read):
        (verdict,) = read("On 15 September 2025 four States have withdrawn.")
        assert (verdict.holds, verdict.fact) == (False, "On 15 September 2025 the ledger has 0 States that have left.")

    def test_of_not_parties_are_not_taken_for_parties_and_what_follows_is_still_read(self, read):
        assert [v.claim for v in read("Of those not 32 States parties, there are 165 parties.")] == ["165 parties"]

    def test_are_judged_on_the_texts_day_where_the_sentence_names_none(self, read):
        assert read("165 parties.", ANNOUNCED)[0].holds
        assert not read("165 parties.", date(2026, 3, 1))[0].holds


class TestStates:
    @pytest.mark.parametrize(
        ("text", "on", "holds"),
        [
            ("Estonia has withdrawn from the Convention.", date(2025, 9, 1), False),
            ("Estonia has withdrawn from the Convention.", date(2026, 1, 1), True),
            ("Estonia is no longer a party.", date(2025, 12, 26), False),
            ("Estonia is a party.", date(2025, 12, 26), True),
            ("Poland is a State party.", date(2026, 3, 1), False),
            ("China is not a party.", date(2025, 6, 16), True),
            ("Tonga has joined the Convention.", date(2025, 6, 16), False),
            ("Norway has never joined.", date(2025, 6, 16), False),
        ],
    )
    def test_are_judged_by_their_standing(self, read, text, on, holds):
        (verdict,) = read(text, on)
        assert verdict.holds == holds, verdict

    def test_under_notice_are_told_with_both_days_and_the_rows(self, read):
        (verdict,) = read("Estonia has already withdrawn.", date(2025, 9, 1))
        assert (
            "still bound: it notified its withdrawal on 27 June 2025, which takes effect on 27 December 2025"
            in verdict.fact
        )
        assert len(verdict.rows) > 0

    def test_in_a_row_are_one_claim_that_holds_if_it_holds_for_all(self, read):
        (verdict,) = read("Estonia, Latvia and the Russian Federation are States Parties.")
        assert verdict.claim == "Estonia, Latvia and the Russian Federation are States Parties"
        assert (verdict.holds, verdict.fact) == (False, "On 16 June 2025 Russian Federation is not a party.")
        (verdict,) = read("Estonia and Latvia are States Parties.")
        assert (verdict.holds, verdict.fact) == (
            True,
            "On 16 June 2025 Estonia is bound. On 16 June 2025 Latvia is bound.",
        )
        assert len(verdict.rows) >= 2

    def test_own_the_verb_that_stands_next_to_them(self, read):
        (verdict,) = read("Norway regrets that Estonia has withdrawn.", date(2026, 1, 1))
        assert verdict.claim == "Estonia has withdrawn"

    @pytest.mark.parametrize(
        ("text", "claim"),
        [
            ("Papua New Guinea is a party.", "Papua New Guinea is a party"),
            ("Guinea-Bissau is a party.", "Guinea-Bissau is a party"),
            (
                "The Democratic People's Republic of Korea is not a party.",
                "Democratic People's Republic of Korea is not a party",
            ),
            ("The Democratic Republic of the Congo is a party.", "Democratic Republic of the Congo is a party"),
        ],
    )
    def test_are_not_found_inside_the_names_of_others(self, read, text, claim):
        assert [v.claim for v in read(text)] == [claim]

    def test_cost_one_pass_over_the_text_however_many_there_are(self, convention, django_assert_max_num_queries):
        facts = LedgerFacts(convention)
        with django_assert_max_num_queries(7):
            guard.check_claims("Estonia met Norway and Poland. Estonia has withdrawn. " * 60, ANNOUNCED, facts)


class TestTheNotice:
    @pytest.mark.parametrize(
        "text",
        [
            "The withdrawal takes effect six months after the vote.",
            "Parliament voted on 5 June, so it is out within six months.",
            "Six months after the Seimas adopted the law the State is free.",
        ],
    )
    def test_counted_from_a_vote_is_told(self, read, text):
        verdict = next(v for v in read(text) if "Art. 20(3)" in v.fact)
        assert not verdict.holds

    @pytest.mark.parametrize(
        "text",
        [
            "It takes effect six months after the Depositary received the notice that followed the vote.",
            "The meeting lasts six months.",
        ],
    )
    def test_counted_rightly_is_left_alone(self, read, text):
        assert read(text) == []


class TestAnyText:
    def test_that_claims_nothing_is_passed_over(self, read):
        assert read("A fine day. Mines kill; the world is 3.5 times older than it looks.") == []

    @pytest.mark.parametrize(
        ("length", "read_it"), [(guard.LONGEST_SENTENCE, True), (guard.LONGEST_SENTENCE + 1, False)]
    )
    def test_that_never_ends_a_sentence_is_passed_over(self, read, length, read_it):
        claim = "165 States Parties are bound by it"
        assert bool(read(f"{claim}{';' * (length - len(claim))}")) == read_it

    @given(st.text(max_size=300))
    def test_is_read_without_breaking(self, text):
        class Nothing:
            names = {"Estonia": "EST"}

            def counts(self, on):
                return dict.fromkeys(
                    ("signatories", "parties", "not_parties", "withdrawing", "withdrawn", "never_joined"), 0
                )

            def state_on(self, iso3, on):
                return guard.StateOnDay("party", None, None, ())

        guard.check_claims(text, ANNOUNCED, Nothing())

    def test_of_ours_holds_on_its_own_day(self, convention):
        """The seed's statements, read by the same guard: what it contradicts was looked at one by one."""
        from news.admin.statements import claims_text
        from news.models import Statement

        facts = LedgerFacts(convention)
        wrong = {
            (s.slug, v.claim)
            for s in Statement.objects.public().for_page()
            for v in guard.check_claims(claims_text(s), s.dated_on, facts)
            if not v.holds
        }
        assert wrong == set()


class TestThePage:
    def test_judges_what_is_pasted_with_the_rows(self, client):
        text = "The treaty has 165 signatories. Estonia has withdrawn."
        response = client.post("/check/", {"text": text, "on": "2025-09-01"})
        words = text_of(response)
        assert "2 claims read" in words
        assert words.count("Does not hold") == 2
        assert "/treaties/mine-ban-convention/ledger/" in response.content.decode()
        assert response["Cache-Control"] == "no-store"

    def test_says_so_where_it_reads_nothing(self, client):
        assert "No claim that we can read." in text_of(client.post("/check/", {"text": "Hello."}))

    @pytest.mark.parametrize(
        ("values", "field"),
        [({"text": ""}, "text"), ({"text": "x" * 5001}, "text"), ({"text": "x", "on": "soon"}, "on")],
    )
    def test_names_what_it_cannot_take(self, client, values, field):
        response = client.post("/check/", values)
        assert response.status_code == 400
        assert f'href="#id_{field}"' in response.content.decode()

    def test_prints_what_was_pasted_harmlessly(self, client):
        html = client.post("/check/", {"text": "<script>x</script> 165 parties"}).content.decode()
        assert "<script>x" not in html

    def test_is_no_endpoint_of_the_api(self, client):
        assert client.get(f"{API}/check/").status_code == 404


@pytest.mark.parametrize(
    ("words", "n"),
    [
        ("five", 5),
        ("twenty-five", 25),
        ("one hundred and sixty-five", 165),
        ("one hundred sixty five", 165),
        ("two hundred thirteen", 213),
        ("165", 165),
        ("zero", 0),
        ("nineteen", 19),
        ("twenty", 20),
        ("ninety-nine", 99),
        ("one hundred", 100),
        ("nine hundred", 900),
        ("one hundred one", 101),
        ("one hundred and nineteen", 119),
        ("ten hundred", None),
        ("one hundred two hundred", None),
        ("twenty ten", None),
        ("thirty nineteen", None),
        ("one two", None),
        ("nineteen one", None),
        ("twenty one two", None),
        ("hundred", None),
        ("five twenty", None),
        ("two three", None),
        ("twenty thirty", None),
        ("thirteen hundred", None),
    ],
)
def test_a_number_is_read_whole_or_not_at_all(words, n):
    assert guard.number_of(words) == n


class TestWhatCannotBeTold:
    """The record is complete to 3 February 2026; Lebanon acceded between that day and 22 September."""

    @pytest.fixture
    def judge(self, convention):
        facts = LedgerFacts(convention)
        return lambda text, on: guard.check_claims(text, date.fromisoformat(on), facts)

    @pytest.mark.parametrize(
        ("text", "on", "holds"),
        [
            ("Poland has notified its withdrawal.", "2026-04-01", True),
            ("Cambodia has notified its withdrawal.", "2026-04-01", None),  # its notice may be missing
            ("Cambodia has notified its withdrawal.", "2026-02-03", False),
            ("China has notified its withdrawal.", "2026-04-01", False),  # it would have to be a party first
            ("Estonia and Latvia have withdrawn.", "2026-02-03", True),
            ("Estonia and Cambodia have withdrawn.", "2026-04-01", False),
            ("Estonia and Cambodia have withdrawn.", "2026-11-26", None),
        ],
    )
    def test_of_a_state_is_what_its_possible_statuses_leave_open(self, judge, text, on, holds):
        assert [verdict.holds for verdict in judge(text, on)] == [holds]

    def test_of_a_count_is_told_with_the_range_and_the_reasons(self, judge):
        (verdict,) = judge("The Convention has 162 States Parties.", "2026-06-01")
        assert (verdict.holds, verdict.fact.split(".")[0]) == (None, "On 1 June 2026 the ledger has 161 or 162 parties")
        assert "Lebanon acceded" in verdict.fact

    def test_of_a_state_names_no_other_state_among_its_reasons(self, judge):
        (verdict,) = judge("Cambodia has withdrawn.", "2026-11-26")
        assert "later ones may be missing" in verdict.fact
        assert "Lebanon" not in verdict.fact

    def test_is_nothing_where_a_day_is_open_but_the_count_is_the_same(self, judge):
        (verdict,) = judge("It has 133 signatories.", "2026-06-01")
        assert (verdict.holds, verdict.fact) == (True, "On 1 June 2026 the ledger has 133 signatories.")
