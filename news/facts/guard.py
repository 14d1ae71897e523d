"""Reads a text for claims about the treaty and judges each by the ledger, on its day. Plain rules over the field's words.

It knows English sentences of the kinds that are got wrong most often, and says nothing of what it does not understand:

- counts: "165 signatories" (those are parties), "164 States parties", "32 States have not joined", "five have withdrawn";
- a State's state: "Estonia has withdrawn" before the effect, "Poland is a party" after it;
- the six months of Art. 20(3) counted from a vote instead of from the day on which the Depositary received the notice.

A day named in a sentence is the day it is judged on; else the day of the text.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Protocol

from config.kit.incoming.texts import without_marks
from news.facts.which_treaty import may_be_another

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
_UNIT_WORDS = """
    zero one two three four five six seven eight nine ten
    eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
"""
_UNITS = _UNIT_WORDS.split()
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORDS = {word: n for n, word in enumerate(_UNITS)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_WORD = rf"(?:{'|'.join(sorted([*WORDS, 'hundred'], key=len, reverse=True))})"
# A number is read whole or not at all: nothing that could be a part of it stands before it.
_N = rf"(?<![\w.,/–-])(?P<n>\d{{1,3}}|{_WORD}(?:(?:\s+and\s+|[\s-]+){_WORD})*)\b"
_MORE_OF_A_NUMBER = re.compile(
    r"(?:\b(?:thousand|million|dozens?|scores?|half|quarter|thirds?|hundreds?|article|articles|art\.|no\.|number|item|point|"
    r"paragraph|the\s+(?:first|last|other|remaining))(?:\s+(?:and|of))?|(?:\d[.,]?|[/%–-])|\d\s+and|another|other|further|additional|"
    r"all\s+but|one\s+in|out\s+of|minus|plus)\s*$",
    re.I,
)
_PARAGRAPH = re.compile(r"\n\s*\n")
_SHORT_MONTHS = "|".join(rf"(?<=\b{month[:3]})" for month in MONTHS)
# A full stop ends a sentence, but not within a number, after an initial or after a month that is cut short.
_SENTENCE = re.compile(
    rf"[^.!?]+(?:(?:\.(?=[\dA-Za-z])|(?<=\b[A-Z])\.|(?:{_SHORT_MONTHS}|(?<=\bSept))\.)[^.!?]*)*[.!?]?"
)
_MONTH = (
    "|".join(rf"{m[:3]}(?:{m[3:]})?\.?" if m != "September" else r"Sept?(?:ember)?\.?" for m in MONTHS if m != "May")
    + "|May"
)
_YEAR = r"(?P<year>(?:1[89]|20|21)\d\d)"
_DAYS = [
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH}),?\s+{_YEAR}\b", re.I),
    re.compile(rf"\b(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}\b", re.I),
    re.compile(rf"(?<![\d-]){_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])"),
]
_OTHER_TIME = re.compile(
    rf"\b(?:(?:{_MONTH})\s+\d|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTH})\b|(?:in|since|by|until|from|of|during|"
    rf"before|after|early|late|mid)[\s-](?:(?:{_MONTH})|(?:19|20)\d\d\b)|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}|yesterday|"
    rf"tomorrow|ago|previously|formerly|earlier|originally|initially|at\s+first|at\s+the\s+time|back\s+then|used\s+to|(?:last|this|next)\s+(?:week|month|year|decade|spring|summer|autumn|winter)|(?:19|20)\d\ds)\b",
    re.I,
)
"""A time that is not a day of the calendar, or one that was not read: what is said of it is not judged."""
_NAMED_AFTER_ITS_YEAR = re.compile(
    r"\b(?:the\s+)?1997\s+(?=(?:Ottawa|Mine|Anti|Convention|Treaty|Landmine|Ban)\b)", re.I
)
_ELSEWHERE = re.compile(
    r"\b(?:coalition|government|parliament|cabinet|election|opposition|lawsuit|contract|letter|petition|appeal|manifesto|alliance|"
    r"company|club|talks|conflict|war|dispute|negotiations?|deal|charter|declaration)\b",
    re.I,
)
"""Where parties and signatories are others than the treaty's, unless the sentence names the treaty."""
_NAMES_THE_TREATY = re.compile(r"\b(?:treaty|convention|ban|instrument)\b|States?\s+(?:not\s+)?part(?:y|ies)\b", re.I)
_PAST = re.compile(r"\b(?:was|were|had)\b", re.I)
_NOT_ASSERTED = re.compile(
    r"\b(?:if|unless|whether|neither|nor|false|untrue|not\s+true|myth|wrong(?:ly)?|incorrect(?:ly)?|nobody|no\s+one|none|deny|denies|"
    r"denied|would|could|may|might|should|shall|will|won't|cannot|hardly|rumou?rs?|alleged(?:ly)?|suppose|imagine|perhaps|"
    r"possibly|probably|reportedly|as\s+though|as\s+if|until|once|before|unlike|wants?|wanted|plans?|planned|threatens?|"
    r"threatened|intends?|considers?|considered|considering|almost|nearly|claims?|claimed|never\s+said|isn't|hasn't|haven't|"
    r"aren't|some\s+(?:say|claim|believe)|blogs?|bloggers?|according\s+to\s+(?:some|social|a\s+blog)|pretends?|fiction|all\s+but|yet\s+to|"
    r"effectively|virtually|practically|in\s+spirit|as\s+good\s+as|de\s+facto|did\s+not|didn't|does\s+not|doesn't|do\s+not|don't)\b|\?\s*$",
    re.I,
)
"""Words by which a sentence does not say that what stands in it is so: it is passed over."""
_UNDER_A_CONDITION = re.compile(
    r"\b(?:after|when|whenever|without|excluding|including|such\s+as|especially|notably|soon|later|eventually|assum(?:e|es|ed|ing)|"
    r"premature|scenario|hypothe(?:sis|tical|tically)|(?:as|so)\s+long\s+as|by\s+the\s+time|end|provided|let\s+us|apart|minus|"
    r"with\s+[^,]*\bgone)\b",
    re.I,
)
"""What stands before words that are so only then, not yet, or of some among others."""
_AT_LEAST = re.compile(
    r"\b(?:at\s+least|no\s+(?:fewer|less)\s+than|not\s+(?:fewer|less)\s+than|a\s+minimum\s+of)\s+$", re.I
)
_MORE_THAN = re.compile(r"\b(?:more\s+than|over|above|upwards\s+of|in\s+excess\s+of)\s+$", re.I)
_AT_MOST = re.compile(r"\b(?:at\s+most|no\s+more\s+than|not\s+more\s+than|up\s+to|a\s+maximum\s+of)\s+$", re.I)
_FEWER_THAN = re.compile(r"\b(?:fewer\s+than|less\s+than|under|below)\s+$", re.I)
_ABOUT = re.compile(
    r"\b(?:some|about|around|approximately|roughly|close\s+to|circa|an\s+estimated|almost|nearly|as\s+many\s+as|well\s+over|just\s+over|just\s+under|between"
    r"|to|or)\s+$|[~≈]\s*$",
    re.I,
)
_STATES = r"(?:States?|countries|nations|governments)"
_TREATY = (
    r"(?:(?:the|this|that|its)\s+)?(?:(?:1997|UN|international|global|Anti-?Personnel|AP|Mine|Land-?mines?|Ottawa|Ban)[\s-]+)*"
    r"(?:treaty|convention|ban|instrument)\b(?![\s-]+(?:treaty|convention)\b)"
)


@dataclass(frozen=True)
class StateOnDay:
    """What the guard needs to know of a State on a day."""

    status: str
    notified_on: date | None
    takes_effect_on: date | None
    evidence: tuple[int, ...]
    possible: tuple[str, ...] = ()
    """The statuses that it can have; none, where the status is certain."""

    def variants(self, on: date) -> list["StateOnDay"]:
        """The State with each status that it can have. A notice that may be missing was given on the day at the latest."""
        return [
            replace(
                self,
                status=status,
                notified_on=self.notified_on or (on if status in ("withdrawing", "withdrawn") else None),
                takes_effect_on=self.takes_effect_on or (on if status == "withdrawn" else None),
            )
            for status in self.possible or (self.status,)
        ]


class Facts(Protocol):
    """What the guard asks of the ledger."""

    @property
    def names(self) -> Mapping[str, str]:
        """Names of States, each with its code."""

    def counts(self, on: date) -> Mapping[str, tuple[int, int]]:
        """Each count by name: the least and the most that it can be by the acts on record."""

    def may_have_changed(self, count: str, on: date) -> bool:
        """Whether acts that may be missing can have changed a count by that day."""

    def state_on(self, iso3: str, on: date) -> StateOnDay: ...

    def why_not_certain(self, on: date, iso3: str = "") -> str:
        """Why counts of that day, or what a State is, are not certain, in sentences; empty where they are."""


@dataclass(frozen=True)
class ClaimCheck:
    """A claim as written, whether it holds, and the fact in a sentence with the rows of the ledger that prove it.

    `holds` is None where nobody can tell from the record: an act may be missing, or the day of one is not known.
    """

    claim: str
    on: date
    holds: bool | None
    fact: str
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Count:
    """A count that texts give: the words that claim it, and its name in the ledger."""

    of: str
    claimed_by: re.Pattern[str]
    words: str
    is_total: bool = False
    """All parties, signatories or others there are; the rest counts States that have done something."""


COUNTS = [
    Count("signatories", re.compile(rf"{_N}\s+signator(?:y|ies)\b", re.I), "signatories", is_total=True),
    Count(
        "parties",
        re.compile(
            rf"(?<!not\s){_N}\s+(?:(?:{_STATES}\s+)?part(?:y|ies)\b(?!\s+(?:left|that|who|which|have|had|took|met)\b)|"
            rf"{_STATES}\s+(?:are|were)\s+(?:part(?:y|ies)|bound|members))",
            re.I,
        ),
        "parties",
        is_total=True,
    ),
    Count("not_parties", re.compile(rf"{_N}\s+States?\s+not\s+part(?:y|ies)\b", re.I), "States outside", is_total=True),
    Count(
        "not_parties",
        re.compile(
            rf"{_N}\s+{_STATES}\s+(?:(?:have|had)\s+(?:not|never)\s+(?:yet\s+)?joined|(?:are|were|remain(?:ed)?|stay(?:ed)?)\s+"
            r"(?:outside|not\s+part(?:y|ies)))",
            re.I,
        ),
        "States outside",
    ),
    Count(
        "withdrawn",
        re.compile(
            rf"{_N}\s+(?:{_STATES}\s+(?:have|had)\s+(?:already\s+)?(?:withdrawn|left|quit)\b|(?:have|had)\s+(?:already\s+)?"
            rf"(?:withdrawn\s+from|left|quit)(?=\s+{_TREATY}))",
            re.I,
        ),
        "States that have left",
    ),
    Count(
        "withdrawing",
        re.compile(rf"{_N}\s+{_STATES}\s+(?:are|were)\s+(?:withdrawing|leaving)\b", re.I),
        "States under notice",
    ),
]
_ADVERBS = (
    r"(?:\s+(?:already|now|still|also|both|all|too|formally|officially|legally|itself|today|currently|finally|meanwhile|however|"
    r"therefore|thus|alone))*"
)
_LEFT = re.compile(
    rf"(?:(?:has|have|had){_ADVERBS}\s+(?:withdrawn|left|quit)|(?:is|are){_ADVERBS}\s+no\s+longer\s+(?:a\s+)?(?:States?\s+)?"
    rf"(?:bound\b|party\b|parties\b|part\s+of\b)|(?P<event>withdrew|left(?=\s+(?:it\b|{_TREATY}))))",
    re.I,
)
_NOT_LEFT = re.compile(rf"(?:has|have){_ADVERBS}\s+not\s+(?:yet\s+)?(?:withdrawn|left)\b", re.I)
_OUT = re.compile(
    rf"(?:(?:is|was|are|were){_ADVERBS}\s+not\s+(?:yet\s+)?(?:a\s+)?(?:States?\s+)?(?:party|parties|bound)\b|(?:is|are|remains?|"
    rf"stays?){_ADVERBS}\s+outside\b|(?:has|have){_ADVERBS}\s+(?:not|never)\s+(?:yet\s+)?(?:joined|ratified|acceded)\b)",
    re.I,
)
_IN = re.compile(
    rf"(?:(?:is|remains?|was|are|were){_ADVERBS}\s+(?:a\s+)?(?:States?\s+)?(?:party|parties|bound)\b|(?:has|have){_ADVERBS}\s+"
    r"(?:ratified|acceded|joined)\b|(?P<event>ratified\b|acceded\b|joined\b))",
    re.I,
)
_NOTIFIED = re.compile(
    r"(?:(?:has|have)\s+(?:(?:formally|officially|already)\s+)*|(?:(?:formally|officially)\s+)?(?P<event>))(?:(?:deposited|lodged|given|gave)\s+"
    r"(?:(?:its|a|the|formal|written|official)\s+){0,3}(?:notice|notification|instrument)\s+of\s+(?:its\s+)?withdrawal\b|notified\s+"
    r"(?:its\s+withdrawal|the\s+(?:Depositary|Secretary-General|United\s+Nations|UN)\s+of\s+its\s+withdrawal)\b)",
    re.I,
)
_END = (
    r"(?=\s*(?:$|[.;:!?,)”\"–—]|[’'](?!s\b)|(?:and|but|while|again|now|today|already|because|since|as|after|when|where|which|that|under|"
    r"together)\b|on\s*(?:$|[.;:,)]|and\b)))"
)
_OF_THE_TREATY = re.compile(rf"{_END}|\s*(?:(?:from|to|by|of)\s+)?(?:it\b|{_TREATY}){_END}", re.I)
"""What follows a verb that speaks of the treaty: troops are withdrawn too, and States are parties to conflicts."""
_HEDGE = (
    r"(?:at\s+least|no\s+(?:fewer|less|more)\s+than|not\s+(?:fewer|less|more)\s+than|more\s+than|fewer\s+than|less\s+than|over|above|"
    r"under|below|up\s+to|at\s+most|exactly|only|just|already|currently|now)"
)
_START = (
    r"^\W*(?:(?:on|by|since|as\s+of|as\s+at|today|now|currently|so\s+far|to\s+date|to\s+this\s+day|worldwide|that|"
    r"says?\s+that)\b\W*)*"
)
_THE_TREATY_HAS = (
    r"\b(?:treaty|convention|ban|instrument|APMBC|MBT|it|which|that)\b[\s)’,]*(?:(?:now|still|already|currently|today)\s+)?"
    r"(?:has|have|had|having|with|counts?|counted|numbers?|numbered|binds?|totals?|totalled|reach(?:es|ed))\s+"
)
_SAID = (
    r"(?:^according\s+to\s+[^,]{1,60},\s+|\b(?:says?|said|not(?:es|ed)|report(?:s|ed)|recall(?:s|ed)|confirm(?:s|ed)|stat(?:es|ed)|add(?:s|ed)|"
    r"stress(?:es|ed))\s+(?:that\s+)?)"
)
_ANOTHER_TOTAL = (
    rf"(?:\d{{1,3}}|{_WORD}(?:[\s-]+(?:and\s+)?{_WORD})*)\s+(?:(?:States?\s+)?part(?:y|ies)|signator(?:y|ies))"
)
_ALL_ARE_COUNTED = re.compile(
    rf"(?:{_START}|{_SAID}|{_THE_TREATY_HAS}|\bthere\s+(?:are|were|is|was)\s+|\b(?:its|all|today|now)\s+)(?:{_HEDGE}\s+)*"
    rf"(?:{_ANOTHER_TOTAL}\s+and\s+)?(?:{_HEDGE}\s+)*$",
    re.I,
)
"""What stands before a count of all parties or signatories; "letters to 40 States Parties" went not to all."""
_STOPS = (
    r"\s*(?:$|[.;:!?)”\"’]|(?:today|now|as\s+of)\b|(?:on|by)\s*(?:$|[.;,])|are\s+bound|uphold|make\s+up|"
    rf"(?:to|by)\s+(?:it\b|{_TREATY}))"
)
_ENDS = re.compile(rf"{_STOPS}|,?\s*and\s+(?:{_HEDGE}\s+)*{_ANOTHER_TOTAL}{_STOPS}|,\s+not\s+\w+[.;]?$", re.I)
"""What follows a count of all parties or signatories; "40 States Parties in the room" are not all."""
_HAS_THEM_ALL = re.compile(rf"{_THE_TREATY_HAS}(?:{_HEDGE}\s+)*$", re.I)
_GOES_ON = re.compile(r"\s*,|\s+and\b", re.I)
"""What may follow only where the treaty itself "has" the count; "40 States Parties and twenty observers met" are not all."""
_OF_THE_WORLD = re.compile(rf"(?:{_START}|[,;:–—]\s+|\b(?:that|says?|while|but|and)\s+)(?:{_HEDGE}\s+)*$", re.I)
"""What stands before a count of States that left or stay outside; "in Asia 20 countries" are not all of them."""
_SOMEWHERE = re.compile(
    r"\b(?i:in|from|across|among|of|within|throughout|with)\s+(?i:the\s+)?(?:[A-Z]\w+|region|continent|neighbou?rs|neighbou?rhood|group|bloc)\b"
)
_BEFORE_A_SUBJECT = re.compile(
    rf"(?:{_START}|[,;:–—(“\"‘]\s*|\b(?:and|but|that|because|since|although|though|while|whereas|both|today|now|says?|said|stat(?:es|ed)|"
    r"recall(?:s|ed)|not(?:es|ed)|confirm(?:s|ed)|add(?:s|ed)|wrote|writes|report(?:s|ed)|announc(?:es|ed)|stress(?:es|ed))\s+)(?:the\s+)?$",
    re.I,
)
"""What stands before a State that is the subject of its verb; not so in "every neighbour of Russia is a party"."""
_UP_TO_THE_VERB = re.compile(rf"(?:\s+\([^()]{{1,40}}\))?,?(?:\s+which)?{_ADVERBS}\s+", re.I)
"""What may stand between a State and its verb; of "Cuba says that its ally has left" nothing is said of Cuba."""
_SIX_MONTHS = re.compile(
    r"\bsix[\s-]months?\b(?=.{0,80}\b(?:vote|voted|parliament|law|bill|decision|decided|Riigikogu|Saeima|Seimas|Sejm|Eduskunta)\b)"
    r"|\b(?:vote|voted|parliament|law|bill|decision|decided|Riigikogu|Saeima|Seimas|Sejm|Eduskunta)\b.{0,80}\bsix[\s-]months?\b",
    re.I,
)
_RECEIPT = re.compile(r"\b(?:Depositary|deposit|receiv|receipt|notif|notice|Secretary-General)", re.I)

LONGEST_SENTENCE = 1000
"""Characters; a longer one is a list or a table, and the time to read it would grow with its square."""


def check_claims(text: str, on: date, facts: Facts) -> list[ClaimCheck]:
    """Judge every claim of the text that the guard understands, in the order of the text."""
    found: list[ClaimCheck] = []
    for paragraph in _PARAGRAPH.split(without_marks(text)):
        unwrapped = " ".join(paragraph.split())  # mail programs and PDF wrap lines in the middle of a sentence
        for sentence in _SENTENCE.finditer(unwrapped):
            if len(sentence.group()) <= LONGEST_SENTENCE:
                found += _judged(sentence.group(), on, facts)
    return found


def _judged(sentence: str, on: date, facts: Facts) -> list[ClaimCheck]:
    """The claims of one sentence, in its order. One that is not plainly asserted, or of another treaty or time, is passed over."""
    found = list(_notice_claims(sentence, on, facts))
    bare = _NAMED_AFTER_ITS_YEAR.sub("the ", sentence)
    days = days_named(bare)
    dateless = without_days(bare)
    unread = bool(_OTHER_TIME.search(dateless) or _NOT_ASSERTED.search(dateless)) or may_be_another(dateless)
    unread = unread or bool(_ELSEWHERE.search(bare) and not _NAMES_THE_TREATY.search(bare))
    if not unread and len(set(days)) <= 1 and None not in days:
        day = days[0] if days and days[0] else on
        found += _count_claims(bare, day, facts)
        if days or not _PAST.search(bare):  # what a State was, on no day that is named, is not judged by today
            found += _state_claims(bare, day, bool(days), facts)
    return [verdict for _at, verdict in sorted(found, key=lambda item: item[0])]


def days_named(sentence: str) -> list[date | None]:
    """The days that a sentence names, as 16 June 2025, June 16, 2025, 16th Jun. 2025 or 2025-06-16; None for one that is none."""
    return [_read_day(match) for pattern in _DAYS for match in pattern.finditer(sentence)]


def without_days(sentence: str) -> str:
    """The sentence without the days that can be read in it."""
    for pattern in _DAYS:
        sentence = pattern.sub("", sentence)
    return sentence


def _read_day(match: re.Match[str]) -> date | None:
    month = match["month"]
    number = int(month) if month.isdigit() else [m[:3] for m in MONTHS].index(month[:3].title()) + 1
    try:
        return date(int(match["year"]), number, int(match["day"]))
    except ValueError:
        return None


def number_of(words: str) -> int | None:
    """A number below a thousand in digits or in words, as one hundred and sixty-five; None for words that are no number."""
    if words.isdigit():
        return int(words)
    total, last = 0, 100
    for word in re.split(r"[\s-]+", words.casefold()):
        if word == "and":
            continue
        if word == "hundred":
            if not 0 < total < 10:
                return None
            total, last = total * 100, 100
            continue
        value = WORDS[word]
        # Tens stand before units, and both once: "twenty-five" is a number, "five twenty" and "two three" are not.
        if last < 20 or (last < 100 and value >= 10):
            return None
        total, last = total + value, value
    return total


def _holds(said: str, n: int, right: int) -> bool:
    """Whether a count agrees with what stands before the number."""
    if _AT_LEAST.search(said):
        return right >= n
    if _AT_MOST.search(said):
        return right <= n
    if _MORE_THAN.search(said):
        return right > n
    if _FEWER_THAN.search(said):
        return right < n
    return n == right


def _count_claims(sentence: str, on: date, facts: Facts) -> Iterable[tuple[int, ClaimCheck]]:
    for count in COUNTS:
        for match in count.claimed_by.finditer(sentence):
            n = number_of(match["n"])
            said, rest = without_days(sentence[: match.start()]), without_days(sentence[match.end() :])
            if n is None or not _counts_all(count, said, rest):
                continue
            counts = facts.counts(on)
            least, most = counts[count.of]
            holds: bool | None = any(_holds(said, n, right) for right in range(least, most + 1)) or (
                count.of == "not_parties" and _is_within(n, counts["never_joined"])
            )
            number = str(least) if least == most else f"{least} {'or' if most == least + 1 else 'to'} {most}"
            fact = f"On {_written(on)} the ledger has {number} {count.words}."
            if not holds and count.of == "signatories" and _is_within(n, counts["parties"]):
                fact += f" {n} is the number of parties: signing is not yet joining."
            if not holds and count.of == "withdrawn" and n == counts["withdrawing"][0] + counts["withdrawn"][0]:
                fact += f" {counts['withdrawing'][0]} more have notified it and are bound until it takes effect."
            if least != most or facts.may_have_changed(count.of, on):
                fact += f" {facts.why_not_certain(on)}"
            if facts.may_have_changed(count.of, on):
                holds = None
            yield match.start(), ClaimCheck(match.group().strip(), on, holds, fact)


def _is_within(n: int, span: tuple[int, int]) -> bool:
    return span[0] <= n <= span[1]


def _counts_all(count: Count, said: str, rest: str) -> bool:
    """Whether the words before and behind a count give it whole, and leave no part of the world out."""
    if any(vague.search(said) for vague in (_UNDER_A_CONDITION, _MORE_OF_A_NUMBER, _ABOUT)):
        return False
    if count.is_total:
        is_whole = _ENDS.match(rest) or (_HAS_THEM_ALL.search(said) and _GOES_ON.match(rest))
        return bool(_ALL_ARE_COUNTED.search(said) and is_whole)
    return bool(_OF_THE_WORLD.search(said) and not _SOMEWHERE.search(said) and _OF_THE_TREATY.match(rest))


@cache
def _any_of(names: frozenset[str]) -> re.Pattern[str]:
    """Any of the names, the longest first: Guinea is not found in Papua New Guinea."""
    longest_first = sorted({*names, *(name.upper() for name in names)}, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(re.escape(name) for name in longest_first)})(?![\w-])")


_CLAIMS: dict[re.Pattern[str], frozenset[str]] = {
    _LEFT: frozenset({"withdrawn"}),
    _NOT_LEFT: frozenset({"not_party", "signatory", "consented", "party", "withdrawing"}),
    _OUT: frozenset({"not_party", "signatory", "withdrawn"}),
    _IN: frozenset({"party", "withdrawing", "consented"}),
}
"""What can be claimed of a State, with the statuses under which the claim holds."""


@cache
def _subjects(names: frozenset[str]) -> re.Pattern[str]:
    """One State, or several in a row: "Estonia, Latvia and Lithuania"."""
    one = _any_of(names).pattern
    return re.compile(rf"{one}(?:(?:,\s+(?:the\s+)?{one})*,?\s+and\s+(?:the\s+)?{one})?")


def _state_claims(sentence: str, on: date, dated: bool, facts: Facts) -> Iterable[tuple[int, ClaimCheck]]:
    """What is said of States: of each alone, or of several in a row as one claim, which holds if it holds for all of them."""
    names = frozenset(facts.names)
    for place in _subjects(names).finditer(sentence):
        said = _verb_of(sentence, place, on, dated)
        if said is None:
            continue
        holds_of, end = said
        found = [
            (name.group(), facts.state_on(_key_of(name.group(), facts), on))
            for name in _any_of(names).finditer(place.group())
        ]
        verdicts = {name: {holds_of(one) for one in state.variants(on)} for name, state in found}
        wrong = [(name, state) for name, state in found if verdicts[name] == {False}]
        open_ = [(name, state) for name, state in found if len(verdicts[name]) > 1]
        holds = False if wrong else None if open_ else True
        fact = " ".join(_fact(name, state, on) for name, state in wrong or open_ or found)
        reasons = [facts.why_not_certain(on, _key_of(name, facts)) for name, _state in open_] if holds is None else []
        fact = " ".join([fact, *dict.fromkeys(reasons)])
        rows = tuple(row for _name, state in found for row in state.evidence)
        yield place.start(), ClaimCheck(sentence[place.start() : end].strip(), on, holds, fact, rows)


def _is_subject(before: str) -> bool:
    """Whether the State behind these words is what the sentence speaks of, as it is and not under a condition."""
    return bool(_BEFORE_A_SUBJECT.search(before) and not _UNDER_A_CONDITION.search(before))


def _verb_of(
    sentence: str, place: re.Match[str], on: date, dated: bool
) -> tuple[Callable[[StateOnDay], bool], int] | None:
    """What must be so of the State or States at a place for the sentence to be true, and where the claim ends."""
    start = _UP_TO_THE_VERB.match(sentence, place.end())
    if start is None or not _is_subject(without_days(sentence[: place.start()])):
        return None
    for pattern in (_NOTIFIED, *_CLAIMS):
        match = pattern.match(sentence, start.end())
        if match:
            told = _OF_THE_TREATY.match(without_days(sentence[match.end() :]))
            holds_of = _meaning(match, on, dated) if told else None
            return (holds_of, match.end()) if holds_of else None
    return None


def _meaning(match: re.Match[str], on: date, dated: bool) -> Callable[[StateOnDay], bool] | None:
    """What a verb says of a State: where it tells an event with its day, that day; else how things stand on the day."""
    tells_a_day = dated and match.groupdict().get("event") is not None
    if match.re is _NOTIFIED:
        if tells_a_day:
            return lambda state: state.notified_on == on
        return lambda state: bool(state.notified_on and state.notified_on <= on)
    if tells_a_day:
        return (lambda state: state.takes_effect_on == on) if match.re is _LEFT else None  # joined on a day: not asked
    statuses = _CLAIMS[match.re]
    return lambda state: state.status in statuses


def _key_of(name: str, facts: Facts) -> str:
    """The code of a State by its name, which a headline may write in capitals."""
    return facts.names.get(name) or next(key for known, key in facts.names.items() if known.upper() == name)


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
