"""The pledge moderators' desk: who may look, that each look is written down, bursts, what is taken out of the count."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaign.models import AccessLogEntry, DayTally, Invalidation, Pledge
from campaign.pledging import counting, moderation
from campaign.pledging.backing import backing_of
from campaign.roles import CAMPAIGN_MANAGER, PLEDGE_MODERATOR
from config.kit.roles import AUDITOR
from tests.config.addresses import CAMPAIGN
from tests.factories import ModeratorFactory, PledgeFactory
from tests.reading import text_of

pytestmark = pytest.mark.django_db
LIST = "/admin/campaign/pledge/"
BURSTS = f"{LIST}bursts/"


def chosen(action, rows, **values):
    return {"action": action, "_selected_action": [row.pk for row in rows]} | values


class TestLooking:
    @pytest.mark.parametrize("role", [CAMPAIGN_MANAGER, AUDITOR, None])
    def test_is_refused_to_everybody_else_an_administrator_included(self, desk, campaign, role):
        pledge = PledgeFactory(campaign=campaign)
        client = desk(role, is_superuser=role is None)
        for address in (LIST, BURSTS, f"{LIST}{pledge.pk}/change/", f"{LIST}{pledge.pk}/delete/"):
            assert client.get(address).status_code == 403
        assert not AccessLogEntry.objects.exists()

    def test_at_a_list_or_a_person_is_written_down_with_whose_data_was_seen(self, desk, campaign):
        pledge = PledgeFactory(campaign=campaign, email="canary@example.org")
        client = desk(PLEDGE_MODERATOR)
        client.get(f"{LIST}?q=canary@example.org")
        client.get(f"{LIST}{pledge.pk}/change/")
        looks = list(AccessLogEntry.objects.order_by("pk"))
        assert [(k.user, k.what, k.pledges) for k in looks] == [
            (client.user, what, [pledge.pk]) for what in ("list", "one")
        ]

    def test_is_kept_without_what_was_searched_for(self, desk, campaign):
        """A search names a person: the log that outlives their data must not."""
        PledgeFactory(campaign=campaign, email="canary@example.org")
        desk(PLEDGE_MODERATOR).get(f"{LIST}?q=canary@example.org&status=counted")
        assert AccessLogEntry.objects.get().asked == "q, status"

    @pytest.mark.parametrize("asked", ["ana.lu@gmail.com", " AnaLu+peace@googlemail.com", "2345-6789-abcd-efgh"])
    def test_for_a_whole_address_or_receipt_finds_its_person_by_an_index(self, desk, campaign, asked):
        PledgeFactory(campaign=campaign, name="Ana Lu", email="analu@gmail.com", receipt="23456789ABCDEFGH")
        PledgeFactory(campaign=campaign, name="Somebody else", email="ana@example.org")
        client = desk(PLEDGE_MODERATOR)
        with CaptureQueriesContext(connection) as queries:
            words = text_of(client.get(LIST, {"q": asked}))
        assert "Ana Lu" in words
        assert "Somebody else" not in words
        assert not [q for q in queries.captured_queries if "LIKE" in q["sql"] and "campaign_pledge" in q["sql"]]

    @pytest.mark.parametrize(("asked", "found"), [("Ana", True), ("example.org", True), ("ana@", False), ("@", True)])
    def test_for_anything_else_goes_through_names_and_domains(self, desk, campaign, asked, found):
        PledgeFactory(campaign=campaign, name="Ana @ home", email="ana@example.org")
        assert ("Ana @ home" in text_of(desk(PLEDGE_MODERATOR).get(LIST, {"q": asked}))) is found

    def test_ends_with_the_role(self, desk, campaign):
        PledgeFactory(campaign=campaign)
        client = desk(PLEDGE_MODERATOR)
        assert client.get(LIST).status_code == 200
        client.user.groups.remove(Group.objects.get(name=PLEDGE_MODERATOR))
        assert client.get(LIST).status_code == 403

    def test_can_be_audited_by_the_auditor_who_sees_no_person(self, desk, campaign):
        PledgeFactory(campaign=campaign, name="Canary Name")
        moderator = desk(PLEDGE_MODERATOR)
        moderator.get(LIST)
        html = desk(AUDITOR).get("/admin/campaign/accesslogentry/").content.decode()
        assert moderator.user.username in html
        assert "Canary" not in html

    def test_at_an_export_needs_the_role_and_is_written_down(self, desk, campaign):
        pledge = PledgeFactory(campaign=campaign, name="=Formula", email="ann@example.org")
        client = desk(PLEDGE_MODERATOR)
        response = client.post(LIST, chosen("export", [pledge]))
        assert response["Content-Type"].startswith("text/csv")
        assert "'=Formula,ann@example.org" in response.content.decode()
        assert "no-store" in response["Cache-Control"]
        assert AccessLogEntry.objects.filter(what="export", pledges=[pledge.pk], user=client.user).exists()
        assert desk(AUDITOR).post(LIST, chosen("export", [pledge])).status_code == 403

    def test_log_is_never_changed_in_the_admin(self, desk, campaign):
        desk(PLEDGE_MODERATOR).get(LIST)
        client = desk(None, is_superuser=True)
        address = reverse("admin:campaign_accesslogentry_delete", args=[AccessLogEntry.objects.get().pk])
        assert client.post(address, {"post": "yes"}).status_code == 403


class TestBursts:
    def test_of_one_domain_network_or_name_are_told_largest_first(self, campaign):
        for n in range(12):
            PledgeFactory(campaign=campaign, email=f"a{n}@spam.example", name=f"Name {n}")
        for n in range(10):
            PledgeFactory(
                campaign=campaign, network_key="k" * 64, name="One Name", email=f"b{n}@d{n}.example", confirmed_at=None
            )
        found = moderation.bursts(timezone.now())
        assert [(b.kind, b.pledges, b.confirmed) for b in found] == [
            ("domain", 12, 12),
            ("network_key", 10, 0),
            ("name", 10, 0),
        ]

    def test_are_none_where_many_people_share_a_large_provider(self, campaign):
        for n in range(12):
            PledgeFactory(campaign=campaign, email=f"a{n}@gmail.com", name=f"Name {n}")
        assert moderation.bursts(timezone.now()) == []

    def test_lead_to_their_pledges(self, desk, campaign):
        for n in range(12):
            PledgeFactory(campaign=campaign, email=f"a{n}@spam.example", name=f"Name {n}")
        PledgeFactory(campaign=campaign, email="other@example.org")
        client = desk(PLEDGE_MODERATOR)
        assert "1 burst of pledges to look at" in client.get(reverse("admin:index")).content.decode()
        html = client.get(BURSTS).content.decode()
        assert "spam.example" in html
        address = next(part.split('"')[0] for part in html.split('href="') if "domain=spam" in part)
        shown = client.get(address.replace("&amp;", "&")).content.decode()
        assert "a11@spam.example" in shown
        assert "other@example.org" not in shown


class TestTakingOutOfTheCount:
    @pytest.fixture
    def burst(self, campaign):
        return [PledgeFactory(campaign=campaign, state_id="EST", email=f"a{n}@spam.example") for n in range(6)]

    def test_asks_for_a_reason_and_tells_it_in_public(self, desk, client, campaign, burst):
        other = PledgeFactory(campaign=campaign)
        moderator = desk(PLEDGE_MODERATOR)
        assert "Reason" in moderator.post(LIST, chosen("invalidate", burst)).content.decode()
        moderator.post(LIST, chosen("invalidate", burst, apply="1", reason=""))
        assert backing_of(campaign).confirmed == 7
        moderator.post(LIST, chosen("invalidate", burst, apply="1", reason="Made by a robot"))
        assert backing_of(campaign).confirmed == 1
        assert "6: Made by a robot" in text_of(client.get(f"{CAMPAIGN}/account/"))
        taken = Invalidation.objects.get()
        assert (taken.made_by, taken.pledges_count) == (moderator.user, 6)
        other.refresh_from_db()
        assert other.counts
        assert counting.recount(repair=False) == []

    def test_can_be_done_to_a_whole_burst_beyond_the_page_that_is_shown(self, desk, campaign):
        for n in range(60):
            PledgeFactory(campaign=campaign, email=f"a{n}@spam.example")
        moderator = desk(PLEDGE_MODERATOR)
        some = Pledge.objects.all()[:50]
        moderator.post(
            f"{LIST}?domain=spam.example", chosen("invalidate", some, apply="1", reason="A robot", select_across="1")
        )
        assert backing_of(campaign).confirmed == 0

    def test_happens_once(self, burst):
        everything, by = Pledge.objects.all(), ModeratorFactory()
        moderation.invalidate(everything, reason="A robot", by=by)
        with pytest.raises(moderation.ModerationRefused):
            moderation.invalidate(everything, reason="A robot", by=by)
        assert DayTally.objects.get(invalidated=6)

    def test_keeps_the_address_from_counting_again(self, campaign, burst):
        from campaign.pledging import pledges

        moderation.invalidate(Pledge.objects.all(), reason="A robot", by=ModeratorFactory())
        pledges.pledge(campaign, name="Robot", email=burst[0].email)
        assert not Pledge.objects.get(pk=burst[0].pk).counts

    def test_is_told_to_who_holds_the_receipt(self, client, burst):
        moderation.invalidate(Pledge.objects.filter(pk=burst[0].pk), reason="Made by a robot", by=ModeratorFactory())
        text = text_of(client.get(f"{CAMPAIGN}/account/", {"receipt": burst[0].receipt}))
        assert "It was taken out of the count on" in text
        assert "Made by a robot" in text

    def test_can_be_taken_back_once_with_a_reason(self, desk, campaign, burst):
        (taken,) = moderation.invalidate(Pledge.objects.all(), reason="A robot", by=ModeratorFactory())
        moderator = desk(PLEDGE_MODERATOR)
        page = reverse("admin:campaign_invalidation_changelist")
        assert "Reason" in moderator.post(page, chosen("bring_back", [taken])).content.decode()
        for _time in range(2):
            moderator.post(page, chosen("bring_back", [taken], apply="1", reason="A school class"))
        assert backing_of(campaign).confirmed == 6
        taken.refresh_from_db()
        assert (taken.reinstated_count, taken.reinstated_reason) == (6, "A school class")
        assert counting.recount(repair=False) == []

    @pytest.mark.parametrize("role", [CAMPAIGN_MANAGER, AUDITOR])
    def test_is_for_moderators_alone(self, desk, campaign, burst, role):
        assert desk(role).post(LIST, chosen("invalidate", burst, apply="1", reason="x")).status_code == 403
        (taken,) = moderation.invalidate(Pledge.objects.all(), reason="A robot", by=ModeratorFactory())
        desk(role).post(
            reverse("admin:campaign_invalidation_changelist"), chosen("bring_back", [taken], apply="1", reason="x")
        )
        taken.refresh_from_db()
        assert taken.reinstated_at is None


def test_names_can_be_hidden_without_touching_the_count(desk, client, campaign):
    pledge = PledgeFactory(campaign=campaign, name="Rude Words", show_name=True)
    assert "Rude Words" in text_of(client.get(f"{CAMPAIGN}/"))
    desk(PLEDGE_MODERATOR).post(LIST, chosen("hide_names", [pledge]))
    assert "Rude Words" not in text_of(client.get(f"{CAMPAIGN}/"))
    assert backing_of(campaign).confirmed == 1


def test_the_person_cannot_be_edited_by_a_moderator(desk, campaign):
    pledge = PledgeFactory(campaign=campaign, name="Ann")
    client = desk(PLEDGE_MODERATOR)
    client.post(f"{LIST}{pledge.pk}/change/", {"name": "Bob", "email": "bob@example.org", "show_name": "on"})
    pledge.refresh_from_db()
    assert (pledge.name, pledge.show_name) == ("Ann", True)


def test_many_are_never_deleted_at_once(desk, campaign):
    pledge = PledgeFactory(campaign=campaign)
    desk(PLEDGE_MODERATOR).post(LIST, chosen("delete_selected", [pledge], post="yes"))
    assert Pledge.objects.exists()
