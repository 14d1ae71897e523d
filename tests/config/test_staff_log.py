"""The staff log: who, when, from where, by which door, to what, before and after; refusals and sign-ins too."""

import csv
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from campaign.roles import CAMPAIGN_MANAGER, PLEDGE_MODERATOR
from config.kit.api import access_tokens
from config.kit.models import Proposal, StaffEvent
from config.kit.roles import AUDITOR
from news.roles import NEWSROOM_EDITOR
from tests.config.kit.test_seen import opened, page_of
from tests.factories import EditorFactory, PledgeFactory, StatementFactory
from tests.reading import press_what_is_shown, text_of
from treaties.roles import TREATY_OFFICER

pytestmark = pytest.mark.django_db
LIST = reverse("admin:kit_staffevent_changelist")
TABLE = reverse("admin:kit_staffevent_table")


def last() -> StaffEvent:
    return StaffEvent.objects.latest("pk")


def save(client, row, **values):
    given = {k: v for k, v in opened(client, row).items() if v is not None}
    return client.post(page_of(row), given | values, REMOTE_ADDR="192.0.2.7")


class TestAnEvent:
    def test_tells_who_from_where_by_which_door_what_before_and_after(self, desk):
        editor = desk(NEWSROOM_EDITOR)
        statement = StatementFactory(author=editor.user, title="Zq before")
        save(editor, statement, title="Zq after")
        event = last()
        assert (event.user, event.network, event.door, event.what) == (editor.user, "192.0.2.0/24", "form", "wrote")
        assert (event.model, event.key) == ("news.statement", str(statement.pk))
        (change,) = event.changes
        assert (change["model"], change["change"]) == ("news.statement", "changed")
        assert (change["before"]["title"], change["after"]["title"]) == ("Zq before", "Zq after")
        assert "body" not in change["after"]

    def test_of_a_proposal_tells_of_the_proposal_and_not_of_what_was_rolled_back(self, desk, state):
        save(desk(TREATY_OFFICER), state("NOR"), name="Zq Norway")
        assert [(c["model"], c["change"]) for c in last().changes] == [("kit.proposal", "added")]

    def test_of_an_accepted_proposal_tells_both_what_was_decided_and_what_changed(self, desk, state):
        save(desk(TREATY_OFFICER), state("NOR"), name="Zq Norway")
        press_what_is_shown(desk(TREATY_OFFICER), Proposal.objects.get().get_absolute_url(), step="accept")
        changes = {c["model"]: c for c in last().changes}
        assert changes["treaties.state"]["after"]["name"] == "Zq Norway"
        assert changes["kit.proposal"]["after"]["decision"] == "accepted"

    def test_of_a_refusal_tells_why(self, desk):
        editor = desk(NEWSROOM_EDITOR)
        statement = StatementFactory(author=editor.user)
        editor.post(reverse("admin:news_statement_review", args=[statement.pk]), {"move": "publish"})
        event = last()
        assert (event.what, event.door, event.changes) == ("refused", "page", [])
        assert "cannot be moved so" in event.told

    def test_of_a_form_that_is_wrong_tells_why(self, desk, state):
        save(desk(TREATY_OFFICER), state("NOR"), name="")
        assert (last().what, "required" in last().told) == ("refused", True)

    def test_of_what_a_role_may_not_is_a_refusal(self, desk, state):
        desk(CAMPAIGN_MANAGER).post(page_of(state("NOR")), {"name": "Zq"})
        assert (last().what, last().told) == ("refused", "403")

    def test_of_an_action_of_a_list_names_the_door(self, desk):
        editor = desk(NEWSROOM_EDITOR)
        statement = StatementFactory(author=editor.user)
        editor.post(
            reverse("admin:news_statement_changelist"), {"action": "submit", "_selected_action": [statement.pk]}
        )
        assert (last().door, last().model) == ("list", "news.statement")
        assert last().changes[0]["after"]["workflow"] == "in_review"

    @pytest.mark.parametrize(("values", "what"), [({"title": "Zq"}, "wrote"), ({"nothing": 1}, "refused")])
    def test_of_the_api_too(self, client, values, what):
        user = EditorFactory(role=CAMPAIGN_MANAGER)
        _token, secret = access_tokens.issue(user, name="A test", expires_at=timezone.now() + timedelta(days=1))
        headers = {"Authorization": f"Bearer {secret}", "If-Match": "*"}
        client.patch("/api/v1/commitments/norway-stays/", values, "application/json", headers=headers)
        event = last()
        assert (event.user, event.door, event.what) == (user, "api", what)
        assert (event.model, event.key) == ("campaign.commitment", "norway-stays")

    def test_is_none_of_visitors_and_none_of_reading(self, desk, client, campaign):
        desk(TREATY_OFFICER).get(reverse("admin:index"))
        client.post("/check/", {"text": "There are 165 States Parties."})
        assert not StaffEvent.objects.exclude(what="signed_in").exists()


class TestSigningIn:
    @pytest.fixture
    def editor(self):
        user = EditorFactory(role=TREATY_OFFICER)
        user.set_password("a long pass phrase")
        user.save()
        return user

    def sign_in(self, client, name, password):
        return client.post(reverse("admin:login"), {"username": name, "password": password})

    def test_is_told_and_its_end_and_its_failures(self, client, editor):
        self.sign_in(client, editor.username, "wrong")
        self.sign_in(client, editor.username, "a long pass phrase")
        client.post(reverse("admin:logout"))
        told = [(e.user, e.what) for e in StaffEvent.objects.order_by("pk")]
        assert told == [(editor, "sign_in_failed"), (editor, "signed_in"), (editor, "signed_out")]

    def test_under_a_name_that_is_none_keeps_no_word_of_it(self, client):
        self.sign_in(client, "my-password-typed-too-early", "x")
        event = last()
        assert (event.user, event.what) == (None, "sign_in_failed")
        assert "my-password" not in str(StaffEvent.objects.values())


class TestPersonalData:
    def test_a_look_at_it_is_told_and_nothing_of_it(self, desk, campaign):
        pledge = PledgeFactory(campaign=campaign, name="Zq Person", email="zq@example.org")
        moderator = desk(PLEDGE_MODERATOR)
        moderator.get(reverse("admin:campaign_pledge_change", args=[pledge.pk]))
        assert (last().user, last().what) == (moderator.user, "looked")
        moderator.post(
            reverse("admin:campaign_pledge_changelist"), {"action": "none_such", "_selected_action": [pledge.pk]}
        )
        kept = str(StaffEvent.objects.values())
        assert "Zq Person" not in kept
        assert "zq@" not in kept


class TestReadingTheLog:
    def test_is_for_the_auditor_and_the_administrator(self, desk):
        StaffEvent.objects.create(user=EditorFactory(), door="page", what="wrote", address="/admin/zq/")
        for client, answer in (
            (desk(AUDITOR), 200),
            (desk(None, is_superuser=True), 200),
            (desk(TREATY_OFFICER), 403),
            (desk(NEWSROOM_EDITOR), 403),
        ):
            assert client.get(LIST).status_code == answer
            assert client.get(TABLE).status_code == answer

    def test_is_filtered_and_downloaded_as_it_is_filtered(self, desk):
        user = EditorFactory()
        StaffEvent.objects.create(user=user, door="page", what="wrote", address="/admin/zq/", told="=1+1")
        StaffEvent.objects.create(user=None, door="sign_in", what="sign_in_failed", address="/admin/login/")
        auditor = desk(AUDITOR)
        assert "/admin/zq/" in text_of(auditor.get(f"{LIST}?what__exact=wrote"))
        assert "/admin/login/" not in text_of(auditor.get(f"{LIST}?what__exact=wrote"))
        response = auditor.get(f"{TABLE}?what__exact=wrote")
        lines = list(csv.DictReader(b"".join(response.streaming_content).decode().splitlines()))
        assert [(line["user"], line["what"], line["told"]) for line in lines] == [(user.username, "wrote", "'=1+1")]
        assert "no-store" in response["Cache-Control"]

    def test_shows_an_event_with_its_changes(self, desk):
        event = StaffEvent.objects.create(
            user=EditorFactory(),
            door="form",
            what="wrote",
            changes=[{"model": "treaties.state", "after": {"name": "Zq"}}],
        )
        page = desk(AUDITOR).get(reverse("admin:kit_staffevent_change", args=[event.pk]))
        assert "Zq" in text_of(page)

    @pytest.mark.parametrize("statement", ["UPDATE kit_staffevent SET what = 'wrote'", "DELETE FROM kit_staffevent"])
    def test_is_never_changed_not_even_by_sql(self, statement):
        StaffEvent.objects.create(user=User.objects.first(), door="sign_in", what="sign_in_failed")
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
