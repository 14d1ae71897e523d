"""A small server of the Model Context Protocol: a language model asks the record instead of guessing. It only reads.

Its tools are calls of the API, so that a model is told what everybody is told: with the day, and with what is not certain.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone

from config.api.asking import answer_to
from news.facts.guard import check_claims
from news.facts.ledger_facts import LedgerFacts
from treaties import ledger
from treaties.models.treaties import MAIN_TREATY

INSTRUCTIONS = """The record of who is bound by the treaties on mines and other weapons. Ask for the day that is meant, and
say the day with every number. Where an answer says that something is not certain, or a day lies after complete_to, say so.
Treaties are named by their keys (mine-ban-convention), States by ISO 3166-1 alpha-3 or by name."""


def ask(path: str, query: Mapping[str, Any]) -> Any:
    """What the API answers; a refusal too, since its sentences say what to ask instead."""
    chosen = {name: value for name, value in query.items() if value not in (None, "", [])}
    return json.loads(answer_to(f"/api/v1/{path}/?{urlencode(chosen, doseq=True)}").body)


def make_server() -> Any:
    """The server with its five tools. Raises ImportError where the optional extra `mcp` is not installed."""
    from mcp.server.mcpserver import MCPServer
    from mcp.types import ToolAnnotations

    reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    server = MCPServer("minefree", instructions=INSTRUCTIONS, website_url=settings.SITE_URL)
    asked = sync_to_async(ask)

    @server.tool(annotations=reads)
    async def status(treaty: str, state: str, on: str = "") -> dict[str, Any]:
        """Where a State stands under a treaty on a day (YYYY-MM-DD; today if not given), with the acts that make it so."""
        found: dict[str, Any] = await asked(
            f"treaties/{treaty}/status", {"state": state, "on": on, "expand": "evidence"}
        )
        return found

    @server.tool(annotations=reads)
    async def explain(treaty: str, state: str, on: str = "") -> dict[str, Any]:
        """Why a State has its status under a treaty on a day: the ordered reasons, with articles."""
        found: dict[str, Any] = await asked(
            f"treaties/{treaty}/status", {"state": state, "on": on, "expand": "explanation"}
        )
        return found

    @server.tool(annotations=reads)
    async def counts(treaty: str, on: str = "") -> dict[str, Any]:
        """How many States are parties, signatories, leaving, outside on a day; with counts_range where it is not certain."""
        found: dict[str, Any] = await asked(f"treaties/{treaty}", {"on": on})
        return found

    @server.tool(annotations=reads)
    async def what_changed(treaty: str, first_day: str, last_day: str) -> dict[str, Any]:
        """Which States have another status on the last day than on the first, and the acts that did it."""
        found: dict[str, Any] = await asked(f"treaties/{treaty}/changes", {"from": first_day, "to": last_day})
        return found

    @server.tool(annotations=reads)
    async def check_text(text: str) -> dict[str, Any]:
        """Which numbers and claims of a text the record supports, and which it contradicts."""
        return await sync_to_async(checked)(text)

    return server


def checked(text: str, treaty: str = MAIN_TREATY, on: date | None = None) -> dict[str, Any]:
    """What the record says of a text on a day: each claim that is understood, whether it holds, and the fact in a sentence."""
    day = on or timezone.now().date()
    found = check_claims(text, day, LedgerFacts(ledger.treaties_known()[treaty]))
    claims = [
        {"claim": c.claim, "on": c.on.isoformat(), "holds": c.holds, "fact": c.fact, "evidence": list(c.rows)}
        for c in found
    ]
    return {"treaty": treaty, "on": day.isoformat(), "claims": claims}
