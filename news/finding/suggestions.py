"""What a reader may mean while they type: States, treaties and pages of the site by the beginnings of words, and statements."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.db.models import QuerySet
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as __

from config.kit.formats.languages import ENGLISH, in_language
from config.kit.incoming.days import today
from config.kit.models.fields import english_text
from config.kit.models.generations import Remembered
from news.finding.search import fold, search
from news.models import Statement
from treaties.ledger import treaties_known
from treaties.models import State, StatusChoices
from treaties.models.treaties import MAIN_TREATY
from treaties.status.boards import status_board
from treaties.status.names import names_in_other_languages

MOST = 8
STATEMENTS = 3
"""How many of the suggestions may be statements."""


@dataclass(frozen=True)
class Suggestion:
    """Something to go to. The same for the page of results and for the field that suggests while one types."""

    kind: str
    label: str
    url: str
    hint: str = ""
    """Why it is suggested, where the label does not say: another name of a State, what is on a page."""
    iso3: str = ""
    status: str = ""

    def as_json(self) -> dict[str, str]:
        return {
            "kind": self.kind,
            "label": self.label,
            "hint": self.hint,
            "url": self.url,
            "flag": static(f"flags/{self.iso3.lower()}.svg") if self.iso3 else "",
            "status": self.status,
            "status_label": str(StatusChoices(self.status).label) if self.status else "",
        }


@dataclass(frozen=True)
class _Candidate:
    kind: str
    label: str
    url: str
    names: tuple[tuple[str, tuple[str, ...]], ...]
    """Each name with its folded words."""
    iso3: str = ""
    hint: str = ""

    def rank(self, asked: Sequence[str]) -> tuple[int, str] | None:
        """How well the best of the names fits, 0 is best, with that name; None if none has all the words."""
        found = [(rank, name) for name, words in self.names if (rank := _fit(asked, words)) is not None]
        return min(found, key=lambda each: each[0], default=None)


def _fit(asked: Sequence[str], words: Sequence[str]) -> int | None:
    if list(asked) == list(words):
        return 0
    if not all(any(word.startswith(begun) for word in words) for begun in asked):
        return None
    return 1 if words[: len(asked)] and words[0].startswith(asked[0]) else 2


# --- What there is ---------------------------------------------------------------------------------------------

PAGES: list[tuple[str | Promise, str, tuple[str, ...], str, str | Promise]] = [
    (__("The counter and the map for your site"), "data", (), "#embeds", __("embed, widget, iframe, badge, picture, SVG")),
    (__("Open data and downloads"), "data", (), "", __("download, CSV, XLSX, Excel, JSON, dataset, licence")),
    (__("The API"), "api:docs", (), "", __("programs, developers, OpenAPI, schema, JSON")),
    (__("How to cite"), "press", (), "#cite", __("citation, quote, reference, BibTeX, source")),
    (__("For the press"), "press", (), "", __("journalists, media, figures of today, contact, pictures")),
    (__("What the ban is"), "explainer", (), "", __("landmine, explained, simple words, Ottawa Treaty, history")),
    (__("Questions and answers"), "questions", (), "", __("FAQ, help, why, signatories and parties")),
    (__("Glossary"), "glossary", (), "", __("words, terms, meaning, accession, ratification, depositary")),
    (__("Back the campaign"), "campaign:back", (), "", __("pledge, sign, petition, support, join")),
    (__("Alerts by mail"), "news:alerts", (), "", __("e-mail, email, subscribe, newsletter, notify, follow a State")),
    (__("Who is leaving: the withdrawals"), "treaties:withdrawals", (MAIN_TREATY,), "", __("exit, left, denounce, Article 20")),
    (__("What changed between two days"), "treaties:changes", (MAIN_TREATY,), "", __("compare, difference, history")),
    (__("Deadlines"), "treaties:deadlines", (MAIN_TREATY,), "", __("clearance, stockpile, Article 4, Article 5, Article 7, due")),
    (__("What the record does not know"), "treaties:doubts", (MAIN_TREATY,), "", __("doubts, missing, errors, send a source")),
    (__("What if States joined or left"), "treaties:what-if", (MAIN_TREATY,), "", __("imagine, scenario, simulate")),
    (__("The ledger of treaty actions"), "treaties:ledger", (MAIN_TREATY,), "", __("proof, hash, acts, signatures, ratifications")),
    (__("Declarations and reservations"), "treaties:declarations", (MAIN_TREATY,), "", __("objections, suspension")),
    (__("All States"), "treaties:states", (), "", __("list of parties, members, countries")),
    (__("Every State under every treaty"), "treaties:matrix", (), "", __("matrix, table, compare treaties")),
    (__("All treaties"), "treaties:treaties", (), "", __("conventions, list of treaties")),
    (__("What is coming"), "news:calendar", (), "", __("calendar, events, agenda, meetings, ics")),
    (__("News and statements"), "news:statements", (), "", __("speeches, press releases, feed, RSS")),
    (__("Check a text"), "news:check", (), "", __("fact check, claims, numbers")),
    (__("Accessibility"), "accessibility", (), "", __("screen reader, keyboard, contrast")),
    (__("Privacy"), "privacy", (), "", __("data protection, personal data, delete, cookies")),
    (__("About"), "about", (), "", __("contact, who makes this, licence, imprint")),
]  # fmt: skip
"""Title, name of the address with its arguments and anchor, and other words by which readers may look for it."""

TREATIES_ALSO = {
    "mine-ban-convention": ("Ottawa Treaty", "Ottawa Convention", "landmine treaty", "APMBC", "MBT"),
    "convention-on-cluster-munitions": ("CCM", "Oslo Convention", "cluster bombs"),
    "convention-on-certain-conventional-weapons": ("CCW", "CCWC"),
    "amended-protocol-ii": ("APII", "AP II", "booby-traps"),
    "treaty-on-the-prohibition-of-nuclear-weapons": ("TPNW", "nuclear ban"),
    "arms-trade-treaty": ("ATT",),
}  # fmt: skip
"""Other names of the treaties, which no official text gives."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(text).split())


def _read() -> list[_Candidate]:
    tongues = names_in_other_languages()
    found = [
        _Candidate(
            kind="state",
            label=state.name,
            url=state.get_absolute_url(),
            iso3=state.pk,
            names=tuple(
                (name, _words(name))
                for name in dict.fromkeys(
                    [
                        state.name,
                        english_text(state, "name"),
                        english_text(state, "common_name"),
                        state.formal_name,
                        state.pk,
                        state.iso2,
                        *(text for other in state.other_names.all() for text in (other.name, other.formal_name)),
                        *tongues.get(state.pk, ()),
                    ]
                )
                if name
            ),
        )
        for state in _states()
    ]
    for treaty in treaties_known().values():
        names = [treaty.short_title, treaty.title]
        names += [
            english_text(treaty, "short_title"),
            english_text(treaty, "title"),
            *TREATIES_ALSO.get(treaty.slug, ()),
        ]
        found.append(
            _Candidate("treaty", treaty.short_title, treaty.get_absolute_url(), tuple((n, _words(n)) for n in names))
        )
    for title, address, arguments, anchor, also in PAGES:
        # The words are looked for one by one: a reader types one of them.
        names = [str(title), *re.split(r"[,،、] ?", str(also))]
        url = reverse(address, args=arguments) + anchor
        found.append(_Candidate("page", str(title), url, tuple((n, _words(n)) for n in names), hint=str(also)))
    return found


def _states() -> QuerySet[State]:
    return State.objects.prefetch_related("other_names").order_by("name")


_candidates: Remembered[list[_Candidate]] = Remembered("treaties", most=8)


def candidates() -> list[_Candidate]:
    """All States, treaties and pages, in the language of the reader. Three queries, remembered."""
    return _candidates.get(get_language(), _read)


# --- What is suggested -----------------------------------------------------------------------------------------

ORDER = ("state", "treaty", "page")


def suggestions(words: str, most: int = MOST) -> list[Suggestion]:
    """What the words may mean, best first: whole names before beginnings, States before treaties before pages; then statements.

    States carry their status under the main treaty today.
    """
    found = best_bets(words, ORDER, most)
    if len(found) < most and fold(words):
        texts = search(words, [Statement.__name__.lower()])[: min(STATEMENTS, most - len(found))]
        language = get_language() or ENGLISH
        found += [Suggestion("statement", text.title, in_language(text.url, language)) for text in texts]
    return found


def best_bets(words: str, kinds: Collection[str], most: int = MOST) -> list[Suggestion]:
    """The States, treaties and pages that have a name with all the words, or with words that begin so."""
    asked = fold(words).split()
    if not asked:
        return []
    ranked = [
        (rank, ORDER.index(each.kind), place, each, name)
        for place, each in enumerate(candidates())
        if each.kind in kinds and (fit := each.rank(asked)) is not None
        for rank, name in [fit]
    ]
    ranked.sort(key=lambda entry: entry[:3])
    lines = status_board(treaties_known()[MAIN_TREATY], today()).by_state if "state" in kinds else {}
    return [
        Suggestion(
            kind=each.kind,
            label=each.label,
            url=each.url,
            hint=each.hint or (name if fold(name) != fold(each.label) else ""),
            iso3=each.iso3,
            status=lines[each.iso3].status.value if each.iso3 in lines else "",
        )
        for _rank, _order, _place, each, name in ranked[:most]
    ]


def similar_names(words: str, most: int = 3) -> list[Suggestion]:
    """States, treaties and pages whose names look like the words: for a reader whose words are found nowhere."""
    asked = fold(words)
    by_name = {" ".join(folded): each for each in candidates() for _name, folded in each.names if folded}
    near = dict.fromkeys(by_name[name].url for name in get_close_matches(asked, by_name, n=most * 2, cutoff=0.75))
    by_url = {each.url: each for each in by_name.values()}
    return [Suggestion(by_url[url].kind, by_url[url].label, url, iso3=by_url[url].iso3) for url in list(near)[:most]]
