"""Whatever comes in by form, admin, API, table, data file or code, everything that goes out is well-formed."""

import io
import re
import shutil
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.management import call_command
from django.db import models
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from openpyxl import load_workbook

from campaign.management.commands import load_campaign
from campaign.models import CampaignAction, Commitment
from campaign.pledging import pledges
from campaign.roles import CAMPAIGN_MANAGER
from config.kit.api import access_tokens
from config.kit.migrations._clean_texts import CONTROLS, clean_old_rows
from config.kit.models import Proposal
from config.kit.proposals import refuse
from news import alerts
from news.models import Quotation, Speaker, Statement
from news.roles import NEWSROOM_EDITOR
from tests.campaign.conftest import deliver
from tests.config.addresses import API, CAMPAIGN, MBC
from tests.factories import SOURCE, EditorFactory, OfficerFactory, StatementFactory, TreatyActionFactory
from tests.second_person import accept_all
from treaties import ledger
from treaties.ledger import tables
from treaties.models import TreatyAction
from treaties.pages.feeds import LedgerFeed
from treaties.roles import TREATY_OFFICER

pytestmark = pytest.mark.django_db
HOSTILE = "Zq\x0bone\x0ctwo\x01\x1f three\u200f\ufeff\r\nBcc: a@example.net\x85end\ufffe"
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
XML = ["/news/feed.atom", "/news/feed.rss", "/news/sitemap.xml", "/sitemap.xml", f"{MBC}/feed.atom"]
JSON = ["/news/feed.json", f"{API}/statements/", f"{API}/campaign-actions/", f"{API}/commitments/", f"{API}/changes/"]
TABLES = [f"{API}/statements/", f"{API}/treaty-actions/", f"{API}/campaign-actions/", f"{API}/commitments/"]
CALENDARS = [f"{CAMPAIGN}/events.ics", f"{MBC}/deadlines.ics"]
PAGES = ["/", "/news/", f"{CAMPAIGN}/", f"{CAMPAIGN}/commitments/", f"{MBC}/ledger/", "/search/?q=Zq"]


@pytest.fixture(autouse=True)
def nothing_spent():
    cache.clear()


@pytest.fixture
def check(client):
    """Reads everything that goes out, as the programs of others do."""

    def read(*, is_shown_at: str):
        bodies = {address: client.get(address) for address in [*XML, *JSON, *CALENDARS, *PAGES]}
        assert {a: r.status_code for a, r in bodies.items() if r.status_code != 200} == {}
        for address in XML:
            ET.fromstring(bodies[address].content)
        for address in JSON:
            bodies[address].json()
        for address in CALENDARS:
            Calendar.from_ical(bodies[address].content)
        for address, response in bodies.items():
            assert not FORBIDDEN.search(response.content.decode()), address
        for address in TABLES:
            lines = client.get(f"{address}?format=csv&page_size=50").content.decode()
            assert not FORBIDDEN.search(lines)
            load_workbook(io.BytesIO(client.get(f"{address}?format=xlsx&page_size=50").content))
        assert "Zq" in bodies[is_shown_at].content.decode()

    return read


def publish(slug):
    Statement.objects.filter(slug=slug).update(workflow="published", publish_at=timezone.now() - timedelta(minutes=1))


class TestTheWaysIn:
    def test_by_the_admin(self, desk, check):
        texts = dict.fromkeys(("title", "body", "symbol", "byline", "date_note", "source_note"), HOSTILE)
        given_ = {
            "slug": "zq",
            "kind": "news",
            "language": "en",
            "dated_on": timezone.now().date(),
            "stance": "reports",
        }
        inlines = {
            f"{n}-{s}_FORMS": "0"
            for n in ("quotations", "figures", "videos", "corrections")
            for s in ("TOTAL", "INITIAL")
        }
        made = desk(NEWSROOM_EDITOR).post(
            reverse("admin:news_statement_add"), given_ | texts | inlines | {"symbol": "Zq", "source_url": SOURCE}
        )
        assert made.status_code == 302, made.context["adminform"].form.errors
        publish("zq")
        check(is_shown_at="/news/feed.atom")

    def test_by_the_admin_of_the_campaign(self, desk, campaign, check):
        texts = dict.fromkeys(("title", "summary", "place", "who", "doubt"), HOSTILE)
        given_ = {
            "pillar": campaign.pillars.first().pk,
            "slug": "zq",
            "kind": "event",
            "date": timezone.now().date(),
            "date_precision": "day",
            "status": "announced",
            "direction": "neutral",
            "source_url": SOURCE,
        }
        made = desk(CAMPAIGN_MANAGER).post(reverse("admin:campaign_campaignaction_add"), given_ | texts)
        assert made.status_code == 302, made.context["adminform"].form.errors
        accept_all()
        check(is_shown_at=CALENDARS[0])

    def test_by_the_api(self, client, campaign, check):
        today = timezone.now().date().isoformat()
        _token, manager = access_tokens.issue(
            EditorFactory(role=CAMPAIGN_MANAGER), name=HOSTILE, expires_at=timezone.now() + timedelta(days=1)
        )
        _token, editor = access_tokens.issue(
            EditorFactory(role=NEWSROOM_EDITOR), name="x", expires_at=timezone.now() + timedelta(days=1)
        )
        pillar = f"{campaign.slug}/{campaign.pillars.first().slug}"
        for secret, path, values in (
            (
                editor,
                "statements",
                {"slug": "zq", "kind": "news", "title": HOSTILE, "body": HOSTILE, "dated_on": today},
            ),
            (manager, "commitments", {"pillar": pillar, "slug": "zq", "title": HOSTILE, "announced_on": today}),
        ):
            extra = {"stance": "reports", "language": "en"} if path == "statements" else {"by_organization": HOSTILE}
            made = client.post(
                f"{API}/{path}/",
                values | extra | {"source_url": SOURCE},
                "application/json",
                headers={"Authorization": f"Bearer {secret}"},
            )
            assert made.status_code == 201, made.content
        accept_all()
        publish("zq")
        check(is_shown_at=f"{CAMPAIGN}/commitments/")

    def test_by_the_refusal_of_a_proposal(self, desk, state):
        state_admin = reverse("admin:treaties_statename_add")
        names = {"state": "FIN", "kind": "also_known", "name": "Zq", "source_url": SOURCE}
        desk(TREATY_OFFICER).post(state_admin, names)
        refused = refuse(Proposal.objects.get(), reason=HOSTILE, by=EditorFactory(role=TREATY_OFFICER))
        assert not FORBIDDEN.search(refused.reason)

    def test_by_a_table(self, check):
        header = [*tables.REQUIRED, "note"]
        line = ["mine-ban-convention", "CHN", "accession", "2026-03-10", SOURCE, f'"{HOSTILE}"']
        read = tables.read_acts("\n".join([",".join(header), ",".join(line)]).encode())
        assert read.wrong == []
        tables.record_acts(read.rows, by=OfficerFactory())
        ledger.confirm(TreatyAction.objects.waiting().get(), by=OfficerFactory())
        check(is_shown_at=f"{MBC}/ledger/")

    def test_by_a_data_file(self, tmp_path, check):
        folder = shutil.copytree(load_campaign.Command.data_folder, tmp_path / "data")
        path = folder / "campaign.yaml"
        words = path.read_text()
        kept = next(line for line in words.splitlines() if "slug: norway-stays" in line)
        escaped = HOSTILE.encode("unicode_escape").decode().replace("\\ufeff", "\\uFEFF")
        added = re.sub(r'title: "[^"]*"', f'title: "{escaped}"'.replace("\\", "\\\\"), kept).replace(
            "norway-stays", "zq"
        )
        path.write_text(words.replace(kept, f"{kept}\n{added}"))
        call_command("load_campaign", data=folder, verbosity=0)
        assert Commitment.objects.get(slug="zq").title.startswith("Zq one two three")
        check(is_shown_at=f"{CAMPAIGN}/commitments/")

    def test_by_code_that_writes_many_rows_at_once(self, campaign, check):
        pillar = campaign.pillars.first()
        Commitment.objects.bulk_create(
            [Commitment(pillar=pillar, slug="zq", title=HOSTILE, by_organization="A", announced_on=date(2026, 1, 1))]
        )
        CampaignAction.objects.filter(kind="event").update(title=HOSTILE, summary=HOSTILE, place=HOSTILE)
        check(is_shown_at=f"{CAMPAIGN}/")

    def test_by_a_visitors_form_into_a_mail(self, campaign):
        pledges.pledge(campaign, name="Zq\x0bone", email="ann@example.org")
        alerts.subscribe(email="bob@example.org", topic="statements")
        for letter in deliver():
            lines = letter.message().as_bytes().split(b"\n\n")[0]
            assert b"\nTo: " in lines
            assert b"List-Unsubscribe" in lines
            assert not FORBIDDEN.search(letter.subject + letter.body)

    @settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(words=st.text(st.characters(), min_size=1, max_size=60))
    def test_with_any_text_in_every_text_field_that_is_told(self, check, words):
        Statement.objects.filter(slug="zq").delete()
        statement = StatementFactory(
            slug="zq", workflow="published", publish_at=timezone.now() - timedelta(minutes=1), title=f"Zq {words}"
        )
        texts = [f.name for f in statement._meta.concrete_fields if type(f).__name__ in ("LineField", "ProseField")]
        for name in texts:
            field = statement._meta.get_field(name)
            if not field.choices and name not in ("title", "body", "emergency_reason"):
                setattr(statement, name, words[: field.max_length or 60])
        statement.body = words.replace("{{", "")
        statement.speaker = Speaker.objects.get_or_create(name="Zq speaker")[0]
        statement.save()
        Quotation.objects.get_or_create(statement=statement, text=words or "x", position=1)
        check(is_shown_at="/news/feed.atom")
        statement.quotations.all().delete()


class TestOldRows:
    """An older version kept what comes in as it came."""

    def test_lose_their_control_characters(self, check):
        statement = StatementFactory(workflow="published", publish_at=timezone.now() - timedelta(minutes=1), title="Zq")
        raw = models.CharField()
        Statement.objects.filter(pk=statement.pk).update(
            title=models.Value("Zq\x0bone", output_field=raw), body=models.Value("A\x0cB\x01", output_field=raw)
        )
        assert "\x0b" in Statement.objects.get(pk=statement.pk).title
        assert clean_old_rows(apps, "news") == 1
        statement.refresh_from_db()
        assert (statement.title, statement.body) == ("Zq one", "A\nB")
        check(is_shown_at="/news/feed.atom")

    def test_of_the_ledger_stay_sealed_and_break_no_feed(self, convention, check):
        row = TreatyActionFactory.build(
            treaty=convention, state_id="CHN", note="Zq", confirmed_at=datetime(2026, 1, 1, tzinfo=UTC)
        )
        ledger.import_confirmed([row], at=timezone.now(), reason="For a test")
        row.note = "Zq\x0bone"
        assert FORBIDDEN.search(row.note)
        assert not FORBIDDEN.search(LedgerFeed().item_description(row))
        assert ledger.verify(convention) == []

    def test_are_asked_for_by_every_control_character(self):
        assert len(CONTROLS) == 29


def test_no_model_with_texts_is_left_out_of_the_property_above():
    """Every app that keeps texts has a way in that is tried here."""
    kept = {
        m._meta.app_label for m in apps.get_models() if any(type(f).__name__ == "ProseField" for f in m._meta.fields)
    }
    assert kept == {"kit", "treaties", "campaign", "news"}
