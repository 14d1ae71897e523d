"""Webhooks: each public change is sent, signed, in order, until it was taken; nothing of the site's own network is reached."""

import base64
import json
import socket
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from campaign.roles import CAMPAIGN_MANAGER
from config.kit.api import access_tokens, deliveries
from config.kit.models import AccessToken, PublicChange, Webhook
from config.kit.models.telling import tell
from config.kit.models.webhooks import new_signing_secret
from config.kit.pending_work import pending_tasks_of
from tests.config.addresses import API
from tests.factories import EditorFactory
from treaties.models import State, Treaty

HOOKS = f"{API}/webhooks/"
pytestmark = pytest.mark.django_db


class Receiver:
    """A program that takes what is sent, and answers what the test wants."""

    def __init__(self):
        self.taken, self.refused, self.answers = [], [], []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.answers.pop(0) if receiver.answers else 200
                (receiver.taken if status == 200 else receiver.refused).append((dict(self.headers), body))
                if status == "dies":
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response(status)
                self.send_header("Location", f"{receiver.url}elsewhere")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?of=us"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def names(self):
        return [json.loads(body)["data"]["key"] for _headers, body in self.taken]


@pytest.fixture
def receiver(settings):
    settings.WEBHOOKS_MAY_BE_PRIVATE = True
    found = Receiver()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def token():
    def make(scope="webhooks"):
        user = EditorFactory(role=CAMPAIGN_MANAGER)
        ends = timezone.now() + timedelta(days=1)
        return {"Authorization": f"Bearer {access_tokens.issue(user, name='A', expires_at=ends, scope=scope)[1]}"}

    return make


@pytest.fixture
def hook(client, token, receiver):
    def make(**values):
        made = client.post(HOOKS, {"url": receiver.url, **values}, "application/json", headers=token())
        assert made.status_code == 201, made.json()
        return Webhook.objects.get(pk=made.json()["id"])

    tell()
    return make


def rename(*codes):
    for code in codes:
        State.objects.filter(pk=code).update(common_name=f"{code} {timezone.now().timestamp()}")
        tell()


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span), tick=False)


class TestMaking:
    def test_gives_the_secret_once_and_the_address(self, client, token, receiver):
        headers = token()
        made = client.post(HOOKS, {"url": receiver.url, "kinds": ["statement"]}, "application/json", headers=headers)
        assert made.status_code == 201
        assert made.json()["secret"].startswith("whsec_")
        shown = client.get(made["Location"], headers=headers).json()
        assert (shown["kinds"], "secret" in shown) == (["statement"], False)

    @pytest.mark.parametrize(("scope", "status"), [("webhooks", 201), ("write", 201), ("read", 403)])
    def test_needs_a_token_of_that_scope(self, client, token, receiver, scope, status):
        made = client.post(HOOKS, {"url": receiver.url}, "application/json", headers=token(scope))
        assert made.status_code == status
        assert made.json().get("code") == (None if status == 201 else "out_of_scope")

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_without_a_token_asks_for_one(self, client, method):
        assert getattr(client, method)(HOOKS).status_code == 401

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({}, "url"),
            ({"url": "nothing"}, "url"),
            ({"url": "ftp://example.org/"}, "url"),
            ({"url": "http://example.org/"}, "url"),
            ({"url": "https://ana:secret@example.org/"}, "url"),
            ({"url": "https://127.0.0.1/"}, "url"),
            ({"url": "https://localhost/"}, "url"),
            ({"url": "https://[::1]/"}, "url"),
            ({"url": "https://[::ffff:10.0.0.1]/"}, "url"),
            ({"url": "https://169.254.169.254/latest/meta-data/"}, "url"),
            ({"url": "https://no-such-name.invalid/"}, "url"),
            ({"url": "https://1.1.1.1/", "kinds": ["rumour"]}, "kinds"),
            ({"url": "https://1.1.1.1/", "kinds": "statement"}, "kinds"),
            ({"url": "https://1.1.1.1/", "secret": "mine"}, "secret"),
        ],
    )
    def test_names_what_is_wrong_and_keeps_nothing(self, client, token, values, field):
        refused = client.post(HOOKS, values, "application/json", headers=token())
        assert (refused.status_code, list(refused.json()["errors"])) == (400, [field])
        assert not Webhook.objects.exists()

    def test_ends_at_twenty(self, client, token, receiver):
        headers = token()
        for _n in range(20):
            client.post(HOOKS, {"url": receiver.url}, "application/json", headers=headers)
        refused = client.post(HOOKS, {"url": receiver.url}, "application/json", headers=headers)
        assert (refused.status_code, refused.json()["codes"]) == (400, {"url": ["too_many"]})

    def test_shows_and_deletes_nobody_elses(self, client, token, hook):
        address = f"{HOOKS}{hook().pk}/"
        other = token()
        assert client.get(HOOKS, headers=other).json()["count"] == 0
        assert client.get(address, headers=other).status_code == 404
        assert client.delete(address, headers=other).status_code == 404
        assert Webhook.objects.exists()

    def test_ends_where_it_is_deleted(self, client, token, receiver):
        headers = token()
        made = client.post(HOOKS, {"url": receiver.url}, "application/json", headers=headers)
        assert client.delete(made["Location"], headers=headers).status_code == 204
        rename("NOR")
        deliveries.send_due()
        assert receiver.taken == []

    def test_in_the_admin_shows_the_secret_once(self, desk, receiver):
        editor = desk(CAMPAIGN_MANAGER)
        shown = editor.post("/admin/kit/webhook/add/", {"url": receiver.url, "kinds": ["state", "treaty"]})
        webhook = Webhook.objects.get()
        assert (webhook.owner, webhook.kinds) == (editor.user, ["state", "treaty"])
        assert webhook.secret in shown.content.decode()
        page = editor.get("/admin/kit/webhook/").content.decode()
        assert (receiver.url.split("?")[0] in page, webhook.secret in page) == (True, False)
        assert receiver.url.split("?")[0] not in desk(CAMPAIGN_MANAGER).get("/admin/kit/webhook/").content.decode()

    def test_in_the_admin_refuses_what_is_not_on_the_internet(self, desk):
        page = desk(CAMPAIGN_MANAGER).post("/admin/kit/webhook/add/", {"url": "https://127.0.0.1/"}).content.decode()
        assert "not on the public internet" in page
        assert not Webhook.objects.exists()

    def test_in_the_admin_ends_at_twenty(self, desk, receiver):
        editor = desk(CAMPAIGN_MANAGER)
        for _n in range(20):
            editor.post("/admin/kit/webhook/add/", {"url": receiver.url})
        assert "20 webhooks" in editor.post("/admin/kit/webhook/add/", {"url": receiver.url}).content.decode()
        assert Webhook.objects.count() == 20


class TestSending:
    def test_sends_each_change_once_in_order(self, hook, receiver):
        hook()
        rename("NOR", "SWE", "NOR")
        assert deliveries.send_due() == 3
        assert deliveries.send_due() == 0
        assert receiver.names == ["NOR", "SWE", "NOR"]

    def test_tells_nothing_from_before_it_was_made(self, hook, receiver):
        rename("NOR")
        hook()
        assert (deliveries.send_due(), receiver.taken) == (0, [])

    def test_sends_the_entry_of_the_feed(self, hook, receiver, client):
        hook()
        rename("NOR")
        call_command("send_webhooks", verbosity=0)
        sent = json.loads(receiver.taken[0][1])
        entry = client.get(f"{API}/changes/?cursor={PublicChange.objects.newest() - 1}").json()["results"][0]
        assert sent["type"] == "state.corrected"
        assert {k: v for k, v in sent["data"].items() if k != "url"} == {k: v for k, v in entry.items() if k != "url"}
        assert sent["data"]["url"].endswith("/api/v1/states/NOR/")

    def test_signs_as_the_vector_of_standard_webhooks(self):
        made = deliveries.signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
        )
        assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    def test_signs_what_it_sends(self, hook, receiver):
        webhook = hook()
        rename("NOR")
        deliveries.send_due()
        headers, body = receiver.taken[0]
        number, moment = headers["webhook-id"], int(headers["webhook-timestamp"])
        assert headers["webhook-signature"] == deliveries.signature(webhook.secret, number, moment, body)
        assert abs(moment - timezone.now().timestamp()) < 300

    def test_leaves_out_other_kinds_and_does_not_ask_for_them_again(self, hook, receiver):
        webhook = hook(kinds=["treaty"])
        rename("NOR")
        Treaty.objects.filter(slug="mine-ban-convention").update(note="Zq")
        tell()
        rename("SWE")
        assert deliveries.send_due() == 1
        webhook.refresh_from_db()
        assert (receiver.names, webhook.last_sequence) == (["mine-ban-convention"], PublicChange.objects.newest())

    @pytest.mark.parametrize("answer", [500, 302, 404, "dies"])
    def test_sends_again_what_was_not_taken_and_nothing_before_it(self, hook, receiver, answer):
        hook()
        rename("NOR", "SWE")
        receiver.answers = [answer, answer]
        assert deliveries.send_due() == 0
        assert deliveries.send_due() == 0  # not at once
        with later(seconds=6):
            assert deliveries.send_due() == 0
        with later(minutes=1):
            assert deliveries.send_due() == 2
        assert receiver.names == ["NOR", "SWE"]
        numbers = {headers["webhook-id"] for headers, _body in [*receiver.refused, *receiver.taken[:1]]}
        assert len(numbers) == 1

    def test_does_not_follow_where_a_receiver_leads(self, hook, receiver):
        hook()
        rename("NOR")
        receiver.answers = [302]
        deliveries.send_due()
        assert len(receiver.refused) == 1
        assert receiver.taken == []

    def test_goes_on_where_a_process_was_killed(self, hook, receiver, monkeypatch):
        hook()
        rename("NOR", "SWE")
        with monkeypatch.context() as patched:
            patched.setattr(Webhook, "note_taken", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                deliveries.send_due()
        assert deliveries.send_due() == 0  # the lease of the one that was killed
        with later(minutes=3):
            assert deliveries.send_due() == 2
        assert receiver.names == ["NOR", "NOR", "SWE"]

    def test_a_receiver_that_is_slow_keeps_no_other_waiting(self, hook, receiver, monkeypatch):
        others = threading.Barrier(3, timeout=30)
        slow, one, two = hook(), hook(), hook()
        rename("NOR")
        send = deliveries.send

        def wait_for_others(webhook, *change):
            others.wait()  # goes on only where the three are sent to at the same time
            send(webhook, *change)

        monkeypatch.setattr(deliveries, "send", wait_for_others)
        assert deliveries.send_due() == 3
        assert {hook.last_sequence for hook in Webhook.objects.all()} == {PublicChange.objects.newest()}
        assert {hook.pk for hook in (slow, one, two)} == {
            int(dict(headers)["webhook-id"].split("_")[1]) for headers, _body in receiver.taken
        }

    def test_ends_when_its_time_is_over_and_goes_on_the_next_time(self, hook, receiver, monkeypatch):
        hook()
        rename("NOR", "SWE")
        monkeypatch.setattr(deliveries, "SECONDS_A_RUN", -1)
        assert deliveries.send_due() == 0
        monkeypatch.setattr(deliveries, "SECONDS_A_RUN", 20)
        assert deliveries.send_due() == 2

    def test_a_turn_that_its_time_cuts_short_goes_on_where_it_was(self, hook, receiver, monkeypatch):
        hook()
        rename("NOR", "SWE")
        times = iter([0.0, 0.0, 30.0])
        clock = SimpleNamespace(monotonic=lambda: next(times, 30.0), time=time.time)
        with monkeypatch.context() as patched:
            patched.setattr(deliveries, "time", clock)
            patched.setattr(deliveries, "post", lambda *given: 200)
            assert deliveries.send_due() == 1
        assert (deliveries.send_due(), receiver.names) == (1, ["SWE"])

    def test_an_error_of_ours_is_raised_and_nothing_is_noted_as_taken(self, hook, receiver, monkeypatch):
        webhook = hook()
        rename("NOR")
        monkeypatch.setattr(deliveries, "signature", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            deliveries.send_due()
        assert Webhook.objects.get().last_sequence == webhook.last_sequence

    def test_switches_off_after_three_days_and_tells_its_editor(self, hook, receiver):
        webhook = hook()
        rename("NOR")
        receiver.answers = [500] * 20
        begun = moment = timezone.now()
        while Webhook.objects.get().is_active:
            with time_machine.travel(moment, tick=False):
                deliveries.send_due()
            moment = Webhook.objects.get().next_at
        assert timedelta(days=2, hours=12) < moment - begun < timedelta(days=4)
        told = [task.text for task in pending_tasks_of(webhook.owner)]
        assert any(receiver.url in text and "500" in text for text in told)

    def test_switched_on_again_leaves_nothing_out(self, client, token, receiver):
        tell()
        headers = token()
        made = client.post(HOOKS, {"url": receiver.url}, "application/json", headers=headers)
        rename("NOR")
        receiver.answers = [410]
        deliveries.send_due()
        assert client.get(made["Location"], headers=headers).json()["is_active"] is False
        rename("SWE")
        on = client.patch(made["Location"], {"is_active": True}, "application/json", headers=headers)
        assert on.json()["is_active"] is True
        deliveries.send_due()
        assert receiver.names == ["NOR", "SWE"]

    def test_sends_nothing_for_an_editor_who_is_gone(self, hook, receiver):
        webhook = hook()
        webhook.owner.is_active = False
        webhook.owner.save()
        rename("NOR")
        assert (deliveries.send_due(), receiver.taken) == (0, [])

    def test_one_dead_receiver_keeps_no_other_from_its_changes(self, hook, receiver):
        dead = hook()
        Webhook.objects.filter(pk=dead.pk).update(url="http://127.0.0.1:9/")
        hook()
        rename("NOR")
        assert deliveries.send_due() == 1

    def test_repeats_nothing_that_was_withdrawn_meanwhile(self, hook, receiver):
        hook()
        rename("NOR")
        change = PublicChange.objects.last()
        PublicChange.objects.filter(pk=change.pk).update(before=None, after=None, name="")
        deliveries.send_due()
        assert json.loads(receiver.taken[0][1])["data"]["after"] is None


class TestWhereItLeads:
    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",  # noqa: S104 - refused, not bound
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1%eth0",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
        ],
    )
    def test_is_never_a_machine_of_a_network_of_its_own(self, address):
        assert not deliveries.is_of_the_internet(address)

    @pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
    def test_may_be_a_machine_of_the_internet(self, address):
        assert deliveries.is_of_the_internet(address)

    def test_is_looked_up_again_at_each_sending(self, hook, receiver, settings, monkeypatch):
        """A name that was public when it was set may lead to the own network later."""
        hook()
        rename("NOR")
        settings.WEBHOOKS_MAY_BE_PRIVATE = False
        Webhook.objects.update(url="https://example.org/hook")
        at_home = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 443))]
        monkeypatch.setattr(deliveries, "look_up", lambda *args, **kwargs: at_home)
        assert deliveries.send_due() == 0
        assert "not on the public internet" in Webhook.objects.get().last_error

    def test_is_refused_where_one_of_its_addresses_is_private(self, monkeypatch):
        both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in ("1.1.1.1", "10.0.0.1")]
        monkeypatch.setattr(deliveries, "look_up", lambda *args, **kwargs: both)
        with pytest.raises(deliveries.NotSent, match="public internet"):
            deliveries.target_of("https://example.org/")

    def test_is_the_address_that_was_checked(self, monkeypatch):
        one = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", 8443))]
        monkeypatch.setattr(deliveries, "look_up", lambda *args, **kwargs: one)
        target = deliveries.target_of("https://bücher.example:8443/a?b=c")
        assert target == deliveries.Target("xn--bcher-kva.example", 8443, "/a?b=c", True, "1.1.1.1")


class TestTokens:
    def test_that_only_read_write_nothing(self, client, token):
        refused = client.post(f"{API}/commitments/", {}, "application/json", headers=token("read"))
        assert (refused.status_code, refused.json()["code"]) == (403, "out_of_scope")

    def test_are_told_to_their_holder_by_mail(self, django_capture_on_commit_callbacks):
        user = EditorFactory(email="ana@example.org")
        with django_capture_on_commit_callbacks(execute=True):
            _token, secret = access_tokens.issue(user, name="Sheet", expires_at=timezone.now() + timedelta(days=1))
        assert [m.to for m in mail.outbox] == [["ana@example.org"]]
        assert "Sheet" in mail.outbox[0].body
        assert secret not in mail.outbox[0].body

    def test_show_the_network_that_they_were_last_used_from(self, client, token):
        client.get(HOOKS, headers=token(), REMOTE_ADDR="203.0.113.77")
        assert AccessToken.objects.get().last_used_from == "203.0.113.0/24"

    def test_live_a_year_at_most(self, desk):
        values = {"name": "A", "scope": "read", "expires_at_0": f"{timezone.now() + timedelta(days=400):%Y-%m-%d}"}
        page = desk(CAMPAIGN_MANAGER).post("/admin/kit/accesstoken/add/", values | {"expires_at_1": "00:00:00"})
        assert "at most one year" in page.content.decode()

    def test_have_the_scope_that_was_chosen(self, desk):
        values = {"name": "A", "scope": "read", "expires_at_0": f"{timezone.now() + timedelta(days=30):%Y-%m-%d}"}
        desk(CAMPAIGN_MANAGER).post("/admin/kit/accesstoken/add/", values | {"expires_at_1": "00:00:00"})
        assert AccessToken.objects.get().scope == "read"


def test_the_secret_is_of_the_size_that_standard_webhooks_asks_for():
    secret = new_signing_secret()
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert secret != new_signing_secret()
