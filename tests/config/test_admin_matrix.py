"""Every role x model x action through the admin itself, generated from what each role is to do."""

import importlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone
from simple_history.admin import SimpleHistoryAdmin

from campaign.models import AccessLogEntry, Commitment, Endorsement, FollowUp, Invalidation, Mail, Pledge
from campaign.roles import CAMPAIGN_MANAGER, CAMPAIGN_MANAGER_MAY, PLEDGE_MODERATOR, PLEDGE_MODERATOR_MAY
from config.kit.models import AccessToken
from config.kit.roles import AUDITOR
from news.models import Bundle, Correction, Photo, PreviewLink, PreviewOpening, Statement, Video
from news.roles import NEWSROOM_EDITOR, NEWSROOM_EDITOR_MAY, PUBLISHER, PUBLISHER_MAY
from tests.factories import (
    SOURCE,
    EditorFactory,
    EndorsementFactory,
    HoldFactory,
    PledgeFactory,
    StepFactory,
    TreatyActionFactory,
)
from treaties.models import (
    Comparison,
    Declaration,
    DepositaryNotification,
    Difference,
    GroupMembership,
    SentSource,
    StateName,
    TreatyAction,
)
from treaties.roles import TREATY_OFFICER, TREATY_OFFICER_MAY

pytestmark = pytest.mark.django_db

OURS = {"treaties", "campaign", "news"}
# Access tokens are each editor's own: they have tests of their own.
MODELS = sorted(
    (m for m in admin.site._registry if m._meta.app_label in OURS and m is not AccessToken),
    key=lambda m: (m._meta.app_label, m._meta.model_name),
)
ROLES = {
    TREATY_OFFICER: ("treaties", TREATY_OFFICER_MAY),
    CAMPAIGN_MANAGER: ("campaign", CAMPAIGN_MANAGER_MAY),
    PLEDGE_MODERATOR: ("campaign", PLEDGE_MODERATOR_MAY),
    NEWSROOM_EDITOR: ("news", NEWSROOM_EDITOR_MAY),
    PUBLISHER: ("news", PUBLISHER_MAY),
    AUDITOR: (None, None),
}
# What no role does in the admin, whatever its permissions: it is written elsewhere, or never.
NEVER = {
    "add": {"state", "followup", "pledge", "loadedrow", "difference", "sentsource", "correction"},
    "change": {"followup", "correction", "loadedrow", "comparison"},
}
DELETABLE = {"pledge"}


def may(role: str, model: type, verb: str) -> bool:
    """What the role is to be able to do on the model's own pages."""
    app, permissions = ROLES[role]
    name = model._meta.model_name
    if role == AUDITOR:
        return verb == "view" and name != "pledge"
    if role == TREATY_OFFICER and name == "bundle":
        return verb == "view"  # they approve the acts in it
    if model._meta.app_label != app or verb not in permissions.get(name, ()):
        return False
    if verb == "delete":
        return name in DELETABLE
    return name not in NEVER.get(verb, ())


@pytest.fixture
def one_of_each(convention, campaign):
    """A row of every model, so that every page can be opened."""
    notice = TreatyAction.objects.of(convention).get(state="EST", action="withdrawal")
    HoldFactory(withdrawal=notice, confirmed_at=None)
    StepFactory(treaty=convention, state_id="NOR")
    declared = Declaration.objects.create(
        kind="declaration", treaty=convention, state_id="FIN", made_on="2012-01-09", text="Words.", source_url=SOURCE
    )
    DepositaryNotification.objects.create(
        reference="C.N.1.2012", notified_on="2012-01-10", declaration=declared, source_url=SOURCE
    )
    SentSource.objects.create(treaty=convention, doubt="complete", sentence="Something.", source_url=SOURCE)
    StateName.objects.create(state_id="FIN", kind="also_known", name="Suomi", source_url=SOURCE)
    GroupMembership.objects.create(group="eu", state_id="NOR", source_url=SOURCE)
    EndorsementFactory(campaign=campaign)
    PledgeFactory(campaign=campaign)
    moderator = EditorFactory()
    Invalidation.objects.create(
        campaign=campaign, reason="A burst", pledges_count=1, made_by=moderator, made_at=timezone.now()
    )
    AccessLogEntry.objects.create(user=moderator, what="list")
    Mail.objects.create(campaign=campaign, address_hash="x", created_at=timezone.now(), due_at=timezone.now())
    FollowUp.objects.create(
        commitment=Commitment.objects.first(),
        on="2026-01-01",
        status="under_way",
        text="Heard.",
        recorded_by=EditorFactory(),
    )
    comparison = Comparison.objects.create(
        treaty=convention, table_of="2026-01-01", source_url=SOURCE, rows=1, compared_by=EditorFactory()
    )
    Difference.objects.create(
        comparison=comparison, kind="missing_here", state_id="CHN", action="accession", depositary_date="2026-01-01"
    )
    Photo.objects.get_or_create(credit="Somebody", caption="Something")
    statement = Statement.objects.first()
    link = PreviewLink.objects.create(
        statement=statement, token_hash="x", made_for="Somebody", made_by=moderator, expires_at=timezone.now()
    )
    PreviewOpening.objects.create(link=link)
    Bundle.objects.create(title="Together", release_at=timezone.now() + timedelta(days=1))
    Correction.objects.create(statement=statement, text="One letter.")
    Video.objects.create(statement=statement, title="The speech", url=SOURCE, captions="English")
    # A row that is confirmed or public is read-only for everybody: those have tests of their own.
    TreatyActionFactory(treaty=convention, state_id="CHN", deposited_on="2026-01-02", confirmed_at=None)
    Statement.objects.filter(pk=statement.pk).update(workflow="draft")


def open_row(model):
    match model._meta.model_name:
        case "treatyaction":
            return model.objects.filter(confirmed_at__isnull=True).first()
        case "statement":
            return model.objects.filter(workflow="draft").first()
        case "pledge":
            return Pledge.objects.first()
        case "endorsement":
            return Endorsement.objects.first()
    return model.objects.first()


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.model_name)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_can_do_exactly_what_is_its_own(one_of_each, desk, role, model):
    client = desk(role)
    row = open_row(model)
    assert row is not None
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"

    listed = client.get(reverse(f"{name}_changelist"))
    assert (listed.status_code == 200) == may(role, model, "view")

    page = client.get(reverse(f"{name}_change", args=[row.pk]))
    assert (page.status_code == 200) == may(role, model, "view")
    if page.status_code == 200:
        assert (b'name="_save"' in page.content) == may(role, model, "change")

    assert (client.get(reverse(f"{name}_add")).status_code == 200) == may(role, model, "add")
    assert (client.get(reverse(f"{name}_delete", args=[row.pk])).status_code == 200) == may(role, model, "delete")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_only_its_own_app(desk, role):
    html = desk(role).get(reverse("admin:index")).content.decode()
    app, _ = ROLES[role]
    seen = {label for label in OURS if f'href="/admin/{label}/"' in html}
    assert seen == (OURS if role == AUDITOR else {app})
    assert 'href="/admin/auth/' not in html


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.model_name)
def test_every_list_finds_and_shows_its_rows_at_a_price_that_does_not_grow(
    one_of_each, desk, model, django_assert_max_num_queries
):
    client = desk(PLEDGE_MODERATOR if model is Pledge else None, is_superuser=True)
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    client.get(address)
    with django_assert_max_num_queries(16):
        assert client.get(address).status_code == 200
    assert client.get(f"{address}?q=estonia").status_code == 200


@pytest.mark.parametrize("model", [m for m in MODELS if hasattr(m, "history")], ids=lambda m: m._meta.model_name)
def test_every_row_has_a_history_to_read(one_of_each, desk, model):
    client = desk(AUDITOR)
    row = open_row(model)
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_history", args=[row.pk])
    response = client.get(address)
    assert response.status_code == 200
    assert b" style=" not in response.content


def test_visitors_are_sent_to_sign_in(client):
    response = client.get(reverse("admin:index"))
    assert response.status_code == 302
    assert "/admin/login/" in response["Location"]


def test_pages_of_the_admin_are_kept_by_no_cache(desk):
    response = desk(AUDITOR).get(reverse("admin:index"))
    assert "private" in response["Cache-Control"]
    assert "public" not in response["Cache-Control"]


@pytest.mark.parametrize(("model", "answer"), [("state", 200), ("treaty", 200), ("statement", 403)])
def test_things_that_all_refer_to_can_be_found_by_all_and_drafts_by_none(desk, model, answer):
    field = {"state": "states", "treaty": "target_treaty"}.get(model, "translation_of")
    owner = ("campaign", "campaignaction") if model != "statement" else ("news", "statement")
    query = f"?app_label={owner[0]}&model_name={owner[1]}&field_name={field}&term=e"
    assert desk(CAMPAIGN_MANAGER).get(f"/admin/autocomplete/{query}").status_code == answer


def test_roles_are_made_anew_after_every_migration(db):
    from django.core.management import call_command

    group = Group.objects.get(name=CAMPAIGN_MANAGER)
    group.permissions.clear()
    call_command("migrate", verbosity=0)
    assert group.permissions.filter(codename="change_campaign").exists()
    assert not group.permissions.filter(codename__contains="pledge").exists()


class TestTheDemonstration:
    def test_has_an_account_for_every_role_with_a_password_shown_once(self, settings, capsys):
        from django.core.management import call_command

        settings.DEBUG = True
        call_command("load_demonstration")
        shown = capsys.readouterr().out
        line = next(line.split() for line in shown.splitlines() if line.strip().startswith("publisher"))
        assert User.objects.get(username="publisher").check_password(line[1])
        for role in ROLES:
            assert User.objects.filter(groups__name=role).exists()
        call_command("load_demonstration")
        assert line[1] not in capsys.readouterr().out
        assert User.objects.get(username="publisher").check_password(line[1])

    def test_marks_its_pledges(self, settings, campaign, client):
        from django.core.management import call_command

        settings.DEBUG = True
        call_command("load_demonstration", verbosity=0)
        assert not Pledge.objects.filter(is_demonstration=False).exists()
        assert "Demonstration data" in client.get(campaign.get_absolute_url()).content.decode()

    def test_is_refused_in_production(self, settings):
        from django.core.management import CommandError, call_command

        settings.DEBUG = False
        with pytest.raises(CommandError):
            call_command("load_demonstration")
        assert not Pledge.objects.exists()


def test_every_script_and_style_of_the_admin_exists():
    named = {
        str(getattr(asset, "_path", asset))
        for model_admin in admin.site._registry.values()
        for asset in [*model_admin.media._js, *(path for paths in model_admin.media._css.values() for path in paths)]
    }
    assert any("newsroom" in path for path in named)
    assert not [path for path in named if finders.find(path) is None]


@pytest.mark.parametrize(
    "model",
    [m for m in MODELS if isinstance(admin.site._registry[m], SimpleHistoryAdmin)],
    ids=lambda m: m._meta.model_name,
)
def test_every_version_of_a_row_can_be_looked_at(one_of_each, desk, model):
    row = open_row(model)
    row.save()
    page = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    client = desk(None, is_superuser=True)
    assert client.get(reverse(f"{page}_history", args=[row.pk])).status_code == 200
    assert client.get(reverse(f"{page}_simple_history", args=[row.pk, row.history.first().pk])).status_code == 200
    assert client.get(reverse(f"{page}_add")).status_code in (200, 403)


def test_migrating_again_takes_no_permission_from_a_role_for_a_moment():
    before = set(Group.permissions.through.objects.values_list("pk", flat=True))
    for app in ("treaties", "campaign", "news", "kit"):
        config = apps.get_app_config(app)
        importlib.import_module(f"{config.name}.roles").grant_roles(sender=config, using="default")
    # The same rows, not new ones with the same content.
    assert set(Group.permissions.through.objects.values_list("pk", flat=True)) == before
