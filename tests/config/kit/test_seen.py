"""Of two editors who have one row open, the second is told what the first has saved, and loses nothing of what they typed."""

import re

import pytest
from django.urls import reverse

from campaign.models import CampaignAction, Commitment
from campaign.roles import CAMPAIGN_MANAGER
from news.roles import NEWSROOM_EDITOR
from tests.factories import StatementFactory
from tests.reading import text_of
from tests.second_person import accept_all
from treaties.models import Treaty
from treaties.roles import TREATY_OFFICER

pytestmark = pytest.mark.django_db


def page_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def opened(client, row) -> dict[str, str]:
    """The fields of a page as a browser holds them."""
    form = client.get(page_of(row)).context["adminform"].form
    formsets = client.get(page_of(row)).context["inline_admin_formsets"]
    forms = [form, *(f.formset.management_form for f in formsets), *(g for f in formsets for g in f.formset.forms)]
    fields = {}
    for one in forms:
        for bound in one:
            value = bound.value()
            if bound.widget_type == "splitdatetime" or hasattr(bound.field.widget, "widgets"):
                for n, part in enumerate(bound.field.widget.decompress(value)):
                    fields[f"{bound.html_name}_{n}"] = "" if part is None else part
            elif isinstance(value, (list, tuple)):
                fields[bound.html_name] = [getattr(v, "pk", v) for v in value]
            elif value is not None and value is not False:
                fields[bound.html_name] = value
    return fields


@pytest.mark.parametrize(
    ("role", "model", "field"),
    [
        (CAMPAIGN_MANAGER, Commitment, "title"),
        (CAMPAIGN_MANAGER, CampaignAction, "title"),
        (TREATY_OFFICER, Treaty, "short_title"),
    ],
)
class TestTwoEditors:
    def test_the_second_is_told_what_was_changed_and_saves_when_they_have_seen_it(self, desk, role, model, field):
        row = model.objects.order_by("pk").first()
        one, two = desk(role), desk(role)
        mine, theirs = opened(one, row), opened(two, row)
        assert one.post(page_of(row), mine | {field: "By the first"}).status_code == 302
        accept_all()
        refused = two.post(page_of(row), theirs | {field: "By the second"})
        label = str(model._meta.get_field(field).verbose_name)
        assert f"Somebody else has saved this while you had it open. Changed: {label}" in text_of(refused)
        assert "By the second" in refused.content.decode()
        row.refresh_from_db()
        assert getattr(row, field) == "By the first"
        seen = re.search(r'name="seen_row" value="([^"]+)"', refused.content.decode()).group(1)
        assert two.post(page_of(row), theirs | {field: "By the second", "seen_row": seen}).status_code == 302
        accept_all()
        row.refresh_from_db()
        assert getattr(row, field) == "By the second"

    def test_one_editor_alone_saves_twice(self, desk, role, model, field):
        row, one = model.objects.order_by("pk").first(), desk(role)
        for words in ("Once", "Twice"):
            assert one.post(page_of(row), opened(one, row) | {field: words}).status_code == 302
            accept_all()
        row.refresh_from_db()
        assert getattr(row, field) == "Twice"


def test_a_row_that_is_edited_on_the_same_page_counts(desk):
    statement = StatementFactory()
    quotation = statement.quotations.create(text="Words.", position=1)
    one, two = desk(NEWSROOM_EDITOR), desk(NEWSROOM_EDITOR)
    theirs = opened(two, statement)
    mine = opened(one, statement)
    assert one.post(page_of(statement), mine | {"quotations-0-text": "Other words."}).status_code == 302
    statement.refresh_from_db()
    refused = two.post(page_of(statement), theirs | {"seen_version": statement.version, "title": "Mine"})
    assert "quotations" in text_of(refused)
    quotation.refresh_from_db()
    assert quotation.text == "Other words."
