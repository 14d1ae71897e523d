"""Every operation keeps to its description, whatever it is asked: schemathesis makes the questions and judges the answers."""

import functools
import os
import re
import socket
from datetime import timedelta
from ipaddress import ip_address

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from django.utils.translation import gettext, override
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance, response_schema_conformance

from campaign.roles import CAMPAIGN_MANAGER, PLEDGE_MODERATOR
from config.kit.api import access_tokens, deliveries
from config.wsgi import application
from news.roles import NEWSROOM_EDITOR, PUBLISHER
from tests.config.addresses import API
from tests.factories import SOURCE, EditorFactory
from treaties.roles import TREATY_OFFICER

pytestmark = [pytest.mark.django_db, pytest.mark.walk, pytest.mark.once]
CASES = int(os.environ.get("FUZZ", "10"))
"""Questions for each operation and asker, beside those that its description alone gives."""
AS_MANY = settings(
    max_examples=CASES, deadline=None, derandomize="FUZZ" not in os.environ, suppress_health_check=list(HealthCheck)
)

BEYOND_A_SCHEMA = (
    "Unknown: %(keys)s.",
    "There is no such page.",
    "This cursor is not one that this list gave.",
    "The first day is after the last.",
    "Select a valid choice. %(value)s is not one of the available choices.",
    "Available: %(names)s.",
    "A day of each year goes with step=year alone.",
)
ALWAYS_ENGLISH = r"This list has not come so far\..+|At most \d+ days in one answer\."
"""Why a question may be refused that its description allows: it names what is not on record, or what does not go together."""


@functools.cache
def reasons_in(language):
    """The same sentences in a language, whatever they name."""
    with override(language):
        sentences = [re.sub(r"%\\\(\w+\\\)s", ".+", re.escape(gettext(sentence))) for sentence in BEYOND_A_SCHEMA]
    return re.compile("|".join([*sentences, ALWAYS_ENGLISH]), re.DOTALL)


def uncompressed(environ, start_response):
    """The site for a client that reads plain bodies: schemathesis asks for compressed ones here, and does not read them."""
    environ.pop("HTTP_ACCEPT_ENCODING", None)
    return application(environ, start_response)


@pytest.fixture(autouse=True)
def nobody_is_known_by_name(monkeypatch):
    """A webhook's name that is made up is not looked up: that would take as long as the network wants."""

    def look_up(name, port, **kwargs):
        address = str(ip_address(name)) if re.fullmatch(r"[0-9a-f.:]+", name) else None
        if address is None:
            raise OSError("not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(deliveries, "look_up", look_up)


@pytest.fixture
def described(db):
    """The description, from the site as a server runs it, on the connection of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    # A condition is looked at before the body (RFC 9110, section 13.2.1); without one the answer is 428 (RFC 6585, section 3).
    refused = [400, 401, 403, 404, 405, 406, 409, 412, 415, 422, 428, 429]
    checks = {name: {"expected-statuses": refused} for name in ("missing_required_header", "negative_data_rejection")}
    # The same questions in every run of the tests; new ones for who looks for faults.
    same = {} if "FUZZ" in os.environ else {"seed": 1, "generation": {"deterministic": True, "database": "none"}}
    config = schemathesis.Config.from_dict({"checks": checks, **same})
    yield schemathesis.openapi.from_wsgi(f"{API}/schema/?format=json", uncompressed, config=config)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


ON_RECORD = {
    "treaties": "mine-ban-convention",
    "campaigns": "humanitarian-disarmament",
    "campaign-actions": "meet-obligations",
    "commitments": "japan-mine-action-2024",
    "statements": "sgsm22686",
    "treaty": "mine-ban-convention",
    "target_treaty": "mine-ban-convention",
    "state": "CHN",
    "by_state": "NOR",
    "states": ["NOR"],
    "pillar": "humanitarian-disarmament/uphold-norms",
    "campaign": "humanitarian-disarmament",
    "articles": [{"treaty": "mine-ban-convention", "article": 5}],
    "language": "en",
    "source_url": SOURCE,
    "url": "https://1.1.1.1/hook",
}
"""Keys that are on record, by the part of the address and by the field that they are for."""


@schemathesis.hook
def flatmap_case(context, case):
    """Every other good question is about what is on record: a name that is made up is refused before anything is tried."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return st.just(case)
    if case.method == "GET":
        case.headers.pop("Authorization", None)  # a token that is made up is refused, and nothing else is tried
    return st.booleans().map(lambda is_real: about_the_record(case) if is_real else case)


def about_the_record(case):
    kind = case.path.removeprefix(f"{API}/").partition("/")[0]
    if "slug" in case.path_parameters and kind in ON_RECORD:
        case.path_parameters["slug"] = ON_RECORD[kind]
    if isinstance(case.body, dict):
        case.body |= {name: ON_RECORD[name] for name in case.body if name in ON_RECORD}
    if case.method == "PATCH":
        case.headers["If-Match"] = "*"
    return case


def ask(case, **headers):
    # An answer of some fields is no whole one, as the description of the parameter says.
    of_fields = [response_schema_conformance] if case.method == "GET" and "fields" in (case.query or {}) else []
    case.call_and_validate(
        headers=headers,
        excluded_checks=[positive_data_acceptance, *of_fields],
        additional_checks=[refused_for_what_a_schema_cannot_say],
    )


@schemathesis.check
def refused_for_what_a_schema_cannot_say(ctx, response, case):
    """A question that the description allows is taken, or refused for what is or is not on record; a body by its fields."""
    if response.status_code != 400 or case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    reasons = reasons_in(response.headers["content-language"][0].casefold())
    for name, sentences in response.json().get("errors", {None: [response.text]}).items():
        if case.method == "GET":
            assert all(reasons.fullmatch(sentence) for sentence in sentences), (name, sentences)
        else:
            assert name in {*case.body, "non_field_errors"}, (name, sentences)


@pytest.fixture
def token_of(db):
    """The header of an editor of a role."""

    @functools.cache
    def make(role):
        user = EditorFactory(role=role)
        _token, secret = access_tokens.issue(user, name="Zq", expires_at=timezone.now() + timedelta(days=1))
        return {"Authorization": f"Bearer {secret}"}

    return make


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@AS_MANY
def test_who_asks_without_a_token_gets_what_is_described(case):
    ask(case)


def asked_as(role):
    @schema.include(method=["POST", "PATCH", "DELETE"]).parametrize()
    @AS_MANY
    def test(case, token_of):
        ask(case, **token_of(role))

    return test


test_a_treaty_officer_gets_what_is_described = asked_as(TREATY_OFFICER)
test_a_campaign_manager_gets_what_is_described = asked_as(CAMPAIGN_MANAGER)
test_a_newsroom_editor_gets_what_is_described = asked_as(NEWSROOM_EDITOR)
test_a_publisher_gets_what_is_described = asked_as(PUBLISHER)
test_a_pledge_moderator_gets_what_is_described = asked_as(PLEDGE_MODERATOR)
