"""What a mirror reads: everything that became public, was corrected or was withdrawn, in order, each once."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from campaign.models import CampaignAction
from campaign.roles import CAMPAIGN_MANAGER
from config.kit.models import Generation, PublicChange
from config.kit.models.generations import answering, standing_of_answer
from config.kit.models.telling import kinds, tell
from news.models import Correction, Speaker, Statement
from news.newsroom import workflow
from news.roles import PUBLISHER
from tests.config.addresses import API
from tests.factories import SOURCE, CommitmentFactory, EditorFactory, StatementFactory, TreatyActionFactory
from tests.second_person import accept_all
from treaties.models import State, TreatyAction

pytestmark = pytest.mark.django_db
FEED = f"{API}/changes/"


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span), tick=False)


def follow(client, cursor=None, size=500):
    """Everything after a cursor, page by page, and where it ended."""
    address = f"{FEED}?page_size={size}" + (f"&cursor={cursor}" if cursor else "")
    found = []
    while address:
        answer = client.get(address).json()
        found += answer["results"]
        cursor, address = answer["cursor"] or cursor, answer["next"]
    return found, cursor


def test_everything_is_there_in_order_each_once_whatever_the_page(client):
    with later(seconds=5):
        whole, _cursor = follow(client)
        pages, _cursor = follow(client, size=97)
    assert whole == pages
    keys = [(c["kind"], c["key"], c["change"], c["at"]) for c in whole]
    assert len(set(keys)) == len(keys)
    assert [c["at"] for c in whole] == sorted(c["at"] for c in whole)
    assert sum(c["kind"] == "treaty_action" for c in whole) == TreatyAction.objects.confirmed().count()
    assert sum((c["kind"], c["change"]) == ("statement", "published") for c in whole) == 6 * 40


def test_a_first_load_corrects_nothing(client):
    with later(seconds=5):
        whole, _cursor = follow(client)
    told = {(c["kind"], c["change"]) for c in whole}
    assert {kind for kind, change in told if change != "published"} == {"statement", "translation"}
    assert {change for kind, change in told if kind == "translation"} == {"translated"}
    assert {change for _kind, change in told} == {"published", "translated"}


def test_what_editors_make_with_links_to_states_is_told_once(client, desk, campaign):
    with later(seconds=5):
        _whole, cursor = follow(client)
    editor = desk(CAMPAIGN_MANAGER)
    given = {
        "pillar": campaign.pillars.first().pk,
        "slug": "an-event",
        "kind": "event",
        "title": "An event",
        "summary": "It happens.",
        "date": "2026-12-01",
        "date_precision": "day",
        "status": "announced",
        "direction": "neutral",
        "states": ["EST", "FIN"],
        "source_url": SOURCE,
    }
    with later(seconds=6):
        made = editor.post(reverse("admin:campaign_campaignaction_add"), given)
        assert made.status_code == 302
        accept_all()
    row = CampaignAction.objects.get(slug="an-event")
    assert [c["change"] for c in follow(client, cursor)[0]] == ["published"]
    with later(seconds=20):
        page = reverse("admin:campaign_campaignaction_change", args=[row.pk])
        assert editor.post(page, given | {"states": ["TON"], "title": "Another"}).status_code == 302
        second = accept_all()
    with later(seconds=40):
        new, _cursor = follow(client, cursor)
    assert [(c["key"], c["change"]) for c in new] == [("an-event", "published"), ("an-event", "corrected")]
    assert [{s.state_id for s in version.states.all()} for version in row.history.all()] == [{"TON"}, {"EST", "FIN"}]
    assert row.history.first().history_user == second
    assert all(editor.user.username in version.history_change_reason for version in row.history.all())


def test_a_mirror_that_goes_on_hears_what_is_new_and_only_that(client, campaign):
    with later(seconds=5):
        _whole, cursor = follow(client)
        assert follow(client, cursor) == ([], cursor)
        statement = StatementFactory(workflow="published", publish_at=timezone.now())
        CommitmentFactory(pillar=campaign.pillars.first(), slug="new-promise")
    with later(seconds=9):
        new, cursor = follow(client, cursor)
    assert {(c["kind"], c["key"], c["change"]) for c in new} == {
        ("statement", statement.slug, "published"),
        ("commitment", "new-promise", "published"),
    }
    publisher = EditorFactory(role=PUBLISHER)
    with later(minutes=1):
        workflow.correct(Correction(statement=statement, text="A letter."), by=publisher)
        assert [c["change"] for c in follow(client, cursor)[0]] == ["corrected"]
    with later(minutes=2):
        workflow.withdraw(statement, by=publisher, reason="It was wrong.")
    with later(minutes=3):
        new, cursor = follow(client, cursor)
        assert [(c["key"], c["change"]) for c in new] == [(statement.slug, "corrected"), (statement.slug, "withdrawn")]
        assert follow(client, cursor)[0] == []


@pytest.mark.parametrize("sign", [signing.dumps, lambda content, salt: signing.Signer(salt=salt).sign_object(content)])
def test_a_cursor_of_an_earlier_version_begins_again(client, sign):
    whole, _cursor = follow(client)
    kept = sign(["2026-11-01T00:00:00+00:00", 3, 12], salt="news.changes")
    assert follow(client, kept)[0] == whole


def test_a_cursor_from_a_later_state_of_the_site_is_refused(client):
    _whole, cursor = follow(client)
    refused = client.get(f"{FEED}?cursor={int(cursor) + 1}")
    assert (refused.status_code, refused.json()["codes"]) == (400, {"cursor": ["unknown_cursor"]})


@pytest.mark.parametrize("forged", ["WzFd:x", "a:b:c", ":::", "WzFd"])
def test_a_cursor_that_the_site_did_not_sign_is_refused(client, forged):
    assert client.get(f"{FEED}?cursor={forged}").status_code == 400


def test_what_is_scheduled_appears_at_its_minute_and_not_before(client):
    with later(seconds=5):
        _whole, cursor = follow(client)
    StatementFactory(slug="embargoed", workflow="published", publish_at=timezone.now() + timedelta(hours=1))
    StatementFactory(slug="a-draft")
    with later(minutes=59):
        assert follow(client, cursor)[0] == []
    with later(minutes=61):
        assert [c["key"] for c in follow(client, cursor)[0]] == ["embargoed"]


def test_each_change_leads_to_the_thing(client):
    with later(seconds=5):
        whole, _cursor = follow(client)
    for kind in ("treaty_action", "statement", "campaign_action", "commitment"):
        statement = next(c for c in whole if c["kind"] == kind)
        assert client.get(statement["url"]).status_code == 200


@pytest.mark.parametrize("query", ["cursor=nothing", "page=2", "page_size=0", "page_size=501", "cursor="])
def test_what_cannot_be_read_is_named(client, query):
    response = client.get(f"{FEED}?{query}")
    assert (response.status_code, list(response.json()["errors"])) == (400, [query.split("=")[0]])


def test_a_page_costs_the_same_however_long_the_feed(nothing_is_kept, client, django_assert_max_num_queries):
    with later(seconds=5), django_assert_max_num_queries(14):
        client.get(f"{FEED}?page_size=500")


def test_every_public_statement_has_been_told(client):
    with later(seconds=5):
        whole, _cursor = follow(client)
    told = {c["key"] for c in whole if c["kind"] == "statement"}
    assert told == set(Statement.objects.public().values_list("slug", flat=True))


def test_what_is_told_is_read_from_the_first_database_and_not_from_a_replica(db):
    tell()
    standing = Generation.objects.standing(timezone.now())
    with answering(standing):
        tell()
        assert standing_of_answer() is standing  # nothing was to be told
        State.objects.filter(pk="NOR").update(common_name="Zq")
        assert tell() == 1
        assert standing_of_answer() is None


@pytest.mark.parametrize("kind", ["state", "treaty", "withdrawal_step", "obligation", "pillar", "position", "campaign"])
def test_every_kind_is_told_with_what_was_and_what_is(client, kind):
    _whole, cursor = follow(client)
    row = kinds()[kind].rows(timezone.now()).first()
    field = {"state": "formal_name", "pillar": "summary", "campaign": "summary", "position": "summary"}.get(
        kind, "note"
    )
    before = getattr(row, field)
    type(row).objects.filter(pk=row.pk).update(**{field: "Zq other words"})
    (entry,) = follow(client, cursor)[0]
    assert (entry["kind"], entry["change"]) == (kind, "corrected")
    assert (entry["before"][field], entry["after"][field]) == (before, "Zq other words")
    assert entry["sentence"].startswith("Corrected: ")
    assert entry["sequence"] > int(cursor)
    assert client.get(entry["url"]).status_code == 200


def test_a_name_of_a_state_is_renamed(client):
    _whole, cursor = follow(client)
    State.objects.filter(pk="TUR").update(name="Zq")
    (entry,) = follow(client, cursor)[0]
    assert (entry["change"], entry["before"]["name"], entry["after"]["name"]) == ("renamed", "Türkiye", "Zq")


def test_a_translation_is_told_of_its_original_too(client):
    now = {"workflow": "published", "publish_at": timezone.now()}
    original = StatementFactory(slug="zq", **now)
    _whole, cursor = follow(client)
    StatementFactory(slug="in-french", language="fr", translation_of=original, **now)
    told = {(entry["key"], entry["change"]) for entry in follow(client, cursor)[0]}
    assert told == {("in-french", "published"), ("zq", "translated")}


def test_nothing_of_a_withdrawn_text_is_repeated(client):
    statement = StatementFactory(title="Zq words", body="Zq body", workflow="published", publish_at=timezone.now())
    assert "Zq words" in client.get(f"{FEED}?page_size=500&cursor={newest() - 1}").content.decode()
    workflow.withdraw(statement, by=EditorFactory(role=PUBLISHER), reason="It was wrong.")
    whole, _cursor = follow(client)
    ours = [entry for entry in whole if entry["key"] == statement.slug]
    assert [entry["change"] for entry in ours] == ["published", "withdrawn"]
    assert ours[0]["after"] is None
    assert ours[1]["after"]["withdrawn_reason"] == "It was wrong."
    assert "Zq" not in str(ours)


def test_a_speaker_who_is_renamed_is_told_of_each_of_their_texts(client):
    _whole, cursor = follow(client)
    speaker = Statement.objects.get(slug="sgsm22686").speaker
    Speaker.objects.filter(pk=speaker.pk).update(name="Zq")
    told = follow(client, cursor)[0]
    assert {entry["key"] for entry in told} == set(speaker.statements.public().values_list("slug", flat=True))
    assert {entry["after"]["speaker"]["name"] for entry in told} == {"Zq"}


def test_an_act_that_takes_the_place_of_another_is_told_as_its_correction(client, convention):
    first = TreatyActionFactory(treaty=convention, state_id="NPL", action="signature", deposited_on="1998-01-01")
    _whole, cursor = follow(client)
    TreatyActionFactory(
        treaty=convention, state_id="NPL", action="signature", deposited_on="1998-01-02", replaces=first, reason="Zq"
    )
    corrected = [entry for entry in follow(client, cursor)[0] if entry["change"] == "corrected"]
    assert [(e["before"]["deposited_on"], e["after"]["deposited_on"]) for e in corrected] == [
        ("1998-01-01", "1998-01-02")
    ]


def newest():
    tell()
    return PublicChange.objects.newest()
