"""An example of every operation: what is asked, and what the record answered.

The questions stand here. The answers are the site's own: `make examples` asks and keeps them, and a test compares.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ANSWERS_KEPT = Path(__file__).with_name("examples.json")
NOT_A_FACT = "An example, not a fact."
SOURCE = "https://example.org/source"
CONVENTION = {"slug": "mine-ban-convention"}
CAMPAIGN = {"slug": "humanitarian-disarmament"}


@dataclass(frozen=True)
class Question:
    """What is asked of an operation: the keys in its address, its parameters, and its body."""

    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None


QUESTIONS: Mapping[str, Question] = {
    "getHome": Question(),
    "listStates": Question(query={"group": ["eu"], "search": "land", "page_size": 2}),
    "getState": Question({"iso3": "POL"}),
    "getStateUnderTreaties": Question({"iso3": "LTU"}, {"on": "2025-12-27"}),
    "listTreaties": Question(query={"on": "2025-06-16", "page_size": 2}),
    "getTreaty": Question(CONVENTION, {"on": "2025-06-16"}),
    "getTreatyStatus": Question(
        CONVENTION, {"on": "2025-12-27", "state": ["EST", "FIN"], "expand": ["explanation", "evidence"]}
    ),
    "getTreatyCounts": Question(CONVENTION, {"from": "2024-01-01", "to": "2026-01-01", "step": "year"}),
    "getStateYears": Question(CONVENTION, {"state": ["EST"], "from": "2024-01-01", "to": "2026-01-01"}),
    "getCountsByRegion": Question(CONVENTION, {"on": "2025-12-27"}),
    "getTreatyChanges": Question(CONVENTION, {"from": "2025-06-16", "to": "2025-12-27"}),
    "getTreatyDoubts": Question(CONVENTION, {"on": "2026-02-03"}),
    "getLedgerHead": Question(CONVENTION),
    "listTreatyActions": Question(query={"treaty": ["mine-ban-convention"], "state": ["EST"], "page_size": 1}),
    "getTreatyAction": Question({"id": 300}),
    "listWithdrawalSteps": Question(query={"state": ["EST"], "step": ["parliament_vote"], "page_size": 1}),
    "getWithdrawalStep": Question({"id": 39}),
    "listObligations": Question(
        query={"treaty": ["mine-ban-convention"], "state": ["UKR"], "obligation": ["article_5"], "on": "2026-02-03"}
    ),
    "listDeclarations": Question(query={"state": ["LTU"], "page_size": 1}),
    "getDeclaration": Question({"id": 36}),
    "listCampaigns": Question(query={"search": "disarmament"}),
    "getCampaign": Question(CAMPAIGN),
    "getBacking": Question(CAMPAIGN),
    "listCampaignActions": Question(query={"kind": ["milestone"], "before": "2026-02-03", "page_size": 1}),
    "getCampaignAction": Question({"slug": "meet-obligations"}, {"on": "2025-06-16"}),
    "listCommitments": Question(query={"state": ["JPN"], "page_size": 1}),
    "getCommitment": Question({"slug": "japan-mine-action-2024"}),
    "listEndorsements": Question(query={"kind": ["city"], "page_size": 2}),
    "getStateOverview": Question({"iso3": "UKR"}, {"on": "2026-02-03"}),
    "listPositions": Question(query={"about": ["POL"], "page_size": 2}),
    "getPosition": Question({"id": 1}),
    "listTranslations": Question(query={"kind": ["pillar"], "language": ["fr"], "page_size": 1}),
    "listStatements": Question(query={"kind": ["speech"], "before": "2025-12-31", "page_size": 2}),
    "getStatement": Question({"slug": "sgsm22686"}),
    "listChanges": Question(query={"page_size": 2}),
    "backCampaign": Question(
        CAMPAIGN,
        body={
            "name": "An example",
            "email": "somebody@example.org",
            "state": "KEN",
            "show_name": False,
            "language": "en",
        },
    ),
    "recordTreatyAction": Question(
        body={
            "treaty": "arms-trade-treaty",
            "state": "NPL",
            "action": "accession",
            "deposited_on": "2026-01-15",
            "source_url": SOURCE,
            "note": NOT_A_FACT,
        }
    ),
    "proposeCampaignAction": Question(
        body={
            "pillar": "humanitarian-disarmament/uphold-norms",
            "slug": "an-example-event",
            "kind": "event",
            "title": "An example of an event",
            "summary": NOT_A_FACT,
            "date": "2026-01-15",
            "status": "done",
            "source_url": SOURCE,
        }
    ),
    "changeCampaignAction": Question({"slug": "meet-obligations"}, body={"doubt": NOT_A_FACT}),
    "proposeCommitment": Question(
        body={
            "pillar": "humanitarian-disarmament/uphold-norms",
            "slug": "an-example-commitment",
            "by_organization": "An example of an organization",
            "title": "An example of a commitment",
            "text": NOT_A_FACT,
            "announced_on": "2026-01-15",
            "articles": [{"treaty": "mine-ban-convention", "article": 5}],
            "source_url": SOURCE,
        }
    ),
    "changeCommitment": Question({"slug": "japan-mine-action-2024"}, body={"doubt": NOT_A_FACT}),
    "draftStatement": Question(
        body={
            "slug": "an-example",
            "kind": "news",
            "title": "An example of a statement",
            "body": NOT_A_FACT,
            "dated_on": "2026-01-15",
            "states": ["NOR"],
            "source_url": SOURCE,
        }
    ),
    "changeDraft": Question({"slug": "an-example"}, body={"title": "An example of another title"}),
    "getDraft": Question({"slug": "an-example"}),
    "moveStatement": Question({"slug": "an-example"}, body={"move": "submit"}),
    "makeWebhook": Question(body={"url": "https://example.org/hook", "kinds": ["treaty_action", "statement"]}),
    "listWebhooks": Question(),
    "getWebhook": Question({"id": 1}),
    "switchWebhook": Question({"id": 1}, body={"is_active": True}),
    "deleteWebhook": Question({"id": 1}),
}
"""By operation. An operation without an example is refused by a test."""


@cache
def answers() -> dict[str, dict[str, Any]]:
    """By operation: the `status` and the `body` of the answer to its example."""
    kept: dict[str, dict[str, Any]] = json.loads(ANSWERS_KEPT.read_text(encoding="utf-8"))
    return kept
