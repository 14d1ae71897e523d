"""What a language model is told by the Model Context Protocol: what everybody is told."""

import asyncio
import json
import os
import subprocess
import sys

import pytest

from config.api.mcp_server import ask, checked, make_server
from tests.config.addresses import API
from tests.house import ROOT

pytestmark = pytest.mark.django_db
TOOLS = {"status", "explain", "counts", "what_changed", "check_text"}


def test_has_five_tools_that_only_read():
    tools = asyncio.run(make_server().list_tools())
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert all(tool.description for tool in tools)


def test_tells_what_the_api_answers(client):
    told = ask("treaties/mine-ban-convention/status", {"state": "EST", "on": "2025-12-27", "expand": "evidence"})
    answer = client.get(f"{API}/treaties/mine-ban-convention/status/?state=EST&on=2025-12-27&expand=evidence").json()
    assert told["results"][0]["status"] == answer["results"][0]["status"] == "withdrawn"
    assert told["counts"] == answer["counts"]


def test_tells_a_refusal_with_what_to_do():
    told = ask("treaties/mine-ban-convention/status", {"state": "XXX"})
    assert told["status"] == 400
    assert "state" in told["errors"]
    assert ask("treaties/nothing/status", {})["status"] == 404


def test_answers_on_a_site_that_answers_to_its_public_name_alone(settings):
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["example.org"], "https://example.org"
    told = ask("treaties/mine-ban-convention/status", {"state": "EST", "expand": "evidence"})
    assert told["results"][0]["evidence_acts"][0]["url"].startswith("https://example.org/")


def test_judges_a_text_as_the_page_does():
    (claim,) = checked("On 16 June 2025 the Convention had 170 parties.")["claims"]
    assert (claim["holds"], "165" in claim["fact"]) == (False, True)


@pytest.mark.once
def test_speaks_the_protocol_over_standard_input_and_output(tmp_path):
    """Shakes hands and lists its tools, as a client does."""
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "a test", "version": "1"}}
    sent = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    ]
    env = os.environ | {"DEBUG": "1", "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"}
    with subprocess.Popen(
        [sys.executable, "manage.py", "mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=env,
    ) as server:
        answers = {}
        for line in sent:
            server.stdin.write(json.dumps(line) + "\n")
            server.stdin.flush()
            if "id" in line:
                answers[line["id"]] = json.loads(server.stdout.readline())["result"]
        server.stdin.close()
        assert server.wait(timeout=60) == 0
    assert answers[1]["serverInfo"]["name"] == "minefree"
    assert {tool["name"] for tool in answers[2]["tools"]} == TOOLS
