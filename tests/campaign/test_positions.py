"""What was said of leaving: loaded with its source, changed by two people, shown where readers look for it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from campaign.management.commands import load_positions
from campaign.models import Position
from campaign.roles import CAMPAIGN_MANAGER
from tests.factories import SOURCE
from tests.reading import text_of
from tests.second_person import accept_all

pytestmark = pytest.mark.django_db
WITHDRAWALS = "/treaties/mine-ban-convention/withdrawals/"


class TestTheFiles:
    def test_give_each_reason_with_the_state_its_office_and_its_source(self):
        reason = Position.objects.get(kind="reason", states="FIN", said_on=date(2025, 4, 1))
        assert (reason.speaker, reason.language) == ("Finland, President", "en")
        assert [state.pk for state in reason.about.all()] == ["FIN"]
        assert reason.source_url.startswith("https://")

    def test_give_a_joint_statement_of_states_once(self):
        joint = Position.objects.get(said_on=date(2025, 10, 23))
        assert {state.pk for state in joint.states.all()} == {"CAN", "AUS", "NZL"}
        assert joint.speaker == "Australia, Canada, New Zealand"

    def test_name_an_organization_without_a_state(self):
        position = Position.objects.get(said_on=date(2025, 7, 24))
        assert (position.speaker, list(position.states.all())) == ("Human Rights Watch", [])

    def test_are_loaded_once(self):
        before = Position.objects.count()
        call_command("load_positions", verbosity=0)
        assert Position.objects.count() == before == 50

    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            ("NOR,2025-04-02,praise,FIN,Words.,https://example.org/,", "kind: 'praise' is none of"),
            ("NOR,2025-04-02,regret,FIN;XXX,Words.,https://example.org/,", "about_iso3: unknown 'XXX'"),
            ("NOR,2025-02-30,regret,FIN,Words.,https://example.org/,", "on: '2025-02-30' is not a date"),
            (",2025-04-02,regret,FIN,Words.,https://example.org/,", "who is missing"),
        ],
    )
    def test_are_refused_whole_where_a_cell_is_wrong(self, tmp_path, line, problem):
        before = Position.objects.count()
        for name in load_positions.FILES:
            text = (load_positions.Command.data_folder / name).read_text(encoding="utf-8")
            (tmp_path / name).write_text(text, encoding="utf-8")
        with (tmp_path / "reactions.csv").open("a", encoding="utf-8") as file:
            file.write(f"Zq,2025-04-02,regret,FIN,Words.,https://example.org/,\n{line}\n")
        with pytest.raises(CommandError, match=problem):
            call_command("load_positions", data=tmp_path, verbosity=0)
        assert Position.objects.count() == before


class TestARow:
    def made(self, convention, **values):
        given = {"kind": "appeal", "who": "Zq", "said_on": date(2025, 1, 1), "summary": "Zq", "source_url": SOURCE}
        return Position(treaty=convention, **given | values)

    def test_tells_of_no_day_to_come(self, convention):
        with pytest.raises(ValidationError, match="a day to come"):
            self.made(convention, said_on=date(2300, 1, 1)).full_clean()

    def test_names_a_language_that_exists(self, convention):
        with pytest.raises(ValidationError, match="code of a language"):
            self.made(convention, language="zz").full_clean()

    @pytest.mark.parametrize(("code", "name"), [("", ""), ("en", ""), ("pl", "Polish"), ("uk", "Ukrainian")])
    def test_says_from_which_language_its_words_are_translated(self, convention, code, name):
        position = self.made(convention, language=code)
        position.full_clean()
        assert position.said_in == name

    def test_is_somebodys(self, desk, convention):
        given = {
            "kind": "appeal",
            "treaty": convention.pk,
            "said_on": "2025-01-01",
            "summary": "Zq",
            "source_url": SOURCE,
        }
        page = desk(CAMPAIGN_MANAGER).post("/admin/campaign/position/add/", given)
        assert "Say who said it" in text_of(page)
        assert not Position.objects.filter(summary="Zq").exists()

    def test_waits_for_a_second_manager(self, desk, convention):
        client = desk(CAMPAIGN_MANAGER)
        given = {"kind": "appeal", "treaty": convention.pk, "who": "Zq", "said_on": "2025-01-01", "about": ["FIN"]}
        given |= {"summary": "Zq says so.", "source_url": SOURCE}
        client.post("/admin/campaign/position/add/", given)
        assert not Position.objects.filter(who="Zq").exists()
        accept_all()
        assert [state.pk for state in Position.objects.get(who="Zq").about.all()] == ["FIN"]


class TestThePages:
    def test_of_a_state_that_left_tell_the_newest_reasons_with_the_words(self, client):
        words = text_of(client.get("/states/pol/"))
        assert "Leaving is to let Poland mine its borders" in words
        assert "Prime Minister, Poland, 19 February 2026 (translated from Polish)" in words

    def test_tell_no_reason_before_it_was_given(self, client):
        assert "Leaving is to let Poland" not in text_of(client.get("/states/pol/?on=2026-02-18"))
        assert "The reasons it gave" not in text_of(client.get("/states/pol/?on=2025-03-17"))

    def test_of_a_state_that_declared_a_suspension_tell_its_reason(self, client):
        assert "relies on a fundamental change of circumstances" in text_of(client.get("/states/ukr/"))
        assert "Circumstances that nobody could foresee at ratification" in text_of(client.get(WITHDRAWALS))

    def test_of_a_state_tell_what_it_said_of_others(self, client):
        words = text_of(client.get("/states/nor/"))
        assert "What it said" in words
        assert "The Foreign Minister regrets the decision of Finland" in words

    def test_of_a_state_tell_what_others_said_of_it(self, client):
        words = text_of(client.get("/states/fin/"))
        assert "What others said of it" in words
        assert "The Foreign Minister regrets the decision of Finland" in words

    def test_say_how_sure_a_day_is(self, client):
        assert "the day of the objection was not found" in text_of(client.get("/states/aut/"))

    def test_of_withdrawals_tell_the_reactions_by_kind_up_to_the_day(self, client):
        words = text_of(client.get(f"{WITHDRAWALS}?on=2025-05-08"))
        assert "3 positions of States and organizations on record" in words
        assert "Regret (2)" in words
        assert "Objection (1)" in words

    def test_say_nothing_where_nothing_was_said(self, client):
        assert "Positions on leaving" not in text_of(client.get("/states/nru/"))
        assert "What others said" not in text_of(client.get(f"{WITHDRAWALS}?on=2025-01-01"))
        assert "What others said" not in text_of(client.get("/treaties/arms-trade-treaty/withdrawals/"))

    def test_do_not_show_what_was_taken_out(self, client):
        Position.objects.filter(states="NOR").update(taken_out_because="wrong")
        assert "since weaker commitments make use easier everywhere" not in text_of(client.get("/states/fin/"))
