"""Requests that nobody sends by hand: each gets an answer, none a server error."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from config.kit.api.idempotency import StillRunning
from config.kit.api.tables import safe_cell
from tests.config.addresses import API, CAMPAIGN
from treaties.roles import TREATY_OFFICER

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000])
def test_json_without_a_bottom_is_refused(client, campaign, body):
    response = client.post(f"{API}{CAMPAIGN}/pledges/", body, "application/json")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("address", ["/", "/news/", f"{API}/states/", "/admin/"])
def test_trace_is_not_allowed(client, address):
    response = client.trace(address)
    assert response.status_code == 405
    assert "TRACE" not in response["Allow"]


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_probes_are_not_sniffed(client, address):
    assert client.get(address)["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("text", ["=1+1", "＝1+1", "＋1", "－1", "＠x", "@x"])
def test_no_cell_begins_as_a_formula(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "query", ["deposited_on__year=99999999999999999999", "deposited_on__year=0", "deposited_on__day=99"]
)
def test_a_list_of_the_admin_survives_what_no_calendar_has(desk, query):
    address = reverse("admin:treaties_treatyaction_changelist")
    assert desk(TREATY_OFFICER).get(f"{address}?{query}", follow=True).status_code == 200


def test_a_token_lives_a_year_at_most(desk):
    moment = timezone.now() + timedelta(days=4000)
    sent = {"name": "For ever", "expires_at_0": moment.date().isoformat(), "expires_at_1": "00:00:00"}
    response = desk(TREATY_OFFICER).post(reverse("admin:kit_accesstoken_add"), sent)
    assert "at most one year" in response.content.decode()


def test_a_key_that_is_still_in_use_says_when_to_come_back():
    assert StillRunning(12.5).wait == 12.5


def test_the_feed_of_a_treaty_has_an_author(client):
    assert (
        "<author><name>Minefree</name></author>"
        in client.get("/treaties/mine-ban-convention/feed.atom").content.decode()
    )


def test_no_other_site_embeds_our_static_files(settings):
    headers: dict[str, str] = {}
    settings.WHITENOISE_ADD_HEADERS_FUNCTION(headers, "css/site.css", "/static/css/site.css")
    assert headers == {"Cross-Origin-Resource-Policy": "same-origin"}
