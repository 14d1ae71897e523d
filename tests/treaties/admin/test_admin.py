"""The officers' desk, through its real forms."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories import SOURCE
from tests.reading import apply_to_shown
from tests.second_person import accept_all
from treaties.law import rules
from treaties.models import Obligation, Treaty, TreatyAction, WithdrawalStep
from treaties.roles import TREATY_OFFICER
from treaties.status.boards import status_board

pytestmark = pytest.mark.django_db
NO_HOLDS = {
    "armed_conflict_holds-TOTAL_FORMS": "0",
    "armed_conflict_holds-INITIAL_FORMS": "0",
}
ADD = reverse("admin:treaties_treatyaction_add")
LIST = reverse("admin:treaties_treatyaction_changelist")


def act(convention, **values):
    given = {"treaty": convention.pk, "state": "CHN", "action": "accession", "deposited_on": "2026-03-10"}
    return given | {"source_url": SOURCE} | NO_HOLDS | values


def test_an_act_recorded_by_one_officer_counts_once_another_confirms_it(desk, convention):
    first, second = desk(TREATY_OFFICER), desk(TREATY_OFFICER)
    response = first.post(ADD, act(convention), follow=True)
    assert "ask another officer to confirm it" in response.content.decode()
    row = TreatyAction.objects.waiting().get()
    assert (row.recorded_by, row.effective_on) == (first.user, date(2026, 9, 1))
    assert status_board(convention, date(2027, 1, 1)).by_state["CHN"].status is rules.Status.NOT_PARTY

    refused = apply_to_shown(first, LIST, "confirm_selected", row).content.decode()
    assert "Who recorded or changed it cannot confirm it" in refused
    confirmed = apply_to_shown(second, LIST, "confirm_selected", row).content.decode()
    assert "is confirmed and counts from now on" in confirmed
    assert status_board(convention, date(2027, 1, 1)).by_state["CHN"].status is rules.Status.PARTY


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"state": "EST", "deposited_on": "2020-01-02"}, "Estonia has consented to be bound already."),
        ({"action": "signature"}, "The treaty was closed for signature by then."),
        ({"deposited_on": "2026-02-30"}, "Enter a valid date."),
        ({"deposited_on": "9999-12-31"}, "This day is still to come."),
        ({"stated_effective_on": "2026-04-01"}, "Say why the effect is not the day that the treaty&#x27;s rule gives."),
        ({"source_url": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_is_told_at_the_form(desk, convention, values, sentence):
    response = desk(TREATY_OFFICER).post(ADD, act(convention, **values))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not TreatyAction.objects.waiting().exists()


def test_a_replacement_without_a_reason_is_told_at_the_form(desk, convention):
    replaced = TreatyAction.objects.of(convention).first().pk
    response = desk(TREATY_OFFICER).post(ADD, act(convention, replaces=replaced))
    assert "Say why this record replaces the earlier one." in response.content.decode()
    assert not TreatyAction.objects.waiting().exists()


def test_a_confirmed_row_can_be_read_and_not_edited(desk, convention):
    row = TreatyAction.objects.of(convention).get(state="EST", action="accession")
    client = desk(TREATY_OFFICER)
    address = reverse("admin:treaties_treatyaction_change", args=[row.pk])
    assert b'name="_save"' not in client.get(address).content
    assert client.post(address, act(convention, state="EST", note="Changed.")).status_code == 403
    row.refresh_from_db()
    assert row.note == ""


def test_a_mistake_is_mended_by_a_row_that_replaces_it(desk, convention):
    tonga = TreatyAction.objects.of(convention).get(state="TON")
    values = act(
        convention, state="TON", deposited_on="2025-06-26", replaces=tonga.pk, reason="The Depositary gives the 26th."
    )
    desk(TREATY_OFFICER).post(ADD, values)
    row = TreatyAction.objects.waiting().get()
    apply_to_shown(desk(TREATY_OFFICER), LIST, "confirm_selected", row)
    assert status_board(convention, date(2025, 6, 25)).by_state["TON"].status is rules.Status.NOT_PARTY
    assert status_board(convention, date(2025, 6, 26)).by_state["TON"].status is rules.Status.CONSENTED


def test_a_withdrawal_is_edited_with_its_steps_on_the_states_page(desk, convention, state):
    client = desk(TREATY_OFFICER)
    address = reverse("admin:treaties_state_change", args=["NOR"])
    norway = state("NOR")
    values = {
        name: getattr(norway, name) or "" for name in ("name", "common_name", "formal_name", "region", "subregion")
    }
    values |= {"un_member": "on", "un_member_since": "1945-11-27"}
    values |= {"withdrawal_steps-TOTAL_FORMS": "1", "withdrawal_steps-INITIAL_FORMS": "0"}
    step = {"treaty": convention.pk, "step": "announced_intention", "date": "2026-01-02", "date_precision": "day"}
    step |= {"detail": "Something was said.", "source_url": SOURCE, "state": "NOR"}
    values |= {f"withdrawal_steps-0-{name}": value for name, value in step.items()}
    response = client.post(address, values)
    assert response.status_code == 302, response.context["errors"]
    assert not WithdrawalStep.objects.filter(state="NOR").exists()
    second = accept_all()
    version = WithdrawalStep.objects.get(state="NOR").history.get()
    assert version.history_user == second
    assert client.user.username in version.history_change_reason


def test_votes_belong_to_a_vote(desk, convention):
    values = {"treaty": convention.pk, "state": "NOR", "step": "promulgated", "date": "2026-01-02", "votes_for": "3"}
    values |= {"date_precision": "day", "detail": "Something.", "source_url": SOURCE}
    response = desk(TREATY_OFFICER).post(reverse("admin:treaties_withdrawalstep_add"), values)
    assert "Only a vote of parliament has votes." in response.content.decode()


def test_changing_a_treatys_rule_computes_the_kept_days_anew(desk, convention):
    client = desk(TREATY_OFFICER)
    address = reverse("admin:treaties_treaty_change", args=[convention.pk])
    form = client.get(address).context["adminform"].form
    values = {name: form.initial.get(name, "") for name in form.fields if form.initial.get(name) is not None}
    values = {k: v for k, v in values.items() if v is not False} | {"withdrawal_notice_months": "12"}
    articles = convention.articles.count()
    values |= {"articles-TOTAL_FORMS": articles, "articles-INITIAL_FORMS": articles}
    for n, article in enumerate(convention.articles.all()):
        for name in ("id", "number", "heading", "summary"):
            values[f"articles-{n}-{name}"] = getattr(article, name)
        values[f"articles-{n}-treaty"] = convention.pk
    response = client.post(address, values, follow=True)
    assert "ask a colleague to accept it" in response.content.decode()
    assert TreatyAction.objects.get(state="EST", action="withdrawal").effective_on == date(2025, 12, 27)
    accept_all()
    assert TreatyAction.objects.get(state="EST", action="withdrawal").effective_on == date(2026, 6, 27)


def test_an_invented_treaty_is_data_not_code(desk, client):
    officer, second = desk(TREATY_OFFICER), desk(TREATY_OFFICER)
    values = {
        "short_title": "Treaty of Tests",
        "slug": "treaty-of-tests",
        "title": "Treaty of Tests",
        "reference": "TEST-1",
        "depositary": "Nobody",
        "source_url": SOURCE,
        "adopted_on": "2000-01-01",
        "adopted_at": "Nowhere",
        "entered_into_force_on": "2001-01-01",
        "entry_into_force_rule": "days_after_deposit",
        "entry_into_force_n": "30",
        "withdrawal_notice_days": "10",
        "complete_to": "2026-01-01",
        "position": "9",
        "articles-TOTAL_FORMS": "0",
        "articles-INITIAL_FORMS": "0",
    }
    assert officer.post(reverse("admin:treaties_treaty_add"), values).status_code == 302
    accept_all()
    treaty = Treaty.objects.get(slug="treaty-of-tests")
    officer.post(ADD, act(treaty, deposited_on="2010-01-01"))
    row = TreatyAction.objects.waiting().get()
    apply_to_shown(second, LIST, "confirm_selected", row)
    answer = client.get("/api/v1/treaties/treaty-of-tests/status/?on=2010-01-31&state=CHN").json()
    assert (answer["results"][0]["status"], answer["results"][0]["in_force_on"]) == ("party", "2010-01-31")


def test_a_treaty_that_counts_days_says_how_many(desk):
    values = {
        "short_title": "T",
        "slug": "t",
        "entry_into_force_rule": "days_after_deposit",
        "withdrawal_notice_days": "1",
    }
    values |= {"title": "T", "reference": "T", "depositary": "T", "source_url": SOURCE, "adopted_on": "2000-01-01"}
    values |= {"adopted_at": "T", "complete_to": "2026-01-01", "position": "9"}
    values |= {"articles-TOTAL_FORMS": "0", "articles-INITIAL_FORMS": "0"}
    response = desk(TREATY_OFFICER).post(reverse("admin:treaties_treaty_add"), values)
    assert "Give the number of days or months, and only where the rule counts them." in response.content.decode()


def test_a_day_of_completion_belongs_to_a_completed_duty(desk, convention):
    values = {"treaty": convention.pk, "state": "NOR", "obligation": "article_5", "outcome": "pending"}
    values |= {"completed_on": "2020-01-01", "extensions-TOTAL_FORMS": "0", "extensions-INITIAL_FORMS": "0"}
    response = desk(TREATY_OFFICER).post(reverse("admin:treaties_obligation_add"), values)
    assert "A day of completion belongs to a completed obligation." in response.content.decode()
    assert not Obligation.objects.filter(state="NOR").exists()
