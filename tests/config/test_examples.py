"""The examples of the API's description are answers of the site: `make examples` makes them, and these tests compare."""

import json
import os
import re
import socket
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from campaign.roles import CAMPAIGN_MANAGER
from config.api.examples import ANSWERS_KEPT, QUESTIONS, answers
from config.api.schema import OPERATIONS
from config.kit.api import access_tokens, deliveries
from news.roles import NEWSROOM_EDITOR
from tests.config.addresses import API
from tests.factories import EditorFactory
from treaties.roles import TREATY_OFFICER

pytestmark = pytest.mark.django_db
WRITE = bool(os.environ.get("WRITE_EXAMPLES"))
WHO = {
    "recordTreatyAction": TREATY_OFFICER,
    "proposeCampaignAction": CAMPAIGN_MANAGER,
    "changeCampaignAction": CAMPAIGN_MANAGER,
    "proposeCommitment": CAMPAIGN_MANAGER,
    "changeCommitment": CAMPAIGN_MANAGER,
    "draftStatement": NEWSROOM_EDITOR,
    "getDraft": NEWSROOM_EDITOR,
    "changeDraft": NEWSROOM_EDITOR,
    "moveStatement": NEWSROOM_EDITOR,
    "makeWebhook": NEWSROOM_EDITOR,
    "listWebhooks": NEWSROOM_EDITOR,
    "getWebhook": NEWSROOM_EDITOR,
    "switchWebhook": NEWSROOM_EDITOR,
    "deleteWebhook": NEWSROOM_EDITOR,
}
IN_THIS_ORDER = [*(name for name in QUESTIONS if name not in WHO), *WHO]
CHANGING = {
    "id",
    "hash",
    "previous_hash",
    "secret",
    "sequence",
    "last_sequence",
    "cursor",
    "next",
    "previous",
    "overdue",
    "silent",
    "now",
}
"""What is another value on another day, or wherever a record is loaded anew; beside moments."""


def short(value):
    """An answer with two entries of every list: an example is to be read."""
    match value:
        case dict():
            return {name: short(inner) for name, inner in value.items()}
        case list():
            return [short(inner) for inner in value[:2]]
    return value


def lasting(value, name=""):
    """What of an answer is the same wherever the record is loaded: the kind of what changes, and the value of the rest."""
    match value:
        case dict():
            return {name: lasting(inner, name) for name, inner in value.items()}
        case list():
            return [lasting(inner, name) for inner in value]
        case str() if len(value) > 10 and "T" in value[:11] and parse_datetime(value):
            return "a moment"
        case str() | int() if name in CHANGING:
            return type(value).__name__
        case str() if value.startswith("https://example.org/"):
            return re.sub(r"(?<=[/=-])\d+(?=[/#]|$)", "n", value)
    return value


@pytest.fixture
def asked(client, settings, description, monkeypatch):
    """What the site answers to every example, in an order in which each finds what it is about."""
    settings.ALLOWED_HOSTS = ["example.org"]
    settings.SITE_URL = "https://example.org"
    settings.WEBHOOKS_MAY_BE_PRIVATE = True
    found_everywhere = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(deliveries, "look_up", lambda *args, **kwargs: found_everywhere)
    tokens = {}

    def token(role):
        if role not in tokens:
            user = EditorFactory(role=role, username=role, first_name="An", last_name="Example")
            tokens[role] = access_tokens.issue(user, name="Zq", expires_at=timezone.now() + timedelta(days=1))[1]
        return {"Authorization": f"Bearer {tokens[role]}"}

    where = {
        operation["operationId"]: (method, path)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }
    found, webhook = {}, None
    for name in IN_THIS_ORDER:
        question, (method, path) = QUESTIONS[name], where[name]
        headers = (token(WHO[name]) if name in WHO else {}) | {"Host": "example.org", "X-Forwarded-Proto": "https"}
        path = path.format(**question.path | ({"id": webhook} if "Webhook" in name else {}))
        if method == "patch":
            reader = f"{path}moves/" if name == "changeDraft" else path
            headers["If-Match"] = client.get(reader, headers=headers)["ETag"]
        given = dict(question.query) if method == "get" else json.dumps(question.body)
        more = {} if method == "get" else {"content_type": "application/json"}
        answer = getattr(client, method)(path, given, headers=headers, secure=True, **more)
        assert answer.status_code < 300, (name, answer.content)
        body = short(answer.json()) if answer.content else None
        webhook = body["id"] if name == "makeWebhook" else webhook
        found[name] = {"status": answer.status_code, "body": body}
    return found


@pytest.fixture
def description(client):
    """Asked for before the host is another one."""
    return client.get(f"{API}/schema/?format=json").json()


def test_every_operation_has_an_example():
    names = {name for name, _summary in OPERATIONS.values()}
    assert set(QUESTIONS) == names
    assert set(answers()) == names


def test_examples_are_what_the_site_answers(asked):
    if WRITE:
        ANSWERS_KEPT.write_text(json.dumps(asked, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        answers.cache_clear()
    kept = answers()
    for name, answer in asked.items():
        assert lasting(answer) == lasting(kept[name]), name
