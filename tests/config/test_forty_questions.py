"""Forty questions of journalists, lawyers, developers of campaigns and researchers: each is one call, and this is its answer."""

import csv
import io
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.config.addresses import API
from tests.reading import body_of
from treaties.models import TreatyAction

pytestmark = pytest.mark.django_db
MBC = "treaties/mine-ban-convention"
LEAVING = ["EST", "FIN", "LTU", "LVA", "POL"]


class Question(NamedTuple):
    words: str
    path: str
    query: dict[str, Any]
    read: Callable[[Any], Any]
    """What of the answer is looked at."""
    answer: Any


def lines(name: str, *more: str) -> Callable[[Any], Any]:
    """A field of each entry, or several as a tuple."""
    names = (name, *more)
    return lambda found: [tuple(e[n] for n in names) if more else e[name] for e in found["results"]]


def states(found: Any) -> list[str]:
    """The codes of the States of the entries, each once, in order."""
    return sorted({entry["state"]["iso3"] for entry in found["results"] if entry["state"]})


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def line_of(status: Any) -> Any:
    (line,) = status["results"]
    return line


JOURNALIST = [
    Question(
        "How many parties were there on 16 June 2025?", MBC, {"on": "2025-06-16"}, lambda t: t["counts"]["parties"], 165
    ),
    Question(
        "Who was leaving on 1 October 2025, and from when on?",
        f"{MBC}/status",
        {"on": "2025-10-01", "status": "withdrawing"},
        lambda found: {e["state"]["iso3"]: e["withdrawal"]["effective_on"] for e in found["results"]},
        {
            "EST": "2025-12-27",
            "FIN": "2026-01-10",
            "LTU": "2025-12-27",
            "LVA": "2025-12-27",
            "POL": "2026-02-20",
        },
    ),
    Question("Who has left?", f"{MBC}/status", {"on": "2026-03-01", "status": "withdrawn"}, states, LEAVING),
    Question(
        "Why do they leave, in their own words?",
        "positions",
        {"kind": "reason", "state": LEAVING},
        lambda found: {s["iso3"] for e in found["results"] for s in e["states"]} >= set(LEAVING),
        True,
    ),
    Question(
        "How did the parliament of Lithuania vote?",
        "withdrawal-steps",
        {"state": "LTU", "step": "parliament_vote", "treaty": "mine-ban-convention"},
        lines("votes_for", "votes_against"),
        [(107, 0)],
    ),
    Question(
        "What did the Secretary-General say on 16 June 2025?",
        "statements",
        {"after": "2025-06-16", "before": "2025-06-16", "speaker": 1},
        lines("symbol"),
        ["SG/SM/22686"],
    ),
    Question(
        "Which numbers of statements does the record contradict?",
        "statements",
        {"contradicted": "true"},
        lambda found: all(any(f["holds"] is False for f in e["figures"]) for e in found["results"]),
        True,
    ),
    Question(
        "Is Ukraine bound, and what of its suspension?",
        "states/UKR/treaties",
        {"on": "2026-03-01"},
        lambda found: [e["status"] for e in found["results"] if e["treaty"] == "mine-ban-convention"],
        ["party"],
    ),
    Question(
        "What changed between the announcement and the end of 2025?",
        f"{MBC}/changes",
        {"from": "2025-06-16", "to": "2025-12-31"},
        lambda found: {e["state"]["iso3"]: e["after"] for e in found["results"]},
        {
            "EST": "withdrawn",
            "FIN": "withdrawing",
            "LTU": "withdrawn",
            "LVA": "withdrawn",
            "MHL": "party",
            "POL": "withdrawing",
            "TON": "party",
        },
    ),
    Question(
        "How many people back the campaign?",
        "campaigns/humanitarian-disarmament/backing",
        {},
        lambda found: (found["confirmed"], found["by_state"]),
        (0, []),
    ),
]
LAWYER = [
    Question(
        "Why is Estonia where it is, step by step?",
        f"{MBC}/status",
        {"state": "EST", "on": "2026-01-01", "expand": "explanation"},
        lambda found: "27 December 2025" in str(line_of(found)["explanation"]),
        True,
    ),
    Question(
        "Which acts prove it?",
        f"{MBC}/status",
        {"state": "EST", "on": "2026-01-01", "expand": "evidence"},
        lambda found: sorted(act["action"] for act in line_of(found)["evidence_acts"]),
        ["accession", "withdrawal"],
    ),
    Question(
        "What did the record hold before it began?",
        f"{MBC}/status",
        {"known_at": "2000-01-01T00:00:00Z"},
        lambda found: (found["counts"], found["results"]),
        (None, []),
    ),
    Question(
        "When does a consent of 12 March 2025 take effect?",
        "treaty-actions",
        {"treaty": "mine-ban-convention", "deposited_after": "2025-03-12", "deposited_before": "2025-03-12"},
        lines("effective_on"),
        ["2025-09-01"],
    ),
    Question(
        "Who has objected to what others declared?",
        "declarations",
        {"kind": "objection", "page_size": 500},
        lambda found: found["count"] > 0 and {e["kind"] for e in found["results"]},
        {"objection"},
    ),
    Question(
        "Which reservations stand?",
        "declarations",
        {"kind": "reservation", "treaty": "convention-on-certain-conventional-weapons", "page_size": 500},
        lambda found: found["count"] > 0 and {e["treaty"] for e in found["results"]},
        {"convention-on-certain-conventional-weapons"},
    ),
    Question("What does the record not know?", f"{MBC}/doubts", {}, lambda found: "complete_to" in found, True),
    Question(
        "Whose clearance is overdue as far as the source goes?",
        "obligations",
        {"obligation": "article_5", "status": "overdue", "treaty": "mine-ban-convention"},
        lambda found: all(e["deadline"] <= e["known_to"] for e in found["results"]),
        True,
    ),
    Question(
        "By which hash can the record be proved?",
        f"{MBC}/ledger-head",
        {},
        lambda found: (found["length"] > 300, len(found["hash"])),
        (True, 64),
    ),
    Question(
        "How do I cite the status of a day?",
        MBC,
        {"on": "2025-06-16", "cite": "text"},
        lambda text: "2025-06-16" in text and "Head of the ledger: mine-ban-convention" in text,
        True,
    ),
]
DEVELOPER = [
    Question(
        "What is asked of Ukraine, what did it promise, who backs it?",
        "states/UKR/overview",
        {},
        lambda found: {"treaties", "asked", "commitments", "backers"} <= found.keys(),
        True,
    ),
    Question(
        "At which States is each call aimed today?",
        "campaign-actions",
        {"kind": "call_to_action", "page_size": 500},
        lambda found: found["count"] > 0 and all("target_states" in e for e in found["results"]),
        True,
    ),
    Question(
        "Which promises are overdue?",
        "commitments",
        {"overdue": "true"},
        lambda found: all(e["overdue"] for e in found["results"]),
        True,
    ),
    Question(
        "Of which promises has nobody heard for long?",
        "commitments",
        {"silent": "true"},
        lambda found: all(e["silent"] for e in found["results"]),
        True,
    ),
    Question(
        "What did Norway promise?",
        "commitments",
        {"state": "NOR"},
        lambda found: "norway-stays" in lines("slug")(found),
        True,
    ),
    Question(
        "What are the objectives of the campaign?",
        "campaigns/humanitarian-disarmament",
        {},
        lambda found: len(found["pillars"]),
        5,
    ),
    Question(
        "What has changed since I last asked?",
        "changes",
        {"page_size": 1},
        lambda found: {"sequence", "change", "before", "after", "sentence"} <= found["results"][0].keys(),
        True,
    ),
    Question("Which cities and organizations back it?", "endorsements", {}, lambda found: found["count"], 0),
    Question("Which country is Turkey called here?", "states", {"search": "Turkey"}, lines("iso3"), ["TUR"]),
    Question(
        "What is still to be translated into Arabic?",
        "translations",
        {"language": "ar", "state": "missing", "kind": "campaign_action", "page_size": 500},
        lambda found: {e["language"] for e in found["results"]} <= {"ar"},
        True,
    ),
]
RESEARCHER = [
    Question(
        "How many parties on each 1 January?",
        f"{MBC}/counts",
        {"step": "year", "anchor": "01-01", "from": "2024-01-01", "to": "2026-01-01"},
        lines("on", "parties"),
        [("2024-01-01", 164), ("2025-01-01", 164), ("2026-01-01", 163)],
    ),
    Question(
        "Which States were bound in each year, with the codes of other data sets?",
        f"{MBC}/state-years",
        {"format": "csv", "state": "FIN", "from": "2024-01-01", "to": "2026-01-01"},
        lambda text: [(row["cow"], row["year"], row["status"]) for row in rows(text)],
        [("375", "2024", "party"), ("375", "2025", "withdrawing")],
    ),
    Question(
        "How do the regions differ?",
        f"{MBC}/counts-by-region",
        {"on": "2025-12-27"},
        lambda found: {e["kind"] for e in found["results"]},
        {"region", "subregion", "group"},
    ),
    Question(
        "How many members of the European Union were parties on 1 January 2010?",
        f"{MBC}/counts",
        {"group": "eu", "step": "day", "from": "2010-01-01", "to": "2010-01-01"},
        lines("parties"),
        [25],
    ),
    Question(
        "Under which treaties is one State bound?",
        "states/LTU/treaties",
        {"on": "2025-06-16"},
        lambda found: len(found["results"]),
        6,
    ),
    Question(
        "All acts as one table?",
        "treaty-actions",
        {"format": "csv"},
        lambda text: len(rows(text)) == TreatyAction.objects.confirmed().count(),
        True,
    ),
    Question(
        "Only the columns that I need?",
        "states",
        {"fields": "iso3,region", "page_size": 1},
        lambda found: list(found["results"][0]),
        ["iso3", "region"],
    ),
    Question(
        "Only the acts that I have cited?",
        "treaty-actions",
        {"id": [1, 2]},
        lambda found: sorted(lines("id")(found)),
        [1, 2],
    ),
    Question(
        "What was recorded after a moment?",
        "treaty-actions",
        {"recorded_after": "2999-01-01T00:00:00Z"},
        lines("id"),
        [],
    ),
    Question(
        "On which days of 2025 did the number of parties change?",
        f"{MBC}/counts",
        {"step": "change", "from": "2025-01-01", "to": "2025-12-31"},
        lambda found: [pair for pair in lines("on", "parties")(found) if pair[1] != 166][:3],
        [("2025-01-01", 164), ("2025-03-12", 165), ("2025-12-27", 163)],
    ),
]
FORTY = [*JOURNALIST, *LAWYER, *DEVELOPER, *RESEARCHER]


@pytest.mark.parametrize("question", FORTY, ids=[question.words for question in FORTY])
def test_one_call_answers(question, client):
    answer = client.get(f"{API}/{question.path}/", question.query)
    text = body_of(answer).decode()
    assert answer.status_code == 200, text[:500]
    found = answer.json() if answer["Content-Type"].startswith("application/json") else text
    assert question.read(found) == question.answer


def test_there_are_ten_of_each_reader():
    assert [len(each) for each in (JOURNALIST, LAWYER, DEVELOPER, RESEARCHER)] == [10, 10, 10, 10]
    assert len({question.words for question in FORTY}) == 40
