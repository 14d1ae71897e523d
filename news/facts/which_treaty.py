"""Whether a sentence speaks of the Mine Ban Convention, or may speak of another treaty. Read from the words around "treaty".

There are more treaties than any list could name, so the rule is the other way round: "the treaty", "this Convention" and the
Convention's own names are ours; a treaty with any other word before it (the Antarctic Treaty, a peace treaty) or behind it (the
Convention against Torture, the treaty with Iran) is another one.
"""

import re

_NOUN = r"(?:treaty|convention|ban|instrument)"
_OURS = re.compile(rf"\b{_NOUN}\b(?![\s-]+{_NOUN}\b)", re.I)
_NEVER_OURS = re.compile(
    r"\b(?:(?:protocol|pact|statute|accord|covenant|charter|agreement|armistice)s?\b|framework\s+convention|cluster|munition|CCM\b|CCW\b|"
    r"ATT\b|TPNW|NPT\b|CTBT|ICC\b|nuclear|chemical|biological|arms\s+trade|weapons\s+convention|conventional\s+weapons|"
    r"Criminal\s+Court|genocide|climate|disabilities|rights\s+of|(?:other|another|sister|second)\s+(?:treat|convention|instrument))",
    re.I,
)
_BEFORE = re.compile(r"((?:[\w.’'-]+\s+)*)$")
_NAME_WORDS = """
    1997 ottawa mine mines ban mine-ban land landmine landmines land-mine land-mines anti-personnel antipersonnel personnel
    anti-landmine anti-mine ap international global un landmark whole entire
"""
_OWN_NAMES = frozenset(_NAME_WORDS.split())
_POINTING = frozenset({"the", "this", "that", "its", "our", "same", "said"})
_ARTICLES = _POINTING | {"a", "an"}
_LINK_WORDS = """
    to of from by in under with and or has have had is are for about on into as say says said join joins joined ratify ratified
    leave leaves left quit sign signed back support supports
"""
_LINKS = frozenset(_LINK_WORDS.split())
_BEHIND = re.compile(
    r"\s+(?:(?P<link>on|against|of|for|with|between|among|banning|prohibiting|outlawing|concerning|relating|regulating|limiting|"
    r"governing|regarding|about)\b|(?:no\.?\s*|number\s+)?\d)",
    re.I,
)
_ON_MINES = re.compile(r"[^.;]{0,120}\b(?:anti-?personnel\s+|land-?\s*)?mines\b", re.I)
_AN_ACT = re.compile(
    r"\s+of\s+(?:its\s+)?(?:ratification|acceptance|approval|accession|succession|consent|withdrawal)\b", re.I
)
_OF_ITS_YEAR = re.compile(r"\s+(?:of\s+)?1997\b")
_NOTHING_BEHIND = re.compile(r"\s+on\s*(?:$|[.,;:!?)]|and\b|but\b)", re.I)
"""What is left of "on 27 December 2025" once the day is taken out."""


def may_be_another(sentence: str) -> bool:
    """Whether a treaty that the sentence names may be another than ours. Days that can be read are taken out of it before."""
    if _NEVER_OURS.search(sentence):
        return True
    return any(not _is_ours(sentence[: m.start()], m.group(), sentence[m.end() :]) for m in _OURS.finditer(sentence))


def _is_ours(before: str, noun: str, behind: str) -> bool:
    words = _BEFORE.search(before)
    found = words[1].casefold().split() if words else []
    named = False
    while found and found[-1] in _OWN_NAMES:
        named = True
        found.pop()
    if noun.casefold() == "instrument" and _AN_ACT.match(behind):
        return True
    is_thing = named or _ARTICLES & set(found[-3:])
    if noun.casefold() in ("ban", "instrument") and not is_thing:
        return True  # "to ban mines" names no treaty
    is_pointed_at = not found or found[-1] in _POINTING or (named and found[-1] in _LINKS)
    goes_on = None if _OF_ITS_YEAR.match(behind) or _NOTHING_BEHIND.match(behind) else _BEHIND.match(behind)
    is_on_mines = goes_on and goes_on["link"] and _ON_MINES.match(behind[goes_on.end() :])
    return bool(is_pointed_at and (goes_on is None or is_on_mines))
