"""Every write to a public table moves its generation in the same transaction; the clock moves what it alone decides."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone, translation

from campaign.models import Campaign, DayTally, Mail
from config.kit.models import Generation
from config.kit.models.generations import (
    PRIVATE,
    Remembered,
    answer_anew,
    answering,
    note_reading,
    noted_reading,
    scopes,
    scopes_in,
    tables_of_scopes,
)
from news.models import Statement
from tests.factories import StatementFactory
from treaties.ledger import triggers
from treaties.ledger.reading import actions_by_treaty
from treaties.models import State

pytestmark = pytest.mark.django_db
SCOPES = {"translations", "treaties", "campaign", "pledges", "news", "changes"}


def tokens() -> dict[str, str]:
    return dict(Generation.objects.standing(timezone.now()).tokens)


def moved_by(act) -> set[str]:
    """The scopes whose generation an act has moved."""
    before = tokens()
    act()
    after = tokens()
    return {scope for scope in after if before.get(scope) != after[scope]}


def test_every_table_that_pages_are_made_from_has_a_scope_and_its_triggers():
    assert set(tables_of_scopes()) == SCOPES
    counted = {t.table for t in triggers.wanted(connection) if "_counts_" in t.name}
    assert counted == {table for table, scope in scopes().items() if scope}
    assert triggers.missing(connection) == []


@pytest.mark.parametrize(
    "table", ["campaign_mail", "news_subscription", "news_previewlink", "django_session", "auth_user"]
)
def test_a_table_of_persons_has_no_scope(table):
    assert scopes()[table] == PRIVATE


class TestWrites:
    def test_of_a_row_move_the_scope_of_its_table_alone(self):
        assert moved_by(lambda: State.objects.filter(pk="NOR").update(name="x")) == {"treaties", "changes"}
        moved = moved_by(lambda: Statement.objects.filter(slug="sgsm22686").update(title="Other"))
        assert moved == {"news", "changes"}

    def test_of_many_rows_at_once_move_it(self):
        statements = list(Statement.objects.all())
        assert moved_by(lambda: Statement.objects.bulk_update(statements, ["title"])) == {"news", "changes"}

    def test_of_links_between_rows_move_it(self):
        statement = Statement.objects.get(slug="sgsm22686")
        assert "news" in moved_by(lambda: statement.states.add("NOR", "SWE"))

    def test_by_sql_move_it(self):
        def act():
            with connection.cursor() as cursor:
                cursor.execute("UPDATE campaign_pillar SET title = title")

        assert moved_by(act) == {"campaign", "changes"}

    def test_that_delete_move_it(self):
        statement = StatementFactory()
        assert "news" in moved_by(statement.delete)

    def test_of_pledges_move_no_other_scope(self):
        assert moved_by(lambda: DayTally.objects.update(confirmed=1)) <= {"pledges"}

    def test_of_private_rows_move_nothing(self):
        assert moved_by(lambda: Mail.objects.update(last_error="x")) == set()

    def test_that_are_rolled_back_move_nothing(self):
        def act():
            try:
                with transaction.atomic():
                    State.objects.filter(pk="NOR").update(name="x")
                    raise InterruptedError
            except InterruptedError:
                pass

        assert moved_by(act) == set()

    def test_after_a_part_was_rolled_back_still_move_it(self):
        def act():
            with transaction.atomic():
                try:
                    with transaction.atomic():
                        State.objects.filter(pk="NOR").update(name="x")
                        raise InterruptedError
                except InterruptedError:
                    pass
                State.objects.filter(pk="NOR").update(name="y")

        assert moved_by(act) == {"treaties", "changes"}


class TestStanding:
    NOON = datetime(2030, 5, 5, 12, tzinfo=UTC)

    def word(self, now):
        return Generation.objects.standing(now).word(SCOPES)

    def test_is_the_same_until_midnight_and_another_after_it(self):
        before_midnight = self.NOON.replace(hour=23, minute=59, second=59)
        assert self.word(self.NOON) == self.word(before_midnight)
        assert self.word(self.NOON) != self.word(before_midnight + timedelta(seconds=1))

    def test_is_another_from_the_moment_of_an_embargo(self):
        StatementFactory(workflow="published", publish_at=self.NOON)
        just_before = self.NOON - timedelta(microseconds=1)
        assert Generation.objects.standing(just_before).until == self.NOON
        assert self.word(just_before) != self.word(self.NOON)
        assert Generation.objects.standing(self.NOON).since == self.NOON

    def test_asks_once_a_change_for_the_moments_and_then_for_the_generations_alone(self, django_assert_num_queries):
        Generation.objects.standing(self.NOON)
        with django_assert_num_queries(1):
            Generation.objects.standing(self.NOON)

    def test_changed_when_the_newest_scope_of_an_answer_was_written_to(self):
        State.objects.filter(pk="NOR").update(name="x")
        standing = Generation.objects.standing(timezone.now())
        assert standing.changed_at({"treaties"}) >= standing.moved["treaties"]
        assert standing.changed_at(set()) == standing.since


class TestReading:
    def test_is_noted_by_the_tables_of_each_statement(self):
        with noted_reading() as found:
            list(Statement.objects.filter(states="NOR")[:1])
        assert found == {"news"}
        assert scopes_in('SELECT 1 FROM "treaties_state" JOIN "auth_user"') == {"treaties", PRIVATE}

    def test_of_what_was_read_before_is_told(self):
        with noted_reading() as found:
            note_reading("pledges")
        note_reading("news")
        assert found == {"pledges"}


class TestRemembered:
    def test_is_computed_once_a_generation_and_at_most_so_many_are_held(self):
        kept, computed = Remembered("treaties", most=2), []

        def get(key):
            return kept.get(key, lambda: computed.append(key) or key)

        with answering(Generation.objects.standing(timezone.now())), noted_reading() as reading:
            assert [get(1), get(1), get(2), get(1), get(3), get(1), get(2)] == [1, 1, 2, 1, 3, 1, 2]
        assert computed == [1, 2, 3, 2]
        assert reading == {"treaties"}
        State.objects.filter(pk="NOR").update(name="x")
        with answering(Generation.objects.standing(timezone.now())):
            get(1)
        assert computed == [1, 2, 3, 2, 1]

    def test_computes_together_what_is_missing(self):
        kept, asked = Remembered("treaties", "campaign", most=8), []

        def compute(missing):
            asked.append(missing)
            return {key: key * 10 for key in missing}

        with answering(Generation.objects.standing(timezone.now())):
            assert kept.get_many([1, 2], compute) == {1: 10, 2: 20}
            assert kept.get_many([1, 2, 3], compute) == {1: 10, 2: 20, 3: 30}
            assert kept.get_many([3, 1], compute) == {1: 10, 3: 30}
        assert asked == [[1, 2], [3]]
        Campaign.objects.update(title_note="x")
        with answering(Generation.objects.standing(timezone.now())):
            kept.get_many([1], compute)
        assert asked == [[1, 2], [3], [1]]

    def test_acts_are_those_of_the_states_asked_for_and_no_others(self, convention):
        asked = ([], ["EST"], ["EST", "CHN"])
        fresh = [actions_by_treaty([convention], states=states) for states in asked]
        with answering(Generation.objects.standing(timezone.now())):
            assert [actions_by_treaty([convention], states=states) for states in asked] == fresh
            assert len(actions_by_treaty([convention])[convention.pk]) == 197

    def test_is_another_one_in_another_language(self):
        kept = Remembered("treaties", most=8)
        with answering(Generation.objects.standing(timezone.now())):
            assert kept.get(1, lambda: "Estonia") == "Estonia"
            with translation.override("fr"):
                assert kept.get(1, lambda: "Estonie") == "Estonie"

    def test_is_computed_each_time_outside_of_public_answers_and_after_a_release(self):
        kept, computed = Remembered("treaties", most=2), []
        for _time in range(2):
            kept.get(1, lambda: computed.append(1))
        with answering(Generation.objects.standing(timezone.now())):
            answer_anew()
            kept.get(1, lambda: computed.append(1))
        assert len(computed) == 3
