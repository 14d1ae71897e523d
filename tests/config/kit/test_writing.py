"""Editors write by the API what their role may in the admin, no more; a repeated request acts once."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from campaign.models import CampaignAction, Commitment
from campaign.roles import CAMPAIGN_MANAGER, PLEDGE_MODERATOR
from config.kit.api import access_tokens
from config.kit.api.idempotency import delete_requests
from config.kit.api.writing import version_tag
from config.kit.models import AccessToken, IdempotentRequest, Proposal
from config.kit.roles import AUDITOR
from news.models import Statement
from news.roles import NEWSROOM_EDITOR, PUBLISHER
from tests.config.addresses import API
from tests.factories import SOURCE, EditorFactory
from tests.second_person import accept_all
from treaties import ledger
from treaties.models import TreatyAction
from treaties.roles import TREATY_OFFICER

pytestmark = pytest.mark.django_db
ACTIONS, COMMITMENTS = f"{API}/campaign-actions/", f"{API}/commitments/"
ACTION = {
    "pillar": "humanitarian-disarmament/uphold-norms",
    "slug": "an-event",
    "kind": "event",
    "title": "An event",
    "summary": "It happens.",
    "date": "2026-12-01",
    "status": "announced",
    "states": ["EST", {"iso3": "FIN", "name": "Finland"}],
    "articles": [{"treaty": "mine-ban-convention", "article": 5}],
    "source_url": SOURCE,
}
COMMITMENT = {
    "pillar": "humanitarian-disarmament/accelerate-mine-action",
    "slug": "a-promise",
    "by_state": "NOR",
    "title": "Clear some land",
    "announced_on": "2026-11-01",
    "due_on": "2027-11-01",
    "baseline_amount": "10",
    "target_amount": "200",
    "target_unit": "hectares",
    "source_url": SOURCE,
}


@pytest.fixture
def program(client):
    """A program that acts for an editor with a role."""

    def make(role):
        user = EditorFactory(role=role)
        _token, secret = access_tokens.issue(user, name="A test", expires_at=timezone.now() + timedelta(days=1))

        def send(method, address, values, **headers):
            seen = {"If-Match": "*"} if method == "patch" else {}
            return getattr(client, method)(
                address, values, "application/json", headers={"Authorization": f"Bearer {secret}"} | seen | headers
            )

        send.user, send.secret = user, secret
        return send

    return make


class TestWriting:
    def test_makes_a_campaign_action_as_its_editor(self, program, client):
        send = program(CAMPAIGN_MANAGER)
        made = send("post", ACTIONS, ACTION)
        assert made.status_code == 201, made.content
        assert made.json()["proposal"]["decision"] == "open"
        assert client.get(f"{ACTIONS}an-event/").status_code == 404
        second = accept_all()
        shown = {name: value for name, value in made.json().items() if name != "proposal"}
        assert client.get(f"{ACTIONS}an-event/").json() == shown
        row = CampaignAction.objects.get(slug="an-event")
        assert {s.pk for s in row.states.all()} == {"EST", "FIN"}
        assert [h.history_user for h in row.history.all()] == [second]
        assert send.user.username in row.history.get().history_change_reason

    def test_makes_and_changes_a_commitment(self, program):
        send = program(CAMPAIGN_MANAGER)
        assert send("post", COMMITMENTS, COMMITMENT).status_code == 201
        accept_all()
        changed = send("patch", f"{COMMITMENTS}a-promise/", {"due_on": "2028-01-01"})
        assert (changed.status_code, changed.json()["due_on"]) == (202, "2028-01-01")
        assert Commitment.objects.get(slug="a-promise").due_on.isoformat() == "2027-11-01"
        second = accept_all()
        row = Commitment.objects.get(slug="a-promise")
        assert row.history.latest().history_user == second
        assert row.history.latest().prev_record.due_on.isoformat() == "2027-11-01"

    def test_changes_links_too(self, program):
        send = program(CAMPAIGN_MANAGER)
        send("post", ACTIONS, ACTION)
        accept_all()
        send("patch", f"{ACTIONS}an-event/", {"states": ["TON"]})
        accept_all()
        assert [s.pk for s in CampaignAction.objects.get(slug="an-event").states.all()] == ["TON"]

    @pytest.mark.parametrize("role", [TREATY_OFFICER, PLEDGE_MODERATOR, AUDITOR])
    def test_is_refused_to_roles_that_may_not_in_the_admin(self, program, role):
        send = program(role)
        for method, address in (("post", ACTIONS), ("patch", f"{COMMITMENTS}norway-stays/")):
            assert send(method, address, {}).status_code == 403
        assert not CampaignAction.objects.filter(slug="an-event").exists()

    def test_without_a_token_asks_for_one(self, client):
        response = client.post(ACTIONS, ACTION, "application/json")
        assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer realm="api"')

    @pytest.mark.parametrize("method", ["put", "delete"])
    def test_never_replaces_or_deletes(self, program, method):
        assert program(CAMPAIGN_MANAGER)(method, f"{COMMITMENTS}norway-stays/", {}).status_code == 405
        assert Commitment.objects.filter(slug="norway-stays").exists()

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"status": "done"}, "status"),
            ({"nothing": 1}, "nothing"),
            ({"pillar": "humanitarian-disarmament/none"}, "pillar"),
            ({"by_state": "XYZ"}, "by_state"),
            ({"due_on": "2026-10-01"}, "non_field_errors"),
            ({"by_organization": "A city"}, "non_field_errors"),
            ({"target_unit": ""}, "non_field_errors"),
            ({"articles": [{"treaty": "mine-ban-convention", "article": 99}]}, "articles"),
            ({"announced_on": "yesterday"}, "announced_on"),
            ({"slug": "norway-stays"}, "slug"),
            ({"source_url": "javascript:alert(1)"}, "source_url"),
        ],
    )
    def test_names_what_is_wrong_and_keeps_nothing(self, program, values, field):
        response = program(CAMPAIGN_MANAGER)("post", COMMITMENTS, COMMITMENT | values)
        assert (response.status_code, list(response.json()["errors"])) == (400, [field])
        assert not Commitment.objects.filter(slug="a-promise").exists()

    def test_never_moves_an_address(self, program):
        response = program(CAMPAIGN_MANAGER)("patch", f"{COMMITMENTS}norway-stays/", {"slug": "other"})
        assert list(response.json()["errors"]) == ["slug"]


class TestTokens:
    def test_open_nothing_when_expired_revoked_or_their_editor_is_gone(self, program):
        send = program(CAMPAIGN_MANAGER)
        token = AccessToken.objects.get()
        with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
            assert send("post", ACTIONS, ACTION).status_code == 401
        for field in ("is_active", "is_staff"):
            type(send.user).objects.filter(pk=send.user.pk).update(**{field: False})
            assert send("post", ACTIONS, ACTION).status_code == 401
            type(send.user).objects.filter(pk=send.user.pk).update(**{field: True})
        access_tokens.revoke(token)
        assert send("post", ACTIONS, ACTION).status_code == 401

    def test_that_are_unknown_are_refused_even_to_read(self, client):
        assert client.get(COMMITMENTS, headers={"Authorization": "Bearer nothing"}).status_code == 401

    def test_show_their_reader_what_everybody_sees(self, program, client):
        send = program(CAMPAIGN_MANAGER)
        authorized = client.get(COMMITMENTS, headers={"Authorization": f"Bearer {send.secret}"})
        assert authorized.content == client.get(COMMITMENTS).content

    def test_remember_when_they_were_used(self, program):
        program(CAMPAIGN_MANAGER)("post", ACTIONS, ACTION)
        assert AccessToken.objects.get().last_used_at

    def test_are_made_by_every_editor_for_themselves_and_shown_once(self, desk, client):
        editor = desk(CAMPAIGN_MANAGER)
        page = "/admin/kit/accesstoken/"
        assert page in editor.get("/admin/").content.decode()
        values = {
            "name": "Our sheet",
            "expires_at_0": f"{timezone.now() + timedelta(days=90):%Y-%m-%d}",
            "expires_at_1": "00:00:00",
        }
        shown = editor.post(f"{page}add/", values)
        assert "no-store" in shown["Cache-Control"]
        secret = shown.content.decode().split("<pre><code>")[1].split("<")[0]
        made = client.post(ACTIONS, ACTION, "application/json", headers={"Authorization": f"Bearer {secret}"})
        assert made.status_code == 201
        token = AccessToken.objects.get()
        assert (token.user, secret in str(AccessToken.objects.values())) == (editor.user, False)
        assert secret not in editor.get(page).content.decode()
        assert "Our sheet" not in desk(CAMPAIGN_MANAGER).get(page).content.decode()

    def test_are_not_made_for_the_past(self, desk):
        values = {"name": "Our sheet", "expires_at_0": "2020-01-01", "expires_at_1": "00:00:00"}
        assert "still to come" in desk(CAMPAIGN_MANAGER).post("/admin/kit/accesstoken/add/", values).content.decode()

    def test_are_revoked_by_their_own_editor_alone(self, desk, program):
        program(CAMPAIGN_MANAGER)
        token = AccessToken.objects.get()
        action = {"action": "revoke", "_selected_action": [token.pk]}
        desk(CAMPAIGN_MANAGER).post("/admin/kit/accesstoken/", action)
        token.refresh_from_db()
        assert token.revoked_at is None
        desk(None, is_superuser=True).post("/admin/kit/accesstoken/", action)
        token.refresh_from_db()
        assert token.revoked_at


class TestWhereItIsFound:
    def test_what_waits_for_a_second_person_is_the_page_on_which_it_is_decided(self, program, desk):
        made = program(CAMPAIGN_MANAGER)("post", ACTIONS, ACTION)
        proposal = Proposal.objects.get()
        assert made["Location"] == f"http://testserver{proposal.get_absolute_url()}"
        assert desk(CAMPAIGN_MANAGER).get(made["Location"]).status_code == 200

    def test_a_draft_is_where_its_editors_read_it(self, program, client):
        send = program(NEWSROOM_EDITOR)
        values = {
            "slug": "a-text",
            "kind": "news",
            "title": "A",
            "body": "B",
            "dated_on": "2026-01-15",
            "source_url": SOURCE,
        }
        made = send("post", f"{API}/statements/", values)
        seen = client.get(made["Location"], headers={"Authorization": f"Bearer {send.secret}"})
        assert (made.status_code, seen.json()["slug"]) == (201, "a-text")
        assert client.get(made["Location"]).status_code == 401

    def test_an_act_is_where_it_will_be(self, program):
        values = {"treaty": "arms-trade-treaty", "state": "NPL", "action": "accession", "deposited_on": "2026-01-15"}
        made = program(TREATY_OFFICER)("post", f"{API}/treaty-actions/", values | {"source_url": SOURCE})
        assert made["Location"].endswith(f"{API}/treaty-actions/{TreatyAction.objects.order_by('-pk').first().pk}/")


class TestRepeatedRequests:
    def test_act_once_and_are_answered_alike(self, program):
        send = program(CAMPAIGN_MANAGER)
        first, again = (send("post", ACTIONS, ACTION, **{"Idempotency-Key": "k"}) for _n in range(2))
        assert (again.status_code, again.json()) == (201, first.json())
        assert again["Idempotent-Replayed"] == "true"
        assert Proposal.objects.count() == 1
        accept_all()
        assert send("post", ACTIONS, ACTION).status_code == 400  # without a key: the slug is taken

    def test_with_another_body_are_refused(self, program):
        send = program(CAMPAIGN_MANAGER)
        send("post", ACTIONS, ACTION, **{"Idempotency-Key": "k"})
        assert send("post", ACTIONS, ACTION | {"slug": "x"}, **{"Idempotency-Key": "k"}).status_code == 422

    def test_of_two_editors_are_two(self, program):
        for n in range(2):
            made = program(CAMPAIGN_MANAGER)("post", ACTIONS, ACTION | {"slug": f"e{n}"}, **{"Idempotency-Key": "k"})
            assert made.status_code == 201

    def test_while_the_first_is_running_are_told_so_but_not_for_ever(self, program):
        send = program(CAMPAIGN_MANAGER)
        send("post", ACTIONS, ACTION, **{"Idempotency-Key": "k"})
        CampaignAction.objects.filter(slug="an-event").update(slug="moved")
        IdempotentRequest.objects.update(status=None, answer=None)
        assert send("post", ACTIONS, ACTION, **{"Idempotency-Key": "k"}).status_code == 409
        with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
            assert send("post", ACTIONS, ACTION, **{"Idempotency-Key": "k"}).status_code == 201

    @pytest.mark.parametrize("key", ["", "x" * 256])
    def test_need_a_key_of_a_sensible_length(self, program, key):
        response = program(CAMPAIGN_MANAGER)("post", ACTIONS, ACTION, **{"Idempotency-Key": key})
        assert list(response.json()["errors"]) == ["Idempotency-Key"]

    def test_are_forgotten_after_a_day_and_keep_no_word_of_the_request(self, program):
        program(CAMPAIGN_MANAGER)("post", ACTIONS, ACTION, **{"Idempotency-Key": "secret-key"})
        row = IdempotentRequest.objects.get()
        assert "secret-key" not in f"{row.key_hash}{row.body_hash}"
        delete_requests(timezone.now())
        assert not IdempotentRequest.objects.exists()


class TestTheLedger:
    ADDRESS = f"{API}/treaty-actions/"
    ACT = {
        "treaty": "mine-ban-convention",
        "state": "CHN",
        "action": "accession",
        "deposited_on": "2026-03-10",
        "source_url": SOURCE,
    }

    def test_takes_an_act_that_counts_once_another_officer_confirms_it(self, program, client):
        send = program(TREATY_OFFICER)
        made = send("post", self.ADDRESS, self.ACT)
        assert made.status_code == 201, made.content
        row = TreatyAction.objects.get(state="CHN", treaty__slug="mine-ban-convention")
        assert (row.recorded_by, row.confirmed_at) == (send.user, None)
        assert client.get(f"{self.ADDRESS}{row.pk}/").status_code == 404
        with pytest.raises(ledger.SameOfficer):
            ledger.confirm(row, by=send.user)
        ledger.confirm(row, by=EditorFactory(role=TREATY_OFFICER))
        assert client.get(f"{self.ADDRESS}{row.pk}/").status_code == 200

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"action": "withdrawal"}, "non_field_errors"),
            ({"state": "XYZ"}, "state"),
            ({"deposited_on": "soon"}, "deposited_on"),
            ({"effective_on": "2026-01-01"}, "effective_on"),
            ({"source_url": ""}, "source_url"),
        ],
    )
    def test_refuses_what_cannot_be(self, program, values, field):
        response = program(TREATY_OFFICER)("post", self.ADDRESS, self.ACT | values)
        assert (response.status_code, list(response.json()["errors"])) == (400, [field])

    def test_is_written_by_treaty_officers_alone_and_never_changed(self, program):
        assert program(CAMPAIGN_MANAGER)("post", self.ADDRESS, self.ACT).status_code == 403
        pk = TreatyAction.objects.first().pk
        assert program(TREATY_OFFICER)("patch", f"{self.ADDRESS}{pk}/", {"note": "x"}).status_code == 405


class TestSeeing:
    """A change is taken from who has seen what it changes."""

    ADDRESS = f"{COMMITMENTS}norway-stays/"

    def test_the_answer_to_a_reader_serves_for_the_first_change_and_not_for_the_second(self, program, client):
        send, seen = program(CAMPAIGN_MANAGER), client.get(self.ADDRESS)["ETag"]
        first = send("patch", self.ADDRESS, {"title": "Stays"}, **{"If-Match": seen})
        accept_all()
        second = send("patch", self.ADDRESS, {"title": "Leaves"}, **{"If-Match": seen})
        assert (first.status_code, second.status_code) == (202, 412)
        assert Commitment.objects.get(slug="norway-stays").title == "Stays"

    def test_the_refusal_names_what_has_changed_since(self, program, client):
        send, seen = program(CAMPAIGN_MANAGER), client.get(self.ADDRESS)["ETag"]
        send("patch", self.ADDRESS, {"title": "Stays", "due_on": "2027-01-01"}, **{"If-Match": seen})
        accept_all()
        late = send("patch", self.ADDRESS, {"title": "Leaves"}, **{"If-Match": seen})
        assert late.json()["changed"] == ["title", "due_on"]
        assert "(title, due_on)" in late.json()["detail"]
        assert send("patch", self.ADDRESS, {"title": "Leaves"}, **{"If-Match": late["ETag"]}).status_code == 202

    @pytest.mark.parametrize("tag", ['"other"', '"0123.4567-89"', '"a", "b"'])
    def test_a_tag_that_never_was_is_refused_without_names(self, program, tag):
        refused = program(CAMPAIGN_MANAGER)("patch", self.ADDRESS, {"title": "x"}, **{"If-Match": tag})
        assert (refused.status_code, "changed" in refused.json()) == (412, False)

    def test_a_tag_tells_nothing_of_values_that_are_not_shown(self, client, settings):
        parts = [("id", "1"), ("reviewer", "7")]
        tag = version_tag(parts)
        assert version_tag([("id", "2"), ("reviewer", "7")])[-4:] != tag[-4:]
        settings.SECRET_KEY = "x" * 50
        assert version_tag(parts)[-4:] != tag[-4:]

    def test_the_answer_to_a_change_serves_for_the_next(self, program, client):
        send, seen = program(CAMPAIGN_MANAGER), client.get(self.ADDRESS)["ETag"]
        first = send("patch", self.ADDRESS, {"title": "Stays"}, **{"If-Match": seen})
        assert send("patch", self.ADDRESS, {"title": "Goes"}, **{"If-Match": first["ETag"]}).status_code == 202

    def test_a_tag_that_a_compressing_proxy_made_weak_serves_as_well(self, program, client):
        send, seen = program(CAMPAIGN_MANAGER), client.get(self.ADDRESS)["ETag"]
        assert send("patch", self.ADDRESS, {"title": "Stays"}, **{"If-Match": f"W/{seen}"}).status_code == 202

    def test_without_it_nothing_is_changed_and_the_answer_says_what_to_send(self, program, client):
        send = program(CAMPAIGN_MANAGER)
        refused = client.patch(
            self.ADDRESS, {"title": "x"}, "application/json", headers={"Authorization": f"Bearer {send.secret}"}
        )
        assert (refused.status_code, "If-Match" in refused.json()["detail"]) == (428, True)
        assert send("patch", self.ADDRESS, {"title": "Stays"}, **{"If-Match": refused["ETag"]}).status_code == 202

    def test_links_are_part_of_what_was_seen(self, program, client):
        send = program(CAMPAIGN_MANAGER)
        send("post", ACTIONS, ACTION)
        accept_all()
        made = client.get(f"{ACTIONS}an-event/")
        send("patch", f"{ACTIONS}an-event/", {"states": ["TON"]})
        accept_all()
        late = send("patch", f"{ACTIONS}an-event/", {"title": "Late"}, **{"If-Match": made["ETag"]})
        assert (late.status_code, late.json()["changed"]) == (412, ["states"])

    def test_a_text_that_was_published_meanwhile_is_not_put_back_to_draft(self, program):
        send = program(NEWSROOM_EDITOR)
        made = send("post", TestStatements.ADDRESS, TestStatements.DRAFT)
        Statement.objects.filter(slug="a-draft").update(workflow="published", publish_at=timezone.now())
        late = send("patch", f"{TestStatements.ADDRESS}a-draft/", {"body": "x"}, **{"If-Match": made["ETag"]})
        assert late.status_code == 404
        assert Statement.objects.get(slug="a-draft").workflow == "published"


class TestStatements:
    ADDRESS = f"{API}/statements/"
    DRAFT = {
        "slug": "a-draft",
        "kind": "news",
        "title": "Canary",
        "body": "Words.",
        "dated_on": "2026-11-01",
        "states": ["EST"],
        "source_url": SOURCE,
    }

    def test_are_written_as_drafts_that_nobody_else_sees(self, program, client):
        send = program(NEWSROOM_EDITOR)
        made = send("post", self.ADDRESS, self.DRAFT)
        assert (made.status_code, made.json()["workflow"]) == (201, "draft")
        assert Statement.objects.get(slug="a-draft").author == send.user
        for visitor in (client.get, lambda a: client.get(a, headers={"Authorization": f"Bearer {send.secret}"})):
            assert visitor(f"{self.ADDRESS}a-draft/").status_code == 404

    def test_are_changed_while_they_are_not_public_and_lose_their_approval(self, program):
        send = program(NEWSROOM_EDITOR)
        send("post", self.ADDRESS, self.DRAFT)
        Statement.objects.filter(slug="a-draft").update(workflow="approved", approved_by=EditorFactory(role=PUBLISHER))
        assert send("patch", f"{self.ADDRESS}a-draft/", {"body": "Other words."}).status_code == 200
        row = Statement.objects.get(slug="a-draft")
        assert (row.body, row.workflow, row.approved_by) == ("Other words.", "draft", None)

    def test_are_left_alone_once_public(self, program):
        assert program(PUBLISHER)("patch", f"{self.ADDRESS}sgsm22686/", {"body": "x"}).status_code == 404

    @pytest.mark.parametrize("body", ["{{ parteis today }}", "{{ no-treaty parties today }}"])
    def test_with_a_figure_that_cannot_be_computed_are_refused(self, program, body):
        response = program(NEWSROOM_EDITOR)("post", self.ADDRESS, self.DRAFT | {"body": body})
        assert (response.status_code, list(response.json()["errors"])) == (400, ["body"])

    @pytest.mark.parametrize("values", [{"workflow": "published"}, {"approved_by": 1}, {"author": 1}])
    def test_are_not_moved_by_what_is_written(self, program, values):
        response = program(PUBLISHER)("post", self.ADDRESS, self.DRAFT | values)
        assert (response.status_code, list(response.json()["errors"])) == (400, list(values))

    def test_are_moved_by_the_same_doors_as_in_the_admin(self, program, client):
        writer, publisher = program(NEWSROOM_EDITOR), program(PUBLISHER)
        writer("post", self.ADDRESS, self.DRAFT)
        page = f"{self.ADDRESS}a-draft/moves/"
        assert publisher("post", page, {"move": "publish"}).status_code == 409
        assert writer("post", page, {"move": "submit"}).status_code == 200
        for move in ("approve", "publish"):
            shown = client.get(page, headers={"Authorization": f"Bearer {publisher.secret}"})
            assert publisher("post", page, {"move": move}, **{"If-Match": shown["ETag"]}).status_code == 200
        assert client.get(f"{self.ADDRESS}a-draft/").status_code == 200
        assert writer("post", page, {"move": "withdraw", "reason": "x"}).status_code == 409
        assert (
            publisher("post", page, {"move": "withdraw", "reason": "It was wrong."}).json()["workflow"] == "withdrawn"
        )

    def test_are_not_moved_by_others_or_to_what_is_none(self, program, client):
        program(NEWSROOM_EDITOR)("post", self.ADDRESS, self.DRAFT)
        page = f"{self.ADDRESS}a-draft/moves/"
        assert client.post(page, {"move": "submit"}, "application/json").status_code == 401
        assert program(CAMPAIGN_MANAGER)("post", page, {"move": "submit"}).status_code == 403
        assert list(program(PUBLISHER)("post", page, {"move": "delete"}).json()["errors"]) == ["move"]
