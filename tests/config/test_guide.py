"""The guide to the API: what it prints works."""

import ast
import json
import re
import time
from html import unescape

import pytest

from config.kit.api.deliveries import signature
from config.pages.guide import WORKED
from config.pages.reference import documented_operations
from tests.reading import html_of

pytestmark = pytest.mark.django_db
EACH = [(reader, worked) for reader, asked in WORKED for worked in asked]
ALL = [entry for entries in documented_operations().values() for entry in entries]


def blocks(client):
    """The examples of the guide, as they are copied."""
    page = client.get("/api/").content.decode()
    return [unescape(code) for code in re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", page, re.DOTALL)]


@pytest.mark.parametrize(("reader", "worked"), EACH, ids=[f"{r}: {w.question}" for r, w in EACH])
def test_every_question_is_answered_by_its_call(client, settings, reader, worked):
    answer = client.get(worked.call.url.removeprefix(settings.SITE_URL))
    assert answer.status_code == 200


def test_each_kind_of_reader_has_questions():
    assert [len(asked) for _reader, asked in WORKED] == [4, 4, 4, 4]


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry["id"])
def test_examples_in_python_can_be_run(entry):
    ast.parse(dict(entry["examples"])["Python"])


def test_examples_of_writing_carry_what_writing_needs():
    made = next(entry for entry in ALL if entry["id"] == "makeWebhook")
    for _language, code in made["examples"]:
        assert "Bearer" in code
        assert "https://example.org/hook" in code


def test_the_check_of_a_message_takes_ours_and_no_other(client):
    code = next(code for code in blocks(client) if "def is_ours" in code)
    names = {}
    exec(code, names)  # noqa: S102 - what the page prints is run as its readers run it
    secret, moment, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", int(time.time()), json.dumps({"a": 1}).encode()
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(moment)}
    headers["webhook-signature"] = signature(secret, "msg_1", moment, body)
    assert names["is_ours"](secret, headers, body)
    assert not names["is_ours"](secret, headers, body + b" ")
    old = str(moment - 1000)
    late = headers | {"webhook-timestamp": old, "webhook-signature": signature(secret, "msg_1", int(old), body)}
    assert not names["is_ours"](secret, late, body)


def test_every_example_of_the_guide_in_python_can_be_read(client):
    codes = [code for code in blocks(client) if code.startswith("import ")]
    assert len(codes) >= 4
    for code in codes:
        ast.parse(code)


def test_the_text_for_language_models_leads_to_all_that_can_be_read(client):
    text = client.get("/llms.txt").content.decode()
    assert text.startswith("# Minefree")
    for entry in ALL:
        assert (entry["method"] == "GET") == (f"[{entry['summary']}](" in text)
    assert "&" not in text.replace("&page", "")


def test_the_changelog_is_a_page(client):
    page = html_of(client.get("/changelog/"))
    assert "Upgrading from 0.1.0" in page
    assert "Sunset" in page
