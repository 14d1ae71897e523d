"""Accounts: the second factor, invitations, sessions, closing, and who holds which role."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from config.accounts import closing, second_factor
from config.kit.api import access_tokens
from config.kit.models import RoleGrant, StaffEvent
from config.running.logs import without_secrets
from news.roles import NEWSROOM_EDITOR
from tests.factories import EditorFactory, OfficerFactory, StatementFactory
from treaties.roles import TREATY_OFFICER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_spent")]
PAGE, API = "/admin/second-factor/", "/api/v1"


@pytest.fixture
def administrator():
    return EditorFactory(is_superuser=True)


@pytest.fixture
def desk(administrator):
    client = Client()
    client.force_login(administrator)
    return client


@pytest.fixture
def required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


def code_of(device, at=None):
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = (at or timezone.now()).timestamp()
    return f"{totp.token():06}"


def sign_in(user):
    client = Client()
    client.post("/admin/login/", {"username": user.username, "password": "a long password"}, REMOTE_ADDR="203.0.113.9")
    return client


def set_up(client, user):
    """Set the second factor up as its holder does, and return the recovery codes that are shown."""
    client.get(PAGE)
    device = TOTPDevice.objects.get(user=user, confirmed=False)
    html = client.post(PAGE, {"step": "set-up", "code": code_of(device)}).content.decode()
    return re.findall(r"<li><code>(\w+)</code>", html)


class TestTheSecondFactor:
    def test_is_not_asked_for_where_it_is_not_required(self, editor):
        assert sign_in(editor).get("/admin/").status_code == 200

    def test_is_set_up_at_the_first_sign_in_where_it_is_required(self, editor, required):
        client = sign_in(editor)
        answer = client.get("/admin/news/statement/?q=mines")
        assert answer.url == f"{PAGE}?next=%2Fadmin%2Fnews%2Fstatement%2F%3Fq%3Dmines"
        page = client.get(answer.url)
        assert "no-store" in page["Cache-Control"]
        assert "<svg" in page.content.decode()
        assert len(set_up(client, editor)) == second_factor.RECOVERY_CODES
        assert client.get("/admin/").status_code == 200

    def test_is_asked_for_at_the_next_sign_in(self, editor, required):
        set_up(sign_in(editor), editor)
        client = sign_in(editor)
        assert client.get("/admin/").status_code == 302
        device = TOTPDevice.objects.get(user=editor)
        later = timezone.now() + timedelta(minutes=1)
        with time_machine.travel(later):
            answer = client.post(PAGE, {"code": code_of(device), "next": "/admin/news/statement/"})
        assert answer.url == "/admin/news/statement/"
        assert client.get("/admin/").status_code == 200

    def test_is_asked_for_in_sessions_that_began_before_it_was_required(self, editor, settings):
        client = sign_in(editor)
        settings.REQUIRE_SECOND_FACTOR = True
        assert client.get("/admin/").url.startswith(PAGE)

    def test_is_asked_of_who_has_set_it_up_also_where_it_is_not_required(self, editor):
        set_up(sign_in(editor), editor)
        assert sign_in(editor).get("/admin/").url.startswith(PAGE)

    @pytest.mark.parametrize(
        "address", ["/admin/", "/admin/news/statement/add/", "/admin/password_change/", "/admin/jsi18n/"]
    )
    def test_without_it_no_page_of_the_admin_opens(self, editor, required, address):
        client = sign_in(editor)
        assert client.get(address).status_code == 302
        assert client.post(address, {}).status_code == 302

    def test_without_it_nothing_is_written_by_the_api(self, editor, required):
        client = sign_in(editor)
        statement = StatementFactory(workflow="draft", author=editor)
        address = f"{API}/statements/{statement.slug}/"
        assert client.get(address).status_code == 404
        assert client.patch(address, {"title": "Other"}, content_type="application/json").status_code in (401, 403)
        statement.refresh_from_db()
        assert statement.title != "Other"

    def test_without_it_no_draft_is_shown_on_public_pages(self, editor, required):
        statement = StatementFactory(workflow="draft", author=editor)
        assert sign_in(editor).get(statement.get_absolute_url()).status_code == 404

    def test_a_recovery_code_opens_the_account_once(self, editor, required):
        codes = set_up(sign_in(editor), editor)
        client = sign_in(editor)
        assert client.post(PAGE, {"code": codes[0].upper()}).status_code == 302
        assert client.get("/admin/").status_code == 200
        again = sign_in(editor)
        assert "wrong" in again.post(PAGE, {"code": codes[0]}).content.decode()
        assert again.get("/admin/").status_code == 302

    def test_a_code_of_the_app_opens_nothing_twice(self, editor, required):
        client = sign_in(editor)
        client.get(PAGE)
        code = code_of(TOTPDevice.objects.get(user=editor))
        client.post(PAGE, {"step": "set-up", "code": code})
        assert "wrong" in sign_in(editor).post(PAGE, {"code": code}).content.decode()

    def test_wrong_codes_make_the_next_one_wait(self, editor, required):
        set_up(sign_in(editor), editor)
        client = sign_in(editor)
        pages = [client.post(PAGE, {"code": "000000"}).content.decode() for _n in range(4)]
        assert "Too many wrong codes" in pages[-1]

    def test_a_wrong_code_of_the_app_leaves_the_recovery_codes_open(self, editor, required):
        codes = set_up(sign_in(editor), editor)
        client = sign_in(editor)
        for _n in range(3):
            client.post(PAGE, {"code": "000000"})
        assert client.post(PAGE, {"code": codes[1]}).status_code == 302

    def test_who_is_signed_in_by_half_cannot_set_up_another(self, editor, required):
        set_up(sign_in(editor), editor)
        client = sign_in(editor)
        assert "Set it up" not in client.get(f"{PAGE}?another=1").content.decode()
        client.post(PAGE, {"step": "set-up", "code": "000000"})
        client.post(PAGE, {"step": "codes"})
        assert TOTPDevice.objects.filter(user=editor).count() == 1
        assert client.get("/admin/").status_code == 302

    def test_another_device_takes_the_place_of_the_first(self, editor):
        client = sign_in(editor)
        set_up(client, editor)
        first = TOTPDevice.objects.get(user=editor)
        client.get(f"{PAGE}?another=1")
        second = TOTPDevice.objects.get(user=editor, confirmed=False)
        client.post(PAGE, {"step": "set-up", "code": code_of(second)})
        assert list(TOTPDevice.objects.filter(user=editor)) == [second]
        assert first.pk != second.pk

    def test_new_recovery_codes_take_the_place_of_the_old(self, editor):
        client = sign_in(editor)
        old = set_up(client, editor)
        html = client.post(PAGE, {"step": "codes"}).content.decode()
        new = re.findall(r"<li><code>(\w+)</code>", html)
        assert len(new) == second_factor.RECOVERY_CODES
        assert not StaticToken.objects.filter(token__in=old).exists()
        assert "You have 10 recovery codes left" in client.get(PAGE).content.decode()

    def test_leads_nowhere_but_into_the_admin(self, editor, required):
        codes = set_up(sign_in(editor), editor)
        for n, away in enumerate(("https://evil.example/", "//evil.example", "/news/")):
            assert sign_in(editor).post(PAGE, {"code": codes[n], "next": away}).url == "/admin/"

    def test_shows_nothing_to_who_is_not_signed_in(self, client):
        assert client.get(PAGE).url.startswith("/admin/login/")

    def test_is_shown_to_no_administrator(self, desk):
        for address in ("otp_totp/totpdevice", "otp_static/staticdevice"):
            assert desk.get(f"/admin/{address}/").status_code == 404

    def test_is_taken_away_by_an_administrator_when_all_is_lost(self, desk, editor, required, administrator):
        set_up(sign_in(editor), editor)
        second_factor_of = Client()
        second_factor_of.force_login(administrator)
        set_up(second_factor_of, administrator)
        second_factor_of.post(reverse("admin:auth_user_step", args=[editor.pk, "take-second-factor"]))
        assert not second_factor.has_device(editor)

    def test_leaves_its_trace_in_the_log_of_the_staff_without_the_code(self, editor, required):
        set_up(sign_in(editor), editor)
        client = sign_in(editor)
        client.post(PAGE, {"code": "000000"})
        events = StaffEvent.objects.filter(user=editor, address=PAGE)
        assert events.exists()
        assert not any("000000" in f"{event.told}{event.changes}" for event in events)

    def test_public_pages_need_no_session_for_it(self, client):
        assert "Cookie" not in client.get("/about/").get("Vary", "")


class TestAnInvitation:
    @pytest.fixture
    def invited(self, desk):
        role = Group.objects.get(name=TREATY_OFFICER)
        desk.post(
            "/admin/auth/user/add/",
            {"username": "ann", "email": "ann@example.org", "first_name": "", "last_name": "", "groups": [role.pk]},
        )
        return User.objects.get(username="ann")

    def link(self):
        return re.search(r"https?://[^/]+(/admin/reset/\S+)", mail.outbox[-1].body)[1]

    def test_goes_by_mail_with_the_roles_and_a_link(self, invited):
        (letter,) = mail.outbox
        assert letter.to == ["ann@example.org"]
        assert "Treaty officer" in letter.body
        assert invited.is_staff
        assert not invited.has_usable_password()

    def test_lets_its_holder_choose_a_password_once(self, invited):
        client = Client()
        link = self.link()
        page = client.get(link)
        chosen = {"new_password1": "a long password", "new_password2": "a long password"}
        assert client.post(page.url, chosen).url == "/admin/reset/done/"
        assert sign_in(invited).get("/admin/").status_code == 200
        assert "new_password1" not in Client().get(link, follow=True).content.decode()

    def test_is_over_after_three_days(self, invited):
        with time_machine.travel(timezone.now() + timedelta(days=2)):
            assert "new_password1" in Client().get(self.link(), follow=True).content.decode()
        with time_machine.travel(timezone.now() + timedelta(days=4)):
            assert "new_password1" not in Client().get(self.link(), follow=True).content.decode()

    def test_needs_an_address(self, desk):
        desk.post("/admin/auth/user/add/", {"username": "ann", "email": ""})
        assert not User.objects.filter(username="ann").exists()

    def test_is_sent_again_on_demand(self, desk, invited):
        desk.post(reverse("admin:auth_user_step", args=[invited.pk, "invite"]))
        assert len(mail.outbox) == 2

    def test_that_cannot_be_sent_is_told_and_the_account_stays(self, desk, settings):
        settings.EMAIL_BACKEND = "tests.config.test_accounts.NoMail"
        answer = desk.post("/admin/auth/user/add/", {"username": "ann", "email": "ann@example.org"}, follow=True)
        assert "could not be sent" in answer.content.decode()
        assert User.objects.filter(username="ann").exists()

    def test_carries_a_secret_that_no_log_has(self, invited):
        link = self.link()
        assert link.rstrip("/").rpartition("/")[2] not in without_secrets(link)


class NoMail:
    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        raise OSError("no connection")


class TestAReset:
    def test_is_offered_at_the_sign_in(self, client):
        assert "/admin/password_reset/" in client.get("/admin/login/").content.decode()

    def test_goes_to_the_address_of_the_account(self, client, editor):
        editor.email = "editor@example.org"
        editor.save()
        client.post("/admin/password_reset/", {"email": "editor@example.org"})
        assert [letter.to for letter in mail.outbox] == [["editor@example.org"]]

    def test_says_the_same_for_an_address_that_nobody_has(self, client):
        answer = client.post("/admin/password_reset/", {"email": "nobody@example.org"})
        assert (answer.status_code, mail.outbox) == (302, [])

    def test_ends_after_ten_for_one_mailbox(self, client):
        codes = [client.post("/admin/password_reset/", {"email": "a@example.org"}).status_code for _n in range(11)]
        assert codes == [302] * 10 + [429]


class TestSessions:
    def test_end_all_in_one_press(self, desk, editor):
        one, other, bystander = sign_in(editor), sign_in(editor), Client()
        bystander.force_login(OfficerFactory())
        desk.post(reverse("admin:auth_user_step", args=[editor.pk, "end-sessions"]))
        assert [client.get("/admin/").status_code for client in (one, other)] == [302, 302]
        assert bystander.get("/admin/").status_code == 200

    def test_are_ended_by_their_holder_in_one_press_too(self, editor):
        one, other = sign_in(editor), sign_in(editor)
        set_up(one, editor)
        assert one.post(PAGE, {"step": "end-sessions"}).url.startswith("/admin/login/")
        assert [client.get("/admin/").url.partition("?")[0] for client in (one, other)] == ["/admin/login/"] * 2

    def test_are_ended_by_their_holder_without_a_second_factor_too(self, editor):
        one, other = sign_in(editor), sign_in(editor)
        one.post(PAGE, {"step": "end-sessions"})
        assert [client.get("/admin/").status_code for client in (one, other)] == [302, 302]

    def test_are_ended_by_nobody_else(self, editor):
        client = sign_in(EditorFactory(role=NEWSROOM_EDITOR))
        client.force_login(EditorFactory(role=NEWSROOM_EDITOR))
        mine = sign_in(editor)
        assert client.post(reverse("admin:auth_user_step", args=[editor.pk, "end-sessions"])).status_code == 403
        assert mine.get("/admin/").status_code == 200

    def test_are_ended_by_no_link(self, desk, editor):
        mine = sign_in(editor)
        assert desk.get(reverse("admin:auth_user_step", args=[editor.pk, "end-sessions"])).status_code == 404
        assert mine.get("/admin/").status_code == 200


class TestClosing:
    def test_ends_everything_in_one_press_and_tells_what_waits_for_whom(self, desk, editor):
        colleague = EditorFactory(role=NEWSROOM_EDITOR, username="colleague")
        StatementFactory(workflow="draft", author=editor)
        theirs = sign_in(editor)
        _token, secret = access_tokens.issue(editor, name="x", expires_at=timezone.now() + timedelta(days=1))
        page = desk.post(reverse("admin:auth_user_step", args=[editor.pk, "close"]), follow=True).content.decode()
        assert "1 text that is not published" in page
        assert colleague.username in page
        assert theirs.get("/admin/").status_code == 302
        by_token = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
        assert Client().get(f"{API}/statements/", **by_token).status_code == 401
        editor.refresh_from_db()
        assert not editor.is_active
        assert Session.objects.count() == 1  # the administrator's

    def test_of_ones_own_account_is_refused(self, desk, administrator):
        desk.post(reverse("admin:auth_user_step", args=[administrator.pk, "close"]))
        administrator.refresh_from_db()
        assert administrator.is_active

    def test_can_be_taken_back(self, desk, editor):
        desk.post(reverse("admin:auth_user_step", args=[editor.pk, "close"]))
        desk.post(reverse("admin:auth_user_step", args=[editor.pk, "open"]))
        editor.refresh_from_db()
        assert editor.is_active

    def test_tells_that_nobody_is_left_for_a_role(self, administrator):
        officer = OfficerFactory()
        User.objects.filter(is_superuser=True).update(is_active=False)
        User.objects.exclude(pk=officer.pk).update(is_active=False)
        assert closing.left_work_of(officer).others == []

    def test_is_part_of_the_list_too(self, desk, editor):
        desk.post("/admin/auth/user/", {"action": "close", "_selected_action": [editor.pk]})
        editor.refresh_from_db()
        assert not editor.is_active


class TestRoles:
    def test_are_kept_with_since_when_and_who_gave_them(self, desk, editor, administrator):
        role = Group.objects.get(name=TREATY_OFFICER)
        data = {
            "username": editor.username,
            "email": "e@example.org",
            "is_active": "on",
            "is_staff": "on",
            "groups": [role.pk],
            "date_joined_0": "2026-01-01",
            "date_joined_1": "10:00:00",
        }
        desk.post(f"/admin/auth/user/{editor.pk}/change/", data)
        grant = RoleGrant.objects.held().get(user=editor)
        assert (grant.role, grant.given_by) == (TREATY_OFFICER, administrator)
        taken = RoleGrant.objects.get(user=editor, taken_at__isnull=False)
        assert (taken.role, taken.taken_by) == (NEWSROOM_EDITOR, administrator)

    def test_of_administrators_are_kept_too(self, administrator):
        assert RoleGrant.objects.held().get(user=administrator).role == "Administrator"
        administrator.is_superuser = False
        administrator.save()
        assert not RoleGrant.objects.held().filter(user=administrator).exists()

    @pytest.mark.parametrize("way", ["set", "clear", "remove", "from the group"])
    def test_are_kept_whichever_way_they_are_given_and_taken(self, way):
        user, group = EditorFactory(role=None), Group.objects.get(name=TREATY_OFFICER)
        if way == "from the group":
            group.user_set.add(user)
        else:
            user.groups.add(group)
        assert [grant.role for grant in RoleGrant.objects.held().filter(user=user)] == [TREATY_OFFICER]
        {
            "set": lambda: user.groups.set([]),
            "clear": user.groups.clear,
            "remove": lambda: user.groups.remove(group),
            "from the group": lambda: group.user_set.remove(user),
        }[way]()
        assert not RoleGrant.objects.held().filter(user=user).exists()
        assert RoleGrant.objects.filter(user=user, taken_at__isnull=False).count() == 1

    def test_stand_on_one_page_for_administrators_and_auditors(self, desk, editor):
        html = desk.get("/admin/kit/rolegrant/").content.decode()
        assert editor.username in html
        auditor, plain = Client(), Client()
        auditor.force_login(EditorFactory(role="Auditor"))
        plain.force_login(EditorFactory(role=NEWSROOM_EDITOR))
        assert auditor.get("/admin/kit/rolegrant/").status_code == 200
        assert plain.get("/admin/kit/rolegrant/").status_code == 403

    def test_cost_the_same_however_many_there_are(self, desk, django_assert_max_num_queries):
        with django_assert_max_num_queries(40) as first:
            desk.get("/admin/kit/rolegrant/")
        for _n in range(5):
            OfficerFactory()
        with django_assert_max_num_queries(len(first)):
            desk.get("/admin/kit/rolegrant/")


class TestPasskeys:
    BEGIN = f"{PAGE}passkeys/registration/begin/"

    def test_are_offered_at_the_first_sign_in(self, editor, required):
        client = sign_in(editor)
        assert "passkey-registration-placeholder" in client.get(PAGE).content.decode()
        assert client.post(self.BEGIN).json()["rp"] == {"name": "Minefree", "id": "testserver"}

    def test_are_made_by_nobody_who_has_given_a_password_alone_beside_another_factor(self, editor, required):
        set_up(sign_in(editor), editor)
        assert sign_in(editor).post(self.BEGIN).status_code == 403

    def test_are_made_by_nobody_who_is_not_signed_in(self, client):
        assert client.post(self.BEGIN).status_code in (302, 403)

    def test_are_no_way_in_without_a_password(self, client):
        assert client.post(f"{PAGE}passkeys/authentication/begin/").status_code in (302, 403)

    @pytest.mark.parametrize("key", ["", "0", "-1", "²", "9" * 30, "x"])
    def test_that_are_not_there_are_removed_without_a_fault(self, editor, key):
        client = sign_in(editor)
        set_up(client, editor)
        assert client.post(PAGE, {"step": "remove-passkey", "passkey": key}).status_code == 302
