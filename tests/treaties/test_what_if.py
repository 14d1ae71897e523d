"""Imagined acts: the counts follow by the treaty's rules, and nothing of them is in the record."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reading import html_of, text_of
from treaties.law import rules
from treaties.law.sequences import Objection
from treaties.models import State, Treaty, TreatyAction
from treaties.status.boards import status_board
from treaties.status.suppositions import Step, Supposed, last_day_of, suppose

pytestmark = pytest.mark.django_db
PAGE = "/treaties/mine-ban-convention/what-if/"


@pytest.fixture
def supposed(state):
    return lambda iso3, step, on: Supposed(state(iso3), Step(step), date.fromisoformat(on))


@pytest.fixture
def board(convention):
    return lambda on: status_board(convention, date.fromisoformat(on))


class TestASupposition:
    def test_without_acts_is_the_record(self, board):
        now = board("2025-06-16")
        found = suppose(now, [])
        assert found.after == found.before == now.counts
        assert [line.status for line in found.board.lines] == [line.status for line in now.lines]

    @pytest.mark.parametrize(
        ("on", "parties", "in_force"),
        [("2025-07-31", 165 + 1, 164), ("2025-12-31", 163 + 1, 163), ("2026-01-01", 163 + 1, 163 + 1)],
    )
    def test_lets_a_state_join_by_the_rule_of_entry_into_force(self, board, supposed, on, parties, in_force):
        before = board(on)
        found = suppose(before, [supposed("CHN", "join", "2025-07-10")])
        assert found.acts[0][1] == date(2026, 1, 1)
        assert found.after.parties == before.counts.parties + 1
        assert found.after.in_force == before.counts.in_force + (on >= "2026-01-01")

    @pytest.mark.parametrize(("on", "status"), [("2025-08-01", "withdrawing"), ("2026-01-10", "withdrawn")])
    def test_lets_a_state_leave_after_its_notice(self, board, supposed, on, status):
        found = suppose(board(on), [supposed("NOR", "leave", "2025-07-10")])
        assert found.board.by_state["NOR"].status == status
        assert found.acts[0][1] == date(2026, 1, 10)

    def test_lets_a_state_leave_and_come_back(self, board, supposed):
        acts = [supposed("NOR", "join", "2026-02-10"), supposed("NOR", "leave", "2025-07-10")]
        found = suppose(board("2026-09-01"), acts)
        assert found.board.by_state["NOR"].status == "party"
        assert not found.refused

    @pytest.mark.parametrize(
        ("iso3", "step", "on", "why"),
        [
            ("NOR", "join", "2025-07-10", Objection.CONSENTED_ALREADY),
            ("CHN", "leave", "2025-07-10", Objection.NOT_IN_FORCE),
            ("EST", "leave", "2025-07-10", Objection.NOTICE_IS_RUNNING),
            ("TON", "leave", "2025-07-10", Objection.NOT_IN_FORCE),
        ],
    )
    def test_leaves_out_what_the_state_cannot_do_then(self, board, supposed, iso3, step, on, why):
        before = board("2026-01-01")
        found = suppose(before, [supposed(iso3, step, on)])
        assert [refused.why for refused in found.refused] == [why]
        assert found.after == before.counts

    def test_takes_nothing_from_an_act_that_is_open(self, board, supposed):
        found = suppose(board("2026-11-26"), [supposed("CHN", "join", "2026-03-01")])
        assert found.after.range_of("in_force") == (162, 163)

    def test_writes_nothing(self, board, supposed):
        before = TreatyAction.objects.count()
        suppose(board("2026-01-01"), [supposed("CHN", "join", "2025-07-10")])
        assert TreatyAction.objects.count() == before

    def test_has_a_series_that_ends_with_its_counts(self, board, supposed):
        found = suppose(board("2026-01-01"), [supposed("CHN", "join", "2025-07-10")])
        assert found.series[-1] == (date(2026, 1, 1), found.after)
        assert date(2025, 7, 10) in [on for on, _counts in found.series]

    def test_before_the_treaty_has_no_series(self, board):
        assert suppose(board("1990-01-01"), []).series == []

    def test_ends_with_the_last_effect(self, convention, supposed):
        acts = [supposed("CHN", "join", "2025-07-10"), supposed("NOR", "leave", "2025-08-10")]
        assert last_day_of(acts, convention) == date(2026, 2, 10)
        assert last_day_of([], convention) is None

    @pytest.mark.parametrize("slug", ["arms-trade-treaty", "treaty-on-the-prohibition-of-nuclear-weapons"])
    def test_follows_the_rules_of_each_treaty(self, supposed, slug):
        treaty = Treaty.objects.get(slug=slug)
        act = supposed("USA", "join", "2025-07-10")
        found = suppose(status_board(treaty, date(2026, 1, 1)), [act])
        assert found.acts == [(act, rules.effective_on(act.as_act(1), treaty.rules))]


def test_any_choice_of_acts_moves_the_counts_by_what_is_counted(board):
    everyone = list(State.objects.all())
    now = board("2025-06-16")
    steps = st.builds(
        Supposed,
        st.sampled_from(everyone),
        st.sampled_from(list(Step)),
        st.dates(date(2025, 6, 17), date(2026, 6, 16)),
    )

    later = status_board(now.treaty, date(2028, 1, 1))

    @settings(max_examples=60, deadline=None)
    @given(st.sets(steps, max_size=8))
    def moves(acts):
        found = suppose(later, acts)
        assert len(found.acts) + len(found.refused) == len(acts)
        touched = {act.state.pk for act, _effect in found.acts}
        for line, old in zip(found.board.lines, later.lines, strict=True):
            assert line.state.pk in touched or line.status == old.status
        assert found.after.parties + found.after.not_parties == len(everyone)

    moves()


class TestThePage:
    def test_is_marked_as_imagined(self, client):
        response = client.get(f"{PAGE}?act=CHN:join:2077-01-05&on=2077-09-01")
        words = text_of(response)
        assert "Imagined. No State has done this." in words
        assert "China deposits its consent on 5 January 2077; effect on 1 July 2077." in words
        assert "On 1 September 2077: 163 parties instead of 162" in words
        assert '<meta name="robots" content="noindex">' in response.content.decode()
        assert '<title id="map-title">Imagined: Mine Ban Convention on 1 September 2077</title>' in html_of(response)

    def test_without_acts_imagines_nothing(self, client):
        words = text_of(client.get(PAGE))
        assert "Imagined. No State" not in words
        assert "35 States that are outside today" in words
        assert "162 States that are bound today" in words

    def test_turns_what_is_ticked_into_an_address_to_share(self, client):
        query = "join=CHN&join=USA&join_on=2077-01-05&leave=NOR&leave_on=2077-02-01&act=IND:join:2076-12-24"
        response = client.get(f"{PAGE}?{query}")
        assert response.status_code == 302
        shared = parse_qs(urlsplit(response["Location"]).query)
        assert shared["act"] == [
            "IND:join:2076-12-24",
            "CHN:join:2077-01-05",
            "USA:join:2077-01-05",
            "NOR:leave:2077-02-01",
        ]
        assert shared["on"] == ["2077-08-01"]
        words = text_of(client.get(response["Location"]))
        assert "Norway deposits its notice of withdrawal on 1 February 2077; effect on 1 August 2077." in words

    def test_keeps_a_later_day_that_is_asked_for(self, client):
        response = client.get(f"{PAGE}?join=CHN&join_on=2077-01-05&on=2080-01-01")
        assert parse_qs(urlsplit(response["Location"]).query)["on"] == ["2080-01-01"]

    def test_shows_the_day_of_the_last_effect_where_none_is_asked_for(self, client):
        assert "On 1 July 2077:" in text_of(client.get(f"{PAGE}?act=CHN:join:2077-01-05"))

    def test_says_why_an_act_is_left_out(self, client):
        words = text_of(client.get(f"{PAGE}?act=NOR:join:2077-01-05"))
        assert "Left out, since the State could not do it then" in words
        assert "Nothing that a State could do on its day." in words

    @pytest.mark.parametrize(
        "query",
        [
            "act=China",
            "act=CHN:marry:2077-01-05",
            "act=CHN:join:soon",
            "act=CHN:join",
            "act=XXX:join:2077-01-05",
            "act=CHN:join:9999-01-05",
            "join=XXX",
            "join=CHN&join_on=soon",
            "colour=red",
        ],
    )
    def test_refuses_what_it_cannot_read(self, client, query):
        assert client.get(f"{PAGE}?{query}").status_code == 400

    def test_costs_the_same_for_any_number_of_acts(self, nothing_is_kept, client, django_assert_max_num_queries):
        codes = list(
            State.objects.exclude(treaty_actions__treaty__slug="mine-ban-convention").values_list("pk", flat=True)
        )
        acts = "&".join(f"act={iso3}:join:2077-01-05" for iso3 in codes)
        with django_assert_max_num_queries(20):
            assert client.get(f"{PAGE}?{acts}").status_code == 200
