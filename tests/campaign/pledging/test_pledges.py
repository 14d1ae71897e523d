"""A person backs the campaign: sent, written to, confirmed, counted, removed. And what keeps everybody else out."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.utils import timezone

from campaign.mailing import outbox
from campaign.models import DayTally, Mail, MailLanguage, Pledge, PledgeToken, Suppression
from campaign.pledging import counting, links, pledges
from campaign.pledging.backing import backing_of
from campaign.pledging.consent import CURRENT
from tests.campaign.conftest import PERSON, deliver, link, token
from tests.config.addresses import API, CAMPAIGN
from tests.factories import CampaignFactory, PledgeFactory
from tests.reading import text_of

pytestmark = pytest.mark.django_db
SENT = f"{CAMPAIGN}/pledge/sent/"


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span), tick=False)


class TestTheForm:
    def test_leads_to_a_mail_and_counts_nobody(self, form, campaign):
        response = form.send(show_name="on")
        assert (response.status_code, response["Location"]) == (302, SENT)
        pledge = Pledge.objects.get()
        assert (pledge.name, pledge.email, pledge.state_id, pledge.show_name) == (
            "Ann Example",
            "ann@example.org",
            "EST",
            True,
        )
        assert pledge.consent_version == CURRENT
        with later(seconds=4):
            assert [m.to for m in deliver()] == [["ann@example.org"]]
        assert backing_of(campaign).confirmed == 0

    def test_answers_the_same_whether_or_not_the_address_is_known(self, form, person, campaign):
        confirmed = PledgeFactory(campaign=campaign, email="known@example.org")
        Suppression.objects.create(address_hash=pledges.address_hash("never@example.org"))
        answers = []
        for email in (confirmed.email, "new@example.org", "new@example.org", "never@example.org"):
            response = form.send(email=email)
            del response["X-Request-Id"]  # another one each time
            answers.append((response.status_code, sorted(response.items()), response.content))
        assert all(answer == answers[0] for answer in answers)

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("name", "", "Give your name."),
            ("name", "www.spam.example", "web or e-mail address"),
            ("email", "", "Give your e-mail address."),
            ("email", "ann@", "Give an e-mail address like"),
            ("email", "ann@localhost", "Give an e-mail address like"),
            ("state", "XYZ", "one of the 197 States"),
            ("language", "tlh", "Select a valid choice"),
        ],
    )
    def test_names_the_field_that_is_wrong_and_keeps_what_was_typed(self, form, field, value, sentence):
        response = form.send(**{field: value})
        html = response.content.decode()
        assert response.status_code == 400
        assert sentence in text_of(response)
        assert f'href="#id_{field}"' in html
        kept = "ann@example.org" if field == "name" else "Ann Example"
        assert f'value="{kept}"' in html
        assert not Pledge.objects.exists()

    def test_sent_within_a_moment_is_no_person_but_can_be_sent_again(self, form):
        fields = form.opened()
        response = form.client.post(f"{CAMPAIGN}/pledge/", fields | PERSON)
        assert response.status_code == 400
        assert "That was very quick" in text_of(response)
        again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', response.content.decode()))
        assert again["opened"] == fields["opened"]
        with later(seconds=3):
            assert form.client.post(f"{CAMPAIGN}/pledge/", again | PERSON).status_code == 302

    @pytest.mark.parametrize("opened", ["", "forged", None])
    def test_without_the_moment_of_opening_asks_to_press_once_more(self, form, opened):
        fields = form.opened() | PERSON | {"opened": opened or ""}
        if opened is None:
            del fields["opened"]
        response = form.client.post(f"{CAMPAIGN}/pledge/", fields)
        assert response.status_code == 400
        assert "press the button once more" in text_of(response)
        assert not Pledge.objects.exists()

    def test_open_for_days_asks_to_press_once_more_and_then_works(self, form):
        response = form.send(after=2 * 24 * 3600)
        assert "open for long" in text_of(response)
        fresh = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', response.content.decode()))
        with later(days=2, seconds=5):
            assert form.client.post(f"{CAMPAIGN}/pledge/", fresh | PERSON).status_code == 302

    def test_filled_in_where_no_person_can_see_it_is_asked_for_once_more(self, form):
        response = form.send(zq_empty="https://spam.example")
        assert response.status_code == 400
        assert "press the button once more" in text_of(response)
        assert "spam.example" not in response.content.decode()
        assert not Pledge.objects.exists()

    def test_with_a_web_address_that_a_browser_filled_in_is_taken(self, form):
        assert form.send(website="https://ann.example").status_code == 302
        assert Pledge.objects.count() == 1

    def test_sent_again_as_it_was_asks_to_press_once_more(self, form):
        sent = form.opened()
        for name, code in (("Ann", 302), ("Bob", 400)):
            with later(seconds=5):
                response = form.client.post(f"{CAMPAIGN}/pledge/", sent | PERSON | {"name": name})
            assert response.status_code == code
        assert "sent already" in text_of(response)
        assert Pledge.objects.count() == 1

    def test_with_an_old_text_of_consent_asks_to_read_the_new_one(self, form):
        response = form.send(consent_version="2020-01")
        assert response.status_code == 400
        assert "text that you agree to has changed" in text_of(response)

    def test_is_kept_by_no_cache_and_sends_its_address_nowhere(self, client):
        response = client.get(f"{CAMPAIGN}/pledge/")
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "same-origin"

    def test_of_a_campaign_that_is_none_is_not_found(self, client):
        assert client.get("/campaigns/nothing/pledge/").status_code == 404
        assert client.post("/campaigns/nothing/pledge/").status_code == 404


class TestLimits:
    def test_a_visitor_who_sends_too_much_is_asked_to_wait_with_everything_kept(self, form, settings):
        settings.PLEDGE_LIMITS = settings.PLEDGE_LIMITS | {"visitor": 2}
        for n in range(2):
            assert form.send(email=f"a{n}@example.org").status_code == 302
        response = form.send(email="a3@example.org")
        assert (response.status_code, response["Retry-After"]) == (429, "600")
        assert 'value="a3@example.org"' in response.content.decode()
        assert Pledge.objects.count() == 2

    def test_a_network_and_a_domain_have_theirs(self, form, settings):
        settings.PLEDGE_LIMITS = settings.PLEDGE_LIMITS | {"domain": 1}
        assert form.send(email="a@small.example").status_code == 302
        assert form.send(email="b@small.example").status_code == 429
        assert form.send(email="b@other.example").status_code == 302
        settings.PLEDGE_LIMITS = settings.PLEDGE_LIMITS | {"network": 1}
        assert form.send(email="c@third.example").status_code == 429

    def test_a_large_provider_is_no_domain_to_count(self, form, settings):
        settings.PLEDGE_LIMITS = settings.PLEDGE_LIMITS | {"domain": 1}
        assert [form.send(email=f"a{n}@gmail.com").status_code for n in range(3)] == [302] * 3

    def test_a_window_ends(self, form, settings):
        settings.PLEDGE_LIMITS = settings.PLEDGE_LIMITS | {"visitor": 1}
        form.send(email="a@example.org")
        assert form.send(email="b@example.org").status_code == 429
        with later(minutes=11):
            assert form.send(email="b@example.org").status_code == 302

    def test_the_api_has_the_same(self, client, campaign, settings):
        settings.PLEDGE_LIMITS = settings.PLEDGE_LIMITS | {"visitor": 1}
        address = f"{API}{CAMPAIGN}/pledges/"
        given = {"name": "Ann", "email": "ann@example.org"}
        assert client.post(address, given, "application/json").status_code == 202
        refused = client.post(address, given | {"email": "b@example.org"}, "application/json")
        assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
        assert int(refused["Retry-After"]) >= 600


class TestMailsToOnePerson:
    def test_are_one_in_ten_minutes_three_a_day_and_five_in_all(self, form, campaign, settings):
        settings.PLEDGE_LIMITS = dict.fromkeys(settings.PLEDGE_LIMITS, 10_000)
        sent = []
        start = timezone.now()
        for hour in range(24 * 8):
            for minute in (0, 5, 30):
                with time_machine.travel(start + timedelta(hours=hour, minutes=minute), tick=False):
                    pledges.pledge(campaign, name="Ann", email=f"a.n.n+{hour}@gmail.com")
                    sent += [timezone.now() for _letter in deliver()]
            if len(sent) == 5 and hour > 30:
                break
        assert len(sent) == 5
        assert min(b - a for a, b in pairwise(sent)) >= timedelta(minutes=10)
        assert sent[3] - sent[0] >= timedelta(days=1)

    def test_are_counted_on_when_the_person_has_removed_everything(self, client, person, campaign):
        letter = person()
        client.post(link(letter, "remove"))
        assert not Pledge.objects.exists()
        pledges.pledge(campaign, name="Ann", email="ann@example.org")
        assert deliver() == []
        with later(minutes=11):
            pledges.pledge(campaign, name="Ann", email="ann@example.org")
            assert len(deliver()) == 1

    def test_are_counted_from_when_they_were_sent_not_from_when_they_were_asked_for(self, campaign):
        start = timezone.now()
        with time_machine.travel(start, tick=False):
            pledges.pledge(campaign, name="Ann", email="ann@example.org")
        with time_machine.travel(start + timedelta(minutes=30), tick=False):
            assert len(deliver()) == 1  # the server was down till then
        with time_machine.travel(start + timedelta(minutes=35), tick=False):
            pledges.pledge(campaign, name="Ann", email="ann@example.org")
            assert deliver() == []

    def test_are_apart_for_two_campaigns(self, campaign):
        pledges.pledge(campaign, name="Ann", email="ann@example.org")
        pledges.pledge(CampaignFactory(), name="Ann", email="ann@example.org")
        assert len(deliver()) == 2

    def test_are_none_once_they_asked_for_none_for_whatever_campaign(self, client, person, campaign):
        letter = person()
        assert client.post(link(letter, "never")).status_code == 200
        with later(days=400):
            for other in (campaign, CampaignFactory()):
                pledges.pledge(other, name="Ann", email="Ann@Example.org")
            assert deliver() == []
        assert not Pledge.objects.exists()

    def test_that_wait_are_not_sent_once_they_asked_for_none(self, client, person, campaign):
        letter = person()
        with later(minutes=11):
            pledges.pledge(campaign, name="Ann", email="ann@example.org")
            client.post(link(letter, "never"))
            assert deliver() == []

    @pytest.mark.parametrize("language", MailLanguage.values)
    def test_are_in_their_language_and_complete(self, person, client, language, campaign):
        letter = person(language=language)
        assert letter.extra_headers["Content-Language"] == language
        assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
        assert campaign.title in letter.body
        for purpose in ("confirm", "remove", "never"):
            assert client.get(link(letter, purpose)).status_code == 200
        assert letter.extra_headers["List-Unsubscribe"].endswith(link(letter, "never") + ">")
        client.post(link(letter, "confirm"))
        with later(minutes=11):
            already = person(language=language)
        assert "/pledge/confirm/" not in already.body
        assert Pledge.objects.get().receipt in already.body
        assert already.subject != letter.subject
        assert "{" not in letter.body + already.body

    def test_name_nobody_since_anybody_may_have_typed_the_address(self, person):
        letter = person(name="Buy My Things")
        assert "Buy" not in letter.subject + letter.body

    def test_can_be_unsubscribed_from_with_one_click(self, client, person):
        letter = person()
        address = re.search(r"<https?://[^/]+(/\S+)>", letter.extra_headers["List-Unsubscribe"]).group(1)
        assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert Suppression.objects.count() == 1
        assert not Pledge.objects.exists()

    def test_can_be_unsubscribed_from_twice_by_who_stays_counted(self, client, person, campaign):
        letter = person()
        client.post(link(letter, "confirm"))
        for _time in range(2):
            assert client.post(link(letter, "never"), {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert backing_of(campaign).confirmed == 1


class TestConfirming:
    def test_takes_the_button_not_the_opening_of_the_link(self, client, person, campaign):
        address = link(person(), "confirm")
        for _scanner in range(3):
            response = client.get(address)
            assert response.status_code == 200
            assert response.content.decode().split("<main")[1].count("<button") == 1
        client.head(address)
        assert backing_of(campaign).confirmed == 0
        response = client.post(address)
        assert response.status_code == 302
        assert backing_of(campaign).confirmed == 1
        thanks = client.get(response["Location"])
        assert "Thank you. You are counted." in text_of(thanks)
        assert Pledge.objects.get().receipt in thanks.content.decode()

    def test_needs_no_cookie(self, person):
        from django.test import Client

        strict = Client(enforce_csrf_checks=True)
        assert strict.post(link(person(), "confirm")).status_code == 302
        assert not strict.cookies

    def test_shows_before_the_button_what_will_be_counted(self, client, person):
        text = text_of(client.get(link(person(name="Ann Example", show_name=True), "confirm")))
        assert "Ann Example" in text
        assert "Name shown yes" in text

    def test_works_once(self, client, person, campaign):
        address = link(person(), "confirm")
        client.post(address)
        again = client.post(address)
        assert "You have confirmed already" in text_of(again)
        assert backing_of(campaign).confirmed == 1

    def test_with_two_mails_counts_once(self, client, person, campaign):
        first = link(person(), "confirm")
        with later(minutes=11):
            second = link(person(), "confirm")
            one, other = client.post(first), client.post(second)
        assert one["Location"] == other["Location"]
        assert backing_of(campaign).confirmed == 1

    def test_is_over_after_some_days(self, client, person, campaign):
        address = link(person(), "confirm")
        with later(days=8):
            for response in (client.get(address), client.post(address)):
                assert response.status_code == 404
                assert "This link does not work" in text_of(response)
        assert backing_of(campaign).confirmed == 0

    @pytest.mark.parametrize("wrong", ["nothing", "a" * 500, "é", "%00"])
    def test_with_a_secret_that_is_none_finds_nothing(self, client, campaign, wrong):
        assert client.post(f"{CAMPAIGN}/pledge/confirm/{wrong}/").status_code == 404

    def test_with_the_secret_of_another_link_or_campaign_finds_nothing(self, client, person, campaign):
        letter = person()
        assert client.post(f"{CAMPAIGN}/pledge/confirm/{token(link(letter, 'remove'))}/").status_code == 404
        other = CampaignFactory()
        address = f"/campaigns/{other.slug}/pledge/confirm/{token(link(letter, 'confirm'))}/"
        assert client.post(address).status_code == 404

    def test_keeps_no_secret_in_the_database(self, person):
        letter = person()
        kept = str([list(m._default_manager.values()) for m in apps.get_models()])
        for purpose in ("confirm", "remove", "never"):
            assert token(link(letter, purpose)) not in kept

    def test_takes_the_newest_words_of_who_has_not_confirmed_and_none_of_who_has(self, client, person, campaign):
        letter = person(name="Ann Exmaple")
        pledges.pledge(campaign, name="Ann Example", email="ann@example.org", language="fr")
        client.post(link(letter, "confirm"))
        assert Pledge.objects.get().name == "Ann Example"
        pledges.pledge(campaign, name="Somebody Else", email="a.n.n@example.org")
        pledges.pledge(campaign, name="Somebody Else", email="Ann@example.org", show_name=True)
        pledge = Pledge.objects.get(email="ann@example.org")
        assert (pledge.name, pledge.show_name) == ("Ann Example", False)

    def test_pages_are_private(self, client, person):
        for response in (client.get(link(person(), "confirm")), client.get(f"{CAMPAIGN}/pledge/confirm/nothing/")):
            assert response["Cache-Control"] == "no-store"
            assert response["X-Robots-Tag"] == "noindex"
            assert response["Referrer-Policy"] == "same-origin"


class TestRemoving:
    def test_takes_the_button_too(self, client, person):
        address = link(person(), "remove")
        client.get(address)
        assert Pledge.objects.count() == 1
        assert "Your data is deleted" in text_of(client.post(address))
        assert not Pledge.objects.exists()
        assert client.post(address).status_code == 404

    def test_leaves_no_word_of_the_person_anywhere_but_a_number(self, client, person, campaign):
        letter = person(name="Canary Name", email="canary@example.org")
        client.post(link(letter, "confirm"))
        client.post(link(letter, "remove"))
        kept = str([list(m._default_manager.values()) for m in apps.get_models()]).casefold()
        assert "canary" not in kept
        assert backing_of(campaign).confirmed == 0
        day = DayTally.objects.get()
        assert (day.confirmed, day.removed, day.counted) == (1, 1, 0)
        assert counting.recount(repair=False) == []

    def test_before_confirming_is_no_number(self, client, person):
        client.post(link(person(), "remove"))
        assert not DayTally.objects.exists()

    def test_works_for_a_year(self, client, person):
        letter = person()
        client.post(link(letter, "confirm"))
        with later(days=360):
            assert client.post(link(letter, "remove")).status_code == 200

    def test_lets_the_person_come_back(self, client, person, campaign):
        letter = person()
        client.post(link(letter, "confirm"))
        client.post(link(letter, "remove"))
        with later(minutes=11):
            client.post(link(person(), "confirm"))
            assert backing_of(campaign).confirmed == 1

    def test_cancels_what_waits(self, client, person, campaign):
        letter = person()
        with later(minutes=11):
            pledges.pledge(campaign, name="Ann", email="ann@example.org")
            client.post(link(letter, "remove"))
            assert deliver() == []
            assert Mail.objects.filter(status="cancelled").count() == 1


class TestPurging:
    def test_deletes_what_was_never_confirmed_in_time(self, person, campaign):
        person()
        PledgeFactory(campaign=campaign)
        now = timezone.now()
        assert pledges.purge(now + timedelta(days=6)) == 0
        with later(days=8):
            assert pledges.purge(timezone.now()) == 1
        assert Pledge.objects.get().confirmed_at is not None

    def test_waits_for_a_link_that_still_works_and_for_a_mail_that_was_not_sent(self, person, campaign):
        person()
        with later(days=6):
            person()
        pledges.pledge(campaign, name="Bob", email="bob@example.org")
        with later(days=8):
            assert pledges.purge(timezone.now()) == 0

    def test_deletes_links_that_are_over(self, person):
        person()
        with later(days=366):
            pledges.purge(timezone.now())
        assert not PledgeToken.objects.exists()

    def test_is_part_of_tidying_up(self, person, capsys):
        from django.core.management import call_command

        person()
        with later(days=8):
            call_command("tidy")
        assert "1 unconfirmed pledges deleted" in capsys.readouterr().out


class TestReceipts:
    def read(self, client, receipt):
        return text_of(client.get(f"{CAMPAIGN}/account/", {"receipt": receipt}))

    def test_tell_their_person_that_they_are_counted_without_a_name(self, client, campaign):
        pledge = PledgeFactory(campaign=campaign, name="Canary Name", receipt="ABCD2345EFGH6789")
        text = self.read(client, "abcd-2345 efgh 6789")
        assert "Yes, it is counted." in text
        assert "Canary" not in text
        pledge.delete()
        assert "No pledge has this receipt" in self.read(client, "ABCD2345EFGH6789")

    def test_of_another_campaign_count_nowhere_else(self, client, campaign):
        PledgeFactory(campaign=CampaignFactory(), receipt="ABCD2345EFGH6789")
        assert "No pledge has this receipt" in self.read(client, "ABCD2345EFGH6789")

    def test_are_needed_for_the_page_of_thanks(self, client, campaign):
        for address in ("", "?receipt=", "?receipt=nothing"):
            assert client.get(f"{CAMPAIGN}/pledge/thanks/{address}").status_code == 404

    def test_are_kept_by_no_cache(self, client, campaign):
        assert client.get(f"{CAMPAIGN}/account/?receipt=X")["Cache-Control"] == "no-store"
        assert "public" in client.get(f"{CAMPAIGN}/account/")["Cache-Control"]


class TestTheApi:
    ADDRESS = f"{API}{CAMPAIGN}/pledges/"

    def post(self, client, values, **headers):
        return client.post(self.ADDRESS, values, "application/json", headers=headers)

    def test_takes_a_pledge_to_the_end(self, client, campaign):
        response = self.post(client, PERSON | {"state": "est", "show_name": True, "language": "zh-Hans"})
        assert response.status_code == 202
        letter = deliver()[0]
        assert letter.extra_headers["Content-Language"] == "zh-hans"
        client.post(link(letter, "confirm"))
        pledge = Pledge.objects.get()
        assert (pledge.counts, pledge.state_id, pledge.show_name) == (True, "EST", True)
        assert client.get(f"{API}{CAMPAIGN}/backing/").json()["confirmed"] == 1

    def test_answers_everybody_the_same(self, client, campaign):
        PledgeFactory(campaign=campaign, email="known@example.org")
        answers = {
            (r.status_code, r.content, str(sorted((k, v) for k, v in r.items() if k != "X-Request-Id")))
            for email in ("known@example.org", "new@example.org", "new@example.org")
            for r in [self.post(client, {"name": "Ann", "email": email})]
        }
        assert len(answers) == 1

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "www.spam.example"}, "name"),
            ({"email": "ann@"}, "email"),
            ({"email": None}, "email"),
            ({"state": "XYZ"}, "state"),
            ({"state": 5}, "state"),
            ({"show_name": "perhaps"}, "show_name"),
            ({"language": "tlh"}, "language"),
            ({"website": "x"}, "website"),
        ],
    )
    def test_names_what_is_wrong(self, client, campaign, values, field):
        response = self.post(client, PERSON | values)
        assert (response.status_code, list(response.json()["errors"])) == (400, [field])

    @pytest.mark.parametrize("body", ["", "[]", "5", '"x"', "{", "null"])
    def test_refuses_what_is_no_object(self, client, campaign, body):
        response = client.post(self.ADDRESS, body, "application/json")
        assert response.status_code == 400

    def test_acts_once_for_one_key(self, client, campaign):
        first = self.post(client, PERSON, **{"Idempotency-Key": "k1"})
        again = self.post(client, PERSON, **{"Idempotency-Key": "k1"})
        assert (again.status_code, again.json()) == (first.status_code, first.json())
        assert again["Idempotent-Replayed"] == "true"
        other = self.post(client, PERSON | {"name": "Bob"}, **{"Idempotency-Key": "k1"})
        assert other.status_code == 422
        assert Pledge.objects.count() == 1

    def test_forgets_a_key_whose_request_was_refused(self, client, campaign):
        assert self.post(client, PERSON | {"email": "x"}, **{"Idempotency-Key": "k1"}).status_code == 400
        assert self.post(client, PERSON, **{"Idempotency-Key": "k1"}).status_code == 202

    def test_only_takes(self, client, campaign):
        assert client.get(self.ADDRESS).status_code == 405


def test_a_mail_is_not_written_when_what_caused_it_is_undone(campaign, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("broken on the way")

    monkeypatch.setattr(outbox.deliver_mail.__class__, "enqueue", broken)
    with pytest.raises(RuntimeError):
        pledges.pledge(campaign, name="Ann", email="ann@example.org")
    assert not Pledge.objects.exists()
    assert not Mail.objects.exists()
    assert not mail.outbox


def test_a_link_is_used_up_in_the_transaction_that_it_causes(campaign, person, monkeypatch):
    letter = person()

    def broken(*args):
        raise RuntimeError("broken on the way")

    monkeypatch.setattr(counting, "confirmed", broken)
    with pytest.raises(RuntimeError):
        pledges.confirm(campaign, token(link(letter, "confirm")))
    assert not PledgeToken.objects.filter(used_at__isnull=False).exists()
    assert links.look_up(campaign, token(link(letter, "confirm")), PledgeToken.Purpose.CONFIRM)


class TestTheFormOfAnotherSite:
    @pytest.mark.parametrize(
        "origin", ["https://elsewhere.example", "null", "https://testserver.elsewhere.example", "http://["]
    )
    @pytest.mark.parametrize("address", [f"{CAMPAIGN}/pledge/", "/check/"])
    def test_is_refused_in_the_sites_own_words(self, client, campaign, address, origin):
        response = client.post(address, PERSON, headers={"Origin": origin})
        assert response.status_code == 403
        assert "The form could not be taken" in text_of(response)

    def test_is_told_from_our_own_without_a_cookie(self, form):
        fields = form.opened() | PERSON
        from django.test import Client

        strict = Client(enforce_csrf_checks=True)
        with later(seconds=3):
            response = strict.post(f"{CAMPAIGN}/pledge/", fields, headers={"Origin": "http://testserver"})
        assert response.status_code == 302
        assert not strict.cookies
