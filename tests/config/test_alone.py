"""One person with every role and right, but alone, tries to change each public field by every door: the site stays as it was.

The models come from the registries of Django and of the admin, the fields from the forms themselves. Each test takes the attack
on a model; a second test takes a guard away and sees that the same attack is noticed then.
"""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from campaign.models import Campaign, CampaignAction, Commitment, Endorsement, HumanitarianFigure, Pillar, Position
from config.kit import admin_base
from config.kit.api import access_tokens, writing
from config.kit.models import Proposal, Translation
from config.kit.models.row_versions import fingerprint
from config.kit.proposals import contents_of, guards, service
from news.models import Bundle, Figure, Photo, Quotation, Speaker, SpeakerRole, Statement, Video
from news.newsroom import public_changes, workflow
from news.newsroom.bundles import release_due
from news.roles import NEWSROOM_EDITOR
from tests.config.addresses import API, CAMPAIGN, EVERYTHING, LISTS, MBC
from tests.config.kit.test_seen import opened, page_of
from tests.factories import SOURCE, EditorFactory, EndorsementFactory, FigureFactory
from tests.reading import hidden_of
from treaties.models import (
    Article,
    Declaration,
    DepositaryNotification,
    Extension,
    GroupMembership,
    LedgerRecord,
    Obligation,
    State,
    StateName,
    Treaty,
    TreatyAction,
    WithdrawalStep,
)

pytestmark = [pytest.mark.django_db, pytest.mark.walk]

BY_FORMS = [
    State,
    StateName,
    GroupMembership,
    Treaty,
    Article,
    WithdrawalStep,
    Obligation,
    Extension,
    Declaration,
    DepositaryNotification,
    Campaign,
    Pillar,
    CampaignAction,
    Commitment,
    Endorsement,
    HumanitarianFigure,
    Position,
    Figure,
    Quotation,
    Video,
    Speaker,
    SpeakerRole,
    Photo,
    Translation,
]
"""The models whose rows are changed by forms of the admin."""
BY_SERVICES = {"treatyaction", "armedconflicthold", "statement", "correction", "edition", "oldslug", "followup"}
"""Models with service functions of their own: tried below, each by its doors."""
NOT_PUBLIC = {
    "periodictask": "written by the scheduler alone",
    "generation": "written by triggers of the database alone",
    "comparison": "closed by a second officer; what is public of it is the treaty's",
    "difference": "decided by an officer, confirmed in the ledger",
    "sentsource": "readers' sources, for officers",
    "ledgerhead": "written by the chain alone",
    "ledgersequence": "written by the chain alone",
    "sealedversion": "written by the chain alone",
    "accesslogentry": "for the auditor",
    "pledge": "a person's own",
    "pledgetoken": "a person's own",
    "removedpledge": "counted, never shown",
    "suppression": "a person's own",
    "mail": "a person's own",
    "daytally": "counted by the site",
    "campaigntally": "counted by the site",
    "statetally": "counted by the site",
    "tally": "counted by the site",
    "invalidation": "of pledges, by moderators; its own rules",
    "bundle": "its line in the calendar has an approval of its own",
    "previewlink": "for who was shown a draft",
    "previewopening": "for editors",
    "reviewcomment": "for editors",
    "subscription": "a person's own",
    "searchdocument": "computed",
    "accesstoken": "an editor's own",
    "idempotentrequest": "kept for a day",
    "loadedrow": "of the loaders",
    "rolegrant": "for the auditor and the administrators",
    "staffevent": "for the auditor and the administrators",
    "proposal": "what waits for a second person",
    "changemark": "written by triggers of the database alone",
    "publicchange": "told by the site of what was accepted",
    "webhook": "an editor's own",
    "snapshot": "written by a command from what is public",
}


@pytest.fixture(autouse=True)
def one_moment():
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def alone(desk):
    """One person with all roles and all rights."""
    client = desk(None, is_superuser=True)
    client.user.groups.set(Group.objects.all())
    return client


@pytest.fixture
def record(campaign):
    """Something of every kind on the public pages."""
    statement = Statement.objects.get(slug="sgsm22686")
    FigureFactory(statement=statement, text="165 parties", value=165, on=date(2025, 6, 16))
    photo = Photo.objects.create(
        credit="Zq", caption="Zq", alt="Zq", renditions={"stem": "zq", "widths": [400], "width": 400, "height": 300}
    )
    Statement.objects.filter(pk=statement.pk).update(photo=photo)
    Video.objects.create(statement=statement, title="Zq", url=SOURCE, captions="Zq", minutes=3)
    EndorsementFactory(campaign=campaign, verified_by=EditorFactory())


WHOLE = [f"{address}?page_size=500" for address in [*LISTS, f"{API}/changes/"]]
WATCHED = [address for address in [*EVERYTHING, *WHOLE, f"/ar{CAMPAIGN}/"] if "/docs/" not in address]
OF_AN_APP = {
    "treaties": [
        *WHOLE[:6],
        f"{MBC}/",
        f"{MBC}/deadlines/",
        f"{MBC}/declarations/",
        "/states/est/",
        f"{API}/treaties/mine-ban-convention/status/",
    ],
    "campaign": [
        *WHOLE[6:10],
        f"{CAMPAIGN}/",
        f"{CAMPAIGN}/commitments/",
        f"{CAMPAIGN}/account/",
        "/what-the-ban-is/",
        f"{MBC}/withdrawals/",
    ],
    "news": [WHOLE[10], "/news/sgsm22686/"],
    "kit": [f"/ar{CAMPAIGN}/"],
}
"""Where a change of something of an app is seen, if nothing stops it."""


def answers_to(client, addresses) -> dict[str, bytes]:
    """What the site answers to a visitor."""
    return {address: client.get(address).content for address in addresses}


def differing(client, before) -> list[str]:
    return [address for address, content in answers_to(client, before).items() if content != before[address]]


def row_of(model):
    """A row that the public sees."""
    match model._meta.model_name:
        case "state":
            return State.objects.get(pk="EST")
        case "treaty":
            return Treaty.objects.main()
        case "article":
            return Article.objects.filter(treaty__slug="mine-ban-convention").first()
        case "speaker":
            return Statement.objects.get(slug="sgsm22686").speaker
        case "speakerrole":
            return Statement.objects.get(slug="sgsm22686").speaker.roles.first()
        case "figure" | "quotation" | "video":
            # Of an original: what is watched from outside is in English.
            return model.objects.filter(statement__in=Statement.objects.public().filter(translation_of=None)).first()
        case "position":
            return model.objects.filter(kind="reason", states="POL").first()
        case "humanitarianfigure":
            return model.objects.of_the_world().filter(measure="casualties").order_by("-year").first()
        case "translation":
            return model.objects.get(kind="campaign", language="ar")
        case "photo":
            return model.objects.filter(statements__isnull=False).first()
    return model.objects.order_by("pk").first()


def another(bound):
    """Another value for a field of a form, as a browser would send it; None where there is none."""
    field, value = bound.field, bound.value()
    match field:
        case forms.ModelMultipleChoiceField():
            chosen = {str(getattr(v, "pk", v)) for v in value or []}
            more = [str(row.pk) for row in field.queryset[:5] if str(row.pk) not in chosen]
            return [*chosen, *more[:1]]
        case forms.ModelChoiceField():
            return next((row.pk for row in field.queryset[:5] if str(row.pk) != str(value)), None)
        case forms.ChoiceField():
            return next((key for key, _label in field.choices if key not in ("", value)), None)
        case forms.BooleanField():
            return None if value else "on"
        case forms.DateField():
            return (value if isinstance(value, date) else date(2020, 1, 1)) + timedelta(days=1)
        case forms.SplitDateTimeField() | forms.FileField():
            return None
        case forms.IntegerField() | forms.DecimalField():
            return Decimal(value or 0) + 1
        case forms.URLField():
            return f"{SOURCE}/zq"
        case forms.CharField():
            return "https://example.org/zq" if str(value or "").startswith("http") else f"{value or ''} zq".strip()
    return None


MOST_INLINES = 2


def read_page(client, row) -> tuple[dict, list]:
    """A page of the admin: what a browser would send back, and another value for each field, inlines too."""
    page = client.get(page_of(row))
    formsets = [f.formset for f in page.context["inline_admin_formsets"]]
    main = page.context["adminform"].form
    given, others = {}, []
    for form in [main, *(f.management_form for f in formsets), *(form for f in formsets for form in f.forms)]:
        for bound in form:
            value = bound.value()
            if isinstance(value, (list, tuple)):
                given[bound.html_name] = [getattr(v, "pk", v) for v in value]
            elif value is not None and value is not False:
                given[bound.html_name] = value
    for form in [main, *(form for f in formsets for form in f.initial_forms[:MOST_INLINES])]:
        for bound in form:
            if bound.name in ("seen_row", "id", "DELETE") or bound.field.disabled:
                continue
            is_box = isinstance(bound.field, forms.BooleanField)
            others.append((bound.html_name, another(bound), is_box and bound.html_name in given))
    return given, others


class Attack:
    """What one person tries on a model, and how often."""

    def __init__(self, client):
        self.client = client
        self.tried = Counter()
        self.taken = Counter()

    def post(self, door, address, values):
        answer = self.client.post(address, values)
        self.tried[door] += 1
        self.taken[door] += answer.status_code == 302
        return answer

    def by_form(self, row):
        page, others = read_page(self.client, row)
        for name, value, unticks in others:
            given = {k: v for k, v in page.items() if not (unticks and k == name)}
            if not unticks and value is None:
                continue
            if not unticks:
                given[name] = value
            answer = self.post("form", page_of(row), given)
            if answer.status_code == 302 and "/proposal/" not in answer["Location"]:
                page, _others = read_page(self.client, row)  # something was saved: the next is tried on that
        self.post("popup", f"{page_of(row)}?_popup=1", given | {"_popup": 1})

    def by_adding(self, row):
        """A copy of the row, as new, with all of its fields changed that can be."""
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_add"
        page, others = read_page(self.client, row)
        given = {k: 0 if k.endswith(("INITIAL_FORMS", "TOTAL_FORMS")) else v for k, v in page.items()}
        given |= {name: value for name, value, _unticks in others if value is not None}
        self.post("add", reverse(name), {k: v for k, v in given.items() if k != "seen_row"})

    def by_lists(self, row):
        """Each action of the list, and the page that it asks to confirm."""
        model_admin = admin.site.get_model_admin(type(row))
        address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_changelist")
        page = self.client.get(address)
        for name in model_admin.get_actions(page.wsgi_request):
            shown = self.post("list", address, {"action": name, "_selected_action": [row.pk], "post": "yes"})
            self.client.post(address, hidden_of(shown) | {"reason": "Zq", "apply": "1"})

    def by_deleting(self, row):
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_delete"
        self.post("delete", reverse(name, args=[row.pk]), {"post": "yes"})

    def by_history(self, row):
        version = row.history.last() if hasattr(row, "history") else None
        if version is not None:
            name = f"admin:{row._meta.app_label}_{row._meta.model_name}_simple_history"
            given, _others = read_page(self.client, row)
            self.post("history", reverse(name, args=[row.pk, version.pk]), given | {"name": "Zq", "title": "Zq"})

    def by_accepting(self):
        """What was proposed is accepted by the same person, by the page and by the list."""
        for proposal in Proposal.objects.open():
            seen = fingerprint(contents_of(proposal))
            self.post("accept", proposal.get_absolute_url(), {"step": "accept", "seen": seen})

    def on(self, row):
        self.by_form(row)
        self.by_adding(row)
        self.by_lists(row)
        self.by_deleting(row)
        self.by_history(row)
        self.by_accepting()


def follow_up_alone(attack):
    row = Commitment.objects.get(slug="norway-stays")
    given = {k: v for k, v in opened(attack.client, row).items() if v is not None}
    n = given["follow_ups-TOTAL_FORMS"]
    heard = {"on": timezone.now().date(), "status": row.status, "text": "Zq heard"}
    given |= {f"follow_ups-{n}-{name}": value for name, value in heard.items()}
    attack.post("inline", page_of(row), given | {"follow_ups-TOTAL_FORMS": int(n) + 1})
    attack.by_accepting()


def act_alone(attack):
    """Record acts by form and table, and confirm them alone, by page, list and bundle; edit what is confirmed."""
    convention = Treaty.objects.main()
    given = {"treaty": convention.pk, "state": "CHN", "action": "accession", "deposited_on": "2026-03-10"}
    given |= {"source_url": SOURCE, "armed_conflict_holds-TOTAL_FORMS": "0", "armed_conflict_holds-INITIAL_FORMS": "0"}
    attack.post("form", reverse("admin:treaties_treatyaction_add"), given)
    table = f"treaty,iso3,action,date,source_url\nmine-ban-convention,IND,accession,2026-03-10,{SOURCE}\n"
    read = attack.client.post(
        reverse("admin:treaties_treatyaction_import"), {"import_file": SimpleUploadedFile("a.csv", table.encode())}
    )
    assert not read.context["form"].errors, read.context["form"].errors
    acts = read.context["confirm_form"].initial["acts"]
    attack.post("import", reverse("admin:treaties_treatyaction_process_import"), {"acts": acts})
    assert TreatyAction.objects.waiting().count() == 2
    bundle_alone(attack, TreatyAction.objects.waiting())
    for row in TreatyAction.objects.waiting():
        page = reverse("admin:treaties_treatyaction_confirm", args=[row.pk])
        attack.post("page", page, {"step": "confirm", "seen": hidden_of(attack.client.get(page)).get("seen", [""])[0]})
        attack.by_lists(row)
        changed = {k: v for k, v in opened(attack.client, row).items() if v is not None}
        attack.post("form", page_of(row), changed | {"deposited_on": "2026-03-11"})
        attack.post("page", page, {"step": "confirm", "seen": hidden_of(attack.client.get(page)).get("seen", [""])[0]})
    confirmed = TreatyAction.objects.of(convention).confirmed().first()
    attack.by_lists(confirmed)
    attack.by_deleting(confirmed)
    attack.post("form", page_of(confirmed), given)


def bundle_alone(attack, acts):
    """Put acts into a bundle of one's own with a line for the calendar, approve all of it, and wait for its moment."""
    moment = timezone.now() + timedelta(minutes=1)
    given = {"title": "Zq", "release_at_0": f"{moment:%Y-%m-%d}", "release_at_1": f"{moment:%H:%M:%S}"}
    given |= {"announced_as": "Zq line", "acts": [act.pk for act in acts]}
    attack.post("form", reverse("admin:news_bundle_add"), given)
    attack.by_lists(Bundle.objects.get(title="Zq"))
    with time_machine.travel(moment + timedelta(minutes=1), tick=False):
        release_due(timezone.now())


def statement_alone(attack):
    """Correct, move and rewrite what is published; write, approve and publish a draft of one's own."""
    statement = Statement.objects.get(slug="sgsm22686")
    page = reverse("admin:news_statement_correct", args=[statement.pk])
    seen = hidden_of(attack.client.get(page))["seen"][0]
    attack.post("page", page, {"seen": seen, "title": "Zq", "body": "Zq", "text": "Zq"})
    attack.post("page", page, {"seen": seen, "title": "Zq", "body": "Zq", "text": "Zq", "is_small": "on"})
    review = reverse("admin:news_statement_review", args=[statement.pk])
    attack.post("page", review, {"seen": seen, "move": "move_to", "slug": "zq-moved"})
    attack.by_accepting()
    attack.post("form", page_of(statement), {"title": "Zq"})
    attack.by_deleting(statement)
    own = draft_of(attack.client.user, "zq-own")
    theirs = draft_of(EditorFactory(role=NEWSROOM_EDITOR), "zq-theirs")
    page, _others = read_page(attack.client, theirs)
    attack.post("form", page_of(theirs), page | {"body": "Words of one person alone."})
    for draft in (own, theirs):
        review = reverse("admin:news_statement_review", args=[draft.pk])
        for move in ("submit", "approve", "publish"):
            seen = hidden_of(attack.client.get(review))["seen"][0]
            attack.post("page", review, {"move": move, "seen": seen})
    for draft in (own, theirs):
        attack.by_lists(draft)


def draft_of(author, slug):
    return Statement.objects.create(
        slug=slug,
        kind="news",
        title=f"{slug} draft",
        body="Words.",
        dated_on=timezone.now().date(),
        source_url=SOURCE,
        author=author,
    )


SERVICES = {"follow-up": follow_up_alone, "act": act_alone, "statement": statement_alone}


class TestEveryModel:
    def test_is_guarded_or_has_services_of_its_own_or_is_not_public(self):
        ours = [m for label in ("kit", "treaties", "campaign", "news") for m in apps.get_app_config(label).get_models()]
        ours = [m for m in ours if not hasattr(m, "history_object") and "_historical" not in m._meta.db_table]
        by_forms = {m._meta.model_name for m in BY_FORMS}
        unknown = {m._meta.model_name for m in ours} - by_forms - BY_SERVICES - set(NOT_PUBLIC)
        assert unknown == set(), "say how it is guarded, or why the public sees nothing of it"

    def test_that_is_guarded_is_attacked_here(self):
        guarded = set(guards.guarded_models())
        assert {m for m in guarded if m._meta.model_name not in BY_SERVICES} == set(BY_FORMS)

    def test_of_the_ledger_is_attacked_here(self):
        ledger = {m._meta.model_name for m in apps.get_models() if issubclass(m, LedgerRecord)}
        assert ledger <= BY_SERVICES


def told(attack) -> str:
    return ", ".join(f"{door} {n} ({attack.taken[door]} proposed or done)" for door, n in attack.tried.items())


class TestOnePersonAlone:
    @pytest.mark.parametrize("app", OF_AN_APP)
    def test_changes_nothing_public_by_any_door(self, record, alone, client, app):
        before = answers_to(client, WATCHED)
        models = [model for model in BY_FORMS if model._meta.app_label == app]
        for model in models:
            attack = Attack(alone)
            attack.on(row_of(model))
            assert attack.taken["form"] > 0, model
            print(f"{model.__name__}: {told(attack)}")
        assert differing(client, before) == []

    def test_changes_nothing_public_by_the_services_and_the_api(self, record, alone, client):
        before = answers_to(client, WATCHED)
        for name, attack_alone in SERVICES.items():
            attack = Attack(alone)
            attack_alone(attack)
            print(f"{name}: {told(attack)}")
        n = write_by_the_api(client, token_of(alone.user))
        print(f"API: {n['tried']} ({n['taken']} proposed)")
        assert n["taken"] > 20
        Attack(alone).by_accepting()
        assert differing(client, before) == []


def token_of(user) -> dict[str, str]:
    _token, secret = access_tokens.issue(user, name="Zq", expires_at=timezone.now() + timedelta(days=1))
    return {"Authorization": f"Bearer {secret}", "If-Match": "*"}


def write_by_the_api(client, headers) -> Counter:
    """Each field of each row that the API lets one write, and a new row of each kind."""
    pillar = Pillar.objects.select_related("campaign").first()
    found = Counter()
    values = {
        "title": "Zq",
        "text": "Zq",
        "summary": "Zq",
        "place": "Zq",
        "who": "Zq",
        "doubt": "Zq",
        "body": "Zq",
        "announced_on": "2025-01-02",
        "due_on": "2030-01-02",
        "date": "2025-01-02",
        "end_date": "2030-01-02",
        "status": "cancelled",
        "direction": "setback",
        "official": False,
        "states": ["NOR"],
        "articles": [],
        "audience": "public",
        "target_rule": "party",
        "by_organization": "Zq",
        "target_amount": "1",
        "source_url": f"{SOURCE}/zq",
        "pillar": f"{pillar.campaign.slug}/{pillar.slug}",
    }
    for path in ("campaign-actions/tonga-accedes/", "commitments/norway-stays/", "statements/sgsm22686/"):
        for name, value in values.items():
            answer = client.patch(f"{API}/{path}", {name: value}, "application/json", headers=headers)
            found["tried"] += 1
            found["taken"] += answer.status_code in (200, 202)
    new = {"slug": "zq-new", "pillar": values["pillar"], "title": "Zq new", "source_url": SOURCE}
    more = {
        "campaign-actions": {"kind": "event", "summary": "Zq", "date": "2026-01-02", "audience": "public"},
        "commitments": {"announced_on": "2026-01-02", "by_organization": "Zq"},
        "treaty-actions": {
            "treaty": "mine-ban-convention",
            "state": "CHN",
            "action": "accession",
            "deposited_on": "2026-03-10",
            "source_url": SOURCE,
        },
    }
    for path, own in more.items():
        given = own if path == "treaty-actions" else new | own
        answer = client.post(f"{API}/{path}/", given, "application/json", headers=headers)
        found["tried"] += 1
        found["taken"] += answer.status_code == 201
    return found


@pytest.mark.once
class TestTheAttackItself:
    """Were a guard gone, the attack above would be noticed."""

    @pytest.mark.parametrize("model", BY_FORMS, ids=lambda m: m._meta.model_name)
    def test_notices_that_a_guard_is_gone(self, record, alone, client, monkeypatch, model):
        before = answers_to(client, OF_AN_APP[model._meta.app_label])
        monkeypatch.delitem(guards._guards, model)
        Attack(alone).by_form(row_of(model))
        assert differing(client, before)

    def test_notices_that_who_proposes_may_accept(self, record, alone, client, monkeypatch):
        before = answers_to(client, OF_AN_APP["treaties"])
        monkeypatch.setattr(service, "refusal_to_accept", lambda proposal, by: "")
        # The database would refuse it, too: that is taken away as well, by somebody else who signs.
        decide, other = service._decide, EditorFactory()
        monkeypatch.setattr(
            service, "_decide", lambda locked, decision, reason, by: decide(locked, decision, reason, other)
        )
        attack = Attack(alone)
        attack.by_form(row_of(State))
        attack.by_accepting()
        assert differing(client, before)

    @pytest.mark.parametrize(
        ("owner", "name", "value"),
        [
            (public_changes, "_on_trial", lambda statement, act, by, urgency="": act() and None),
            (workflow, "authors_of", lambda statement: set()),
        ],
        ids=["trial of a correction", "authors of a text"],
    )
    def test_notices_that_a_service_lets_one_person_act_alone(
        self, record, alone, client, monkeypatch, owner, name, value
    ):
        before = answers_to(client, [*OF_AN_APP["news"], "/news/"])
        monkeypatch.setattr(owner, name, value)
        statement_alone(Attack(alone))
        assert differing(client, before)

    def test_notices_that_an_act_needs_no_second_officer_though_the_database_does(
        self, record, alone, client, monkeypatch
    ):
        monkeypatch.setattr(LedgerRecord, "authors", property(lambda self: set()))
        with pytest.raises(IntegrityError), transaction.atomic():
            act_alone(Attack(alone))

    def test_notices_that_the_api_has_no_trial(self, record, alone, client, monkeypatch):
        before = answers_to(client, OF_AN_APP["campaign"])
        monkeypatch.setattr(writing, "guard_of", lambda model: None)
        write_by_the_api(client, token_of(alone.user))
        assert differing(client, before)

    def test_notices_that_the_admin_has_no_trial(self, record, alone, client, monkeypatch):
        before = answers_to(client, OF_AN_APP["treaties"])
        monkeypatch.setattr(admin_base, "guard_of", lambda model: None)
        Attack(alone).by_form(row_of(State))
        assert differing(client, before)
