"""Guessing passwords ends soon, leaves a line in the log that names no person, and a sign-in does not last for ever."""

from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from config.kit.api import access_tokens
from config.running import signing_in
from news.roles import NEWSROOM_EDITOR
from tests.config.addresses import API

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_spent")]
LOGIN = "/admin/login/"
WRONG = "not this one"


def try_to_sign_in(client, name, password=WRONG, address="203.0.113.7"):
    return client.post(LOGIN, {"username": name, "password": password}, REMOTE_ADDR=address)


def test_the_right_password_opens_the_admin(client, editor):
    assert try_to_sign_in(client, editor.username, "a long password").status_code == 302
    assert client.get("/admin/").status_code == 200


def test_the_fifth_wrong_password_closes_a_name_to_its_address_for_a_while(client, editor):
    codes = [try_to_sign_in(client, editor.username).status_code for _n in range(60)]
    assert codes[:4] == [200] * 4
    assert set(codes[4:]) == {429}
    assert try_to_sign_in(client, editor.username, "a long password").status_code == 429
    cache.clear()
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert try_to_sign_in(client, editor.username, "a long password").status_code == 302


def test_nobody_closes_an_account_for_its_owner_elsewhere(client, editor):
    for _n in range(8):
        try_to_sign_in(client, editor.username, address="198.51.100.9")
    assert try_to_sign_in(client, editor.username, "a long password").status_code == 302


def test_one_address_does_not_try_forty_accounts(client):
    answers = [try_to_sign_in(client, f"name-{n}") for n in range(40)]
    assert [a.status_code for a in answers].count(200) == signing_in.MOST_FROM_ONE_ADDRESS
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "900"
    assert "Too many attempts" in answers[-1].content.decode()


def test_a_failure_is_logged_without_the_name_as_typed(client, editor, caplog):
    try_to_sign_in(client, editor.username)
    try_to_sign_in(client, "my secret password")
    lines = [r.getMessage() for r in caplog.records if r.name == "minefree.signing_in"]
    assert lines == [
        f"sign-in refused for account {editor.pk} from 203.0.113.0/24",
        "sign-in refused for no known account from 203.0.113.0/24",
    ]
    assert "my secret password" not in caplog.text


def test_administrators_see_the_attempts(client, editor, desk):
    try_to_sign_in(client, editor.username)
    assert AccessAttempt.objects.get().username == editor.username
    page = desk(None, is_superuser=True).get(reverse("admin:axes_accessattempt_changelist"))
    assert editor.username in page.content.decode()


def test_what_is_noted_of_attempts_is_forgotten_after_ninety_days(client, editor):
    try_to_sign_in(client, editor.username)
    try_to_sign_in(client, editor.username, "a long password")
    for days, kept in ((89, 1), (91, 0)):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
            call_command("tidy", verbosity=0)
        assert (AccessFailureLog.objects.count(), AccessLog.objects.count()) == (kept, kept)
    assert not Session.objects.exists()


class TestHowLongASignInLasts:
    def open_after(self, client, **span):
        with time_machine.travel(timezone.now() + timedelta(**span), tick=False):
            return client.get("/admin/").status_code

    def test_two_idle_hours_end_it(self, desk):
        client = desk(NEWSROOM_EDITOR)
        assert self.open_after(client, hours=1, minutes=50) == 200
        assert self.open_after(client, hours=3, minutes=40) == 200  # idle anew since the last page
        assert self.open_after(client, hours=5, minutes=50) == 302

    def test_twelve_hours_end_it_however_busy(self, desk):
        client = desk(NEWSROOM_EDITOR)
        codes = [self.open_after(client, hours=hour) for hour in (0, 1.5, 3, 4.5, 6, 7.5, 9, 10.5, 11.9, 12.1)]
        assert codes == [200] * 9 + [302]


class TestClosingAnAccount:
    LIST = "/admin/auth/user/"

    def close(self, client, *accounts):
        chosen = {"action": "close", "_selected_action": [a.pk for a in accounts]}
        return client.post(self.LIST, chosen, follow=True).content.decode()

    def test_ends_its_sessions_and_tokens_and_keeps_what_it_did(self, client, desk):
        editor = desk(NEWSROOM_EDITOR)
        _token, secret = access_tokens.issue(editor.user, name="Mine", expires_at=timezone.now() + timedelta(days=1))
        written = LogEntry.objects.log_actions(editor.user.pk, [editor.user], CHANGE, "Seen.", single_object=True)
        assert "is closed." in self.close(desk(None, is_superuser=True), editor.user)
        assert editor.get("/admin/").status_code == 302
        answer = client.post(f"{API}/statements/", {}, headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 401
        assert LogEntry.objects.filter(pk=written.pk, user=editor.user).exists()

    def test_is_written_down(self, desk, editor):
        client = desk(None, is_superuser=True)
        self.close(client, editor)
        line = LogEntry.objects.get(object_id=str(editor.pk))
        assert (line.user, line.get_change_message()) == (client.user, "Changed Active.")

    def test_of_ones_own_is_refused(self, desk, editor):
        client = desk(None, is_superuser=True)
        page = self.close(client, client.user, editor)
        assert "cannot close your own account" in page
        editor.refresh_from_db()
        assert (client.get("/admin/").status_code, editor.is_active) == (200, False)

    def test_takes_the_place_of_deleting_it(self, desk, editor):
        client = desk(None, is_superuser=True)
        assert client.post(f"{self.LIST}{editor.pk}/delete/", {"post": "yes"}).status_code == 403
        assert "delete_selected" not in client.get(self.LIST).content.decode()


def test_nobody_finds_out_a_secret_by_its_hash(desk):
    client = desk(NEWSROOM_EDITOR)
    assert client.get("/admin/news/previewlink/?token_hash__startswith=a").status_code in (302, 400)
    assert client.get("/admin/news/previewlink/?made_for__startswith=a").status_code == 200
