"""Attacks of one editor alone that once held: each changed what is public, by the admin's own pages."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from campaign.models import Endorsement
from campaign.roles import CAMPAIGN_MANAGER
from news.models import Bundle, Quotation, Statement
from news.newsroom import bundles, workflow
from news.roles import NEWSROOM_EDITOR, PUBLISHER
from tests.config.kit.test_seen import opened, page_of
from tests.factories import SOURCE, EditorFactory, OfficerFactory, StatementFactory
from treaties import ledger
from treaties.models import Article, Declaration, State, Treaty, TreatyAction, WithdrawalStep
from treaties.roles import TREATY_OFFICER

pytestmark = pytest.mark.django_db


def seen_of(client, page):
    m = re.search(r'name="seen" value="([^"]+)"', client.get(page).content.decode())
    return {"seen": m[1]} if m else {}


@pytest.fixture
def waiting(convention):
    return ledger.record(
        TreatyAction(
            treaty=convention, state_id="PAK", action="accession", deposited_on=date(2026, 1, 5), source_url=SOURCE
        ),
        by=OfficerFactory(),
    )


def to_russia(row):
    c = TreatyAction.objects.get(pk=row.pk)
    c.state_id = "RUS"
    ledger.record(c, by=c.recorded_by)


def test_an_act_edited_between_look_and_button_is_not_confirmed(desk, waiting):
    o = desk(TREATY_OFFICER)
    page = reverse("admin:treaties_treatyaction_confirm", args=[waiting.pk])
    seen = seen_of(o, page)
    to_russia(waiting)
    o.post(page, seen | {"step": "confirm"})
    waiting.refresh_from_db()
    assert not waiting.is_confirmed


def bundle_of(waiting, publisher):
    b = Bundle.objects.create(title="B", release_at=timezone.now() + timedelta(seconds=1))
    b.acts.set([waiting])
    bundles.approve_acts(b, by=OfficerFactory())
    bundles.approve_texts(b, by=publisher)
    return b


def test_an_act_edited_after_its_bundle_was_approved_does_not_go_public(waiting):
    bundle_of(waiting, EditorFactory(role=PUBLISHER))
    to_russia(waiting)
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        bundles.release_due(timezone.now())
    waiting.refresh_from_db()
    assert not waiting.is_confirmed


def test_a_moment_moved_after_the_approval_drops_it(desk, waiting):
    p = desk(PUBLISHER)
    b = bundle_of(waiting, EditorFactory(role=PUBLISHER))
    p.post(
        f"/admin/news/bundle/{b.pk}/change/",
        {
            "title": "B",
            "release_at_0": "2030-01-01",
            "release_at_1": "12:00:00",
            "announced_as": "",
            "statements": [],
            "acts": [waiting.pk],
            "actions": [],
        },
    )
    b.refresh_from_db()
    assert b.acts_approved_by is None


@pytest.mark.parametrize(
    ("role", "row", "values"),
    [
        (TREATY_OFFICER, lambda: Treaty.objects.main(), {"withdrawal_notice_months": "60"}),
        (TREATY_OFFICER, lambda: State.objects.get(pk="NOR"), {"name": "Zq"}),
        (TREATY_OFFICER, lambda: State.objects.get(pk="NOR"), {"region": "Zq"}),
        (TREATY_OFFICER, lambda: WithdrawalStep.objects.first(), {"detail": "Zq"}),
        (TREATY_OFFICER, lambda: Declaration.objects.first(), {"summary": "Zq"}),
        (TREATY_OFFICER, lambda: Article.objects.first(), {"heading": "Zq"}),
        (
            NEWSROOM_EDITOR,
            lambda: Quotation.objects.filter(statement__in=Statement.objects.public()).first(),
            {"text": "Zq"},
        ),
        (NEWSROOM_EDITOR, lambda: Statement.objects.get(slug="sgsm22686").speaker, {"name": "Zq"}),
        (NEWSROOM_EDITOR, lambda: Statement.objects.get(slug="sgsm22686").speaker.roles.first(), {"role": "Zq"}),
    ],
    ids=["rule", "name", "region", "step", "declaration", "article", "quotation", "speaker", "role"],
)
def test_one_editor_alone_changes_nothing_by_a_form(desk, role, row, values):
    c = desk(role)
    r = row()
    c.post(page_of(r), {k: v for k, v in opened(c, r).items() if v is not None} | values)
    f = type(r).objects.get(pk=r.pk)
    assert {k: str(getattr(f, k)) for k in values} != {k: str(v) for k, v in values.items()}


def test_no_step_is_deleted(desk):
    s = WithdrawalStep.objects.first()
    desk(TREATY_OFFICER).post(f"/admin/treaties/withdrawalstep/{s.pk}/delete/", {"post": "yes"})
    assert WithdrawalStep.objects.filter(pk=s.pk).exists()


def test_no_approval_survives_a_new_quotation(desk):
    s = StatementFactory(author=EditorFactory(role=NEWSROOM_EDITOR))
    workflow.submit(s, by=s.author)
    s.refresh_from_db()
    workflow.approve(s, by=EditorFactory(role=PUBLISHER))
    desk(NEWSROOM_EDITOR).post(
        "/admin/news/quotation/add/", {"statement": s.pk, "text": "Zq", "source_url": SOURCE, "position": "1"}
    )
    s.refresh_from_db()
    assert s.workflow != "approved"


def test_no_publisher_approves_words_of_their_own(desk):
    s = StatementFactory(author=EditorFactory(role=NEWSROOM_EDITOR))
    p = desk(PUBLISHER)
    p.post(page_of(s), {k: v for k, v in opened(p, s).items() if v is not None} | {"body": "My own words."})
    review = reverse("admin:news_statement_review", args=[s.pk])
    for move in ("submit", "approve", "publish"):
        p.post(review, seen_of(p, review) | {"move": move})
    s.refresh_from_db()
    assert s.body == "My own words."
    assert s.workflow != "published"


def test_no_correction_by_one_replaces_a_text(desk):
    s = Statement.objects.get(slug="sgsm22686")
    p = desk(PUBLISHER)
    page = reverse("admin:news_statement_correct", args=[s.pk])
    p.post(page, seen_of(p, page) | {"title": "Zq", "body": "Zq", "text": "Zq"})
    s.refresh_from_db()
    assert s.title != "Zq"


def test_no_endorsement_by_one_is_public(desk, campaign):
    desk(CAMPAIGN_MANAGER).post(
        "/admin/campaign/endorsement/add/",
        {"campaign": campaign.pk, "kind": "city", "name": "Zq", "endorsed_on": "2026-01-02", "source_url": SOURCE},
    )
    assert not Endorsement.objects.of(campaign).filter(name="Zq").exists()
