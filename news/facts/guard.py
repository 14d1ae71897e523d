"""Reads a text for claims about the treaty and judges each by the ledger, on its day. Plain rules over the field's words.

It knows English sentences of the kinds that are got wrong most often, and says nothing of what it does not understand:

- counts: "165 signatories" (those are parties), "164 States parties", "32 States have not joined", "five have withdrawn";
- a State's state: "Estonia has withdrawn" before the effect, "Poland is a party" after it;
- the six months of Art. 20(3) counted from a vote instead of from the day on which the Depositary received the notice.

A day named in a sentence is the day it is judged on; else the day of the text.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import zip_longest
from typing import Protocol

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_N = rf"\b(?P<n>\d{{1,3}}|{'|'.join(SMALL[1:])})"
_SENTENCE = re.compile(r"[^.!?\n]+(?:\.(?=\d)[^.!?\n]*)*[.!?]?")
_DAY = re.compile(rf"\b(\d{{1,2}})\s+({'|'.join(MONTHS)})\s+(\d{{4}})\b")
_STATES = r"(?:States?|countries|nations|governments)"


@dataclass(frozen=True)
class StateOnDay:
    """What the guard needs to know of a State on a day."""

    status: str
    notified_on: date | None
    takes_effect_on: date | None
    evidence: tuple[int, ...]


class Facts(Protocol):
    """What the guard asks of the ledger."""

    @property
    def names(self) -> Mapping[str, str]:
        """Names of States, each with its code."""

    def counts(self, on: date) -> Mapping[str, int]: ...

    def state_on(self, iso3: str, on: date) -> StateOnDay: ...


@dataclass(frozen=True)
class ClaimCheck:
    """A claim as written, whether it holds, and the fact in a sentence with the rows of the ledger that prove it."""

    claim: str
    on: date
    holds: bool
    fact: str
    rows: tuple[int, ...] = ()


COUNTS: list[tuple[str, re.Pattern[str], str]] = [
    ("signatories", re.compile(rf"{_N}\s+signator(?:y|ies)\b", re.I), "signatories"),
    (
        "parties",
        re.compile(
            rf"{_N}\s+(?:(?:{_STATES}\s+)?part(?:y|ies)\b(?!\s+(?:left|that|who|which|have|had|took|met)\b)|{_STATES}\s+(?:are|were)\s+(?:parties|bound|members))",
            re.I,
        ),
        "parties",
    ),
    (
        "not_parties",
        re.compile(
            rf"{_N}\s+{_STATES}\s+(?:(?:have|had)\s+(?:not|never)\s+(?:yet\s+)?joined|(?:are|were|remain(?:ed)?|stay(?:ed)?)\s+"
            r"(?:outside|not\s+part(?:y|ies)))",
            re.I,
        ),
        "States outside",
    ),
    (
        "withdrawn",
        re.compile(rf"{_N}\s+(?:{_STATES}\s+)?(?:have|had)\s+(?:already\s+)?(?:withdrawn|left|quit)\b", re.I),
        "States that have left",
    ),
    (
        "withdrawing",
        re.compile(rf"{_N}\s+(?:{_STATES}\s+)?(?:are|were)\s+(?:withdrawing|leaving)\b", re.I),
        "States under notice",
    ),
]
_LEFT = re.compile(
    r"\b(?:(?:has|have|had)\s+(?:already\s+|formally\s+|now\s+)?(?:withdrawn|left|quit)|is\s+no\s+longer\s+(?:a\s+|bound|part)|withdrew\s+from|"
    r"left\s+the\s+(?:treaty|Convention|ban)\b(?!\s+on\s+Cluster))",
    re.I,
)
_IN = re.compile(
    r"\b(?:(?:is|remains|was)\s+(?:still\s+)?(?:a\s+)?(?:State\s+)?(?:party\b|bound\b)|has\s+(?:ratified|acceded|joined)\b|(?<![-\w])ratified\b|acceded\s+to|joined\s+the)",
    re.I,
)
_OUT = re.compile(
    r"\b(?:is|was)\s+not\s+(?:a\s+)?(?:State\s+)?party\b|\bhas\s+(?:not|never)\s+(?:joined|ratified|acceded|signed)",
    re.I,
)
_SIX_MONTHS = re.compile(
    r"\bsix[\s-]months?\b(?=.{0,80}\b(?:vote|voted|parliament|law|bill|decision|decided|Riigikogu|Saeima|Seimas|Sejm|Eduskunta)\b)"
    r"|\b(?:vote|voted|parliament|law|bill|decision|decided|Riigikogu|Saeima|Seimas|Sejm|Eduskunta)\b.{0,80}\bsix[\s-]months?\b",
    re.I,
)
_RECEIPT = re.compile(r"\b(?:Depositary|deposit|receiv|receipt|notif|notice|Secretary-General)", re.I)
MAX_VERB_DISTANCE = 60
"""The verb that speaks of a State stands at most this many characters after its name."""


def check_claims(text: str, on: date, facts: Facts) -> list[ClaimCheck]:
    """Judge every claim of the text that the guard understands, in the order of the text."""
    found: list[tuple[int, ClaimCheck]] = []
    for sentence in _SENTENCE.finditer(text):
        day = day_named(sentence.group()) or on
        for judge in (_count_claims, _state_claims, _notice_claims):
            found += [(sentence.start() + at, verdict) for at, verdict in judge(sentence.group(), day, facts)]
    return [verdict for _at, verdict in sorted(found, key=lambda item: item[0])]


def day_named(sentence: str) -> date | None:
    """The day that a sentence names, as 16 June 2025; the first of several."""
    match = _DAY.search(sentence)
    if match is None:
        return None
    try:
        return date(int(match[3]), MONTHS.index(match[2]) + 1, int(match[1]))
    except ValueError:
        return None


def _number(word: str) -> int:
    return int(word) if word.isdigit() else SMALL.index(word.casefold())


def _count_claims(sentence: str, on: date, facts: Facts) -> Iterable[tuple[int, ClaimCheck]]:
    for count, pattern, words in COUNTS:
        for match in pattern.finditer(sentence):
            if count == "parties" and re.search(r"not\s+$", sentence[: match.start()]):
                continue
            counts = facts.counts(on)
            n, right = _number(match["n"]), counts[count]
            holds = n == right or (count == "not_parties" and n == counts["never_joined"])
            fact = f"On {_written(on)} the ledger has {right} {words}."
            if not holds and count == "signatories" and n == counts["parties"]:
                fact += f" {n} is the number of parties: signing is not yet joining."
            if not holds and count == "withdrawn" and n == counts["withdrawing"] + counts["withdrawn"]:
                fact += f" {counts['withdrawing']} more have notified it and are bound until it takes effect."
            yield match.start(), ClaimCheck(match.group().strip(), on, holds, fact)


@cache
def _any_of(names: frozenset[str]) -> re.Pattern[str]:
    """Any of the names, the longest first: Guinea is not found in Papua New Guinea."""
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(re.escape(name) for name in longest_first)})(?![\w-])")


_CLAIMS: list[tuple[re.Pattern[str], frozenset[str]]] = [
    (_LEFT, frozenset({"withdrawn"})),
    (_OUT, frozenset({"not_party", "signatory", "withdrawn"})),
    (_IN, frozenset({"party", "withdrawing", "consented"})),
]
"""What can be claimed of a State, with the statuses under which the claim holds."""


def _state_claims(sentence: str, on: date, facts: Facts) -> Iterable[tuple[int, ClaimCheck]]:
    places = list(_any_of(frozenset(facts.names)).finditer(sentence))
    for place, following in zip_longest(places, places[1:]):
        # The verb is the nearest State's own: what stands behind the next name is not said of this one.
        end = min(place.end() + MAX_VERB_DISTANCE, following.start() if following else len(sentence))
        rest = sentence[place.end() : end]
        said = [(match, statuses) for pattern, statuses in _CLAIMS if (match := pattern.search(rest))]
        if not said:
            continue
        match, statuses = min(said, key=lambda claim: claim[0].start())
        name = place.group()
        state = facts.state_on(facts.names[name], on)
        claim = f"{name}{rest[: match.end()]}".strip()
        holds = state.status in statuses
        yield place.start(), ClaimCheck(claim, on, holds, _fact(name, state, on), state.evidence)


def _fact(name: str, state: StateOnDay, on: date) -> str:
    words = {
        "not_party": "is not a party",
        "signatory": "has signed and is not bound by consent",
        "consented": "has consented; it is not yet in force for it",
        "party": "is bound",
        "withdrawing": "is still bound",
        "withdrawn": "has left",
    }[state.status]
    sentence = f"On {_written(on)} {name} {words}"
    if state.notified_on and state.takes_effect_on:
        sentence += f": it notified its withdrawal on {_written(state.notified_on)}"
        sentence += f", which takes effect on {_written(state.takes_effect_on)}"
    return f"{sentence}."


def _notice_claims(sentence: str, on: date, facts: Facts) -> Iterable[tuple[int, ClaimCheck]]:
    match = _SIX_MONTHS.search(sentence)
    if match and not _RECEIPT.search(sentence):
        fact = "The six months are counted from the day on which the Depositary receives the notice, "
        fact += "not from a vote or a law (Art. 20(3))."
        yield match.start(), ClaimCheck(sentence.strip(), on, False, fact)


def _written(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
