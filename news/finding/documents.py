"""What can be found of each thing, and what a search shows of it, in every language that it has.

A statement has the one language in which it is written: its translations are statements, too. Everything else is read in each
language of the site as a page in that language would show it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.translation import gettext, override

from campaign.models import CampaignAction, Commitment
from config.kit.formats.languages import ENGLISH, nearest
from config.kit.models import Translation
from config.kit.models.translations import read_translations
from config.kit.pages.markdown import to_text
from news.facts.tags import without_numbers
from news.models import Quotation, SearchDocument, Speaker, SpeakerRole, Statement
from treaties.models import Declaration, State, StateName, Treaty

NUMBER = "…"
"""What stands in the index for a number that the ledger gives: kept there, it would be wrong tomorrow."""


class Words(NamedTuple):
    """What a thing is called, and the parts of what is said of it."""

    title: str
    parts: Sequence[str]


SOURCES: Mapping[type[Model], Callable[[], QuerySet]] = {
    Statement: lambda: Statement.objects.for_page(),
    State: lambda: State.objects.prefetch_related("other_names"),
    CampaignAction: lambda: CampaignAction.objects.public().for_display(),
    Commitment: lambda: Commitment.objects.for_display(),
    Declaration: lambda: Declaration.objects.select_related("state", "treaty"),
}
"""What can be found, with all that its words are made of."""
DAYS: Mapping[type[Model], str] = {
    Statement: "dated_on",
    CampaignAction: "date",
    Commitment: "announced_on",
    Declaration: "made_on",
}
DEPENDED_ON: tuple[type[Model], ...] = (*SOURCES, Speaker, SpeakerRole, Quotation, StateName, Treaty, Translation)
"""The models whose rows are in the index, and those of which something stands in another thing's document."""


def documents_of(things: Iterable[Model]) -> list[SearchDocument]:
    """The unsaved search documents of things. A query for the translations of each kind and 400 of them."""
    rows = list(things)
    read_translations([*rows, *(named for row in rows for named in _named_in(row))])
    return [_document(row) for row in rows]


def _named_in(thing: Model) -> Sequence[Model]:
    """Other things with translations that the words of a thing have."""
    match thing:
        case Statement() if thing.role is not None:
            return [thing.role]
        case Declaration():
            return [thing.treaty]
    return []


def days_of(kind: type[Model]) -> Iterable[tuple[Any, date | None]]:
    """The key of each thing of a kind that can be found, with its day."""
    rows = SOURCES[kind]().order_by()
    return (
        rows.values_list("pk", DAYS[kind]) if kind in DAYS else ((pk, None) for pk in rows.values_list("pk", flat=True))
    )


def affected_by(changed: Model) -> Iterable[tuple[type[Model], QuerySet]]:
    """The things whose documents hold something of a thing that has changed."""
    match changed:
        case State():
            yield State, State.objects.filter(pk=changed.pk)
            yield Statement, Statement.objects.filter(states=changed)
            yield CampaignAction, CampaignAction.objects.filter(states=changed)
            yield Commitment, Commitment.objects.filter(by_state=changed)
            yield Declaration, Declaration.objects.filter(state=changed)
        case StateName():
            yield State, State.objects.filter(pk=changed.state_id)
        case Treaty():
            yield Declaration, Declaration.objects.filter(treaty=changed)
        case Speaker():
            yield Statement, Statement.objects.filter(speaker=changed)
        case SpeakerRole():
            yield Statement, Statement.objects.filter(speaker=changed.speaker_id)
        case Quotation():
            yield Statement, Statement.objects.filter(pk=changed.statement_id)
        case Translation():
            if (original := changed.original()) is not None:
                yield from affected_by(original)
        case Statement() | CampaignAction() | Commitment() | Declaration():
            yield type(changed), type(changed)._base_manager.filter(pk=changed.pk)


def _document(thing: Model) -> SearchDocument:
    with override(nearest(thing.language) or ENGLISH if isinstance(thing, Statement) else ENGLISH):
        words = _words(thing)
    titles: dict[str, str] = {}
    bodies = {ENGLISH: list(words.parts)}
    if not isinstance(thing, Statement):
        for language, _name in settings.LANGUAGES:
            if language != ENGLISH:
                with override(language):
                    found = _words(thing)
                # What is not translated is English, and stands there already. A State may be called the same in two languages.
                if found.title != words.title or isinstance(thing, State):
                    titles[language] = found.title
                bodies[language] = [
                    here for here, english in zip(found.parts, words.parts, strict=True) if here != english
                ]
    if isinstance(thing, Declaration):
        bodies.setdefault(nearest(thing.language) or thing.language or ENGLISH, []).append(thing.text)
    document = _known_by(thing)
    document.title, document.titles = words.title, titles
    document.body = _joined(bodies.pop(ENGLISH))
    document.bodies = {language: body for language, parts in bodies.items() if (body := _joined(parts))}
    with override(ENGLISH):
        document.url = thing.get_absolute_url()  # type: ignore[attr-defined]
    return document


def _known_by(thing: Model) -> SearchDocument:
    """A document without words."""
    match thing:
        case Statement():
            return SearchDocument(
                kind="statement", key=thing.slug, statement=thing, language=thing.language, dated_on=thing.dated_on
            )
        case State():
            return SearchDocument(kind="state", key=thing.iso3)
        case CampaignAction():
            return SearchDocument(kind="campaign_action", key=thing.slug, dated_on=thing.date)
        case Commitment():
            return SearchDocument(kind="commitment", key=thing.slug, dated_on=thing.announced_on)
        case Declaration():
            return SearchDocument(kind="declaration", key=str(thing.pk), dated_on=thing.made_on)
    raise TypeError(type(thing))


def _words(thing: Model) -> Words:
    """The words of a thing in the language of the page. Each part stands at the same place in every language."""
    match thing:
        case Statement():
            parts = [
                to_text(without_numbers(thing.body, NUMBER)),
                thing.symbol,
                thing.byline,
                *([thing.speaker.name, str(thing.role or "")] if thing.speaker else []),
                *(quotation.text for quotation in thing.quotations.all()),
                *(state.name for state in thing.states.all()),
            ]
            return Words(thing.title, parts)
        case State():
            others = [name for other in thing.other_names.all() for name in (other.name, other.formal_name)]
            parts = [thing.common_name, thing.formal_name, thing.iso3, thing.region, thing.subregion, *others]
            return Words(thing.name, parts)
        case CampaignAction():
            parts = [thing.summary, thing.who, thing.place, *(state.name for state in thing.states.all())]
            return Words(thing.title, parts)
        case Commitment():
            return Words(thing.title, [thing.made_by, thing.text])
        case Declaration():
            title = gettext("%(state)s: %(act)s, %(treaty)s") % {
                "state": thing.state.name,
                "act": thing.get_kind_display(),
                "treaty": thing.treaty.short_title,
            }
            return Words(title, [thing.summary, thing.articles, thing.treaty.title, thing.note])
    raise TypeError(type(thing))


def _joined(parts: Iterable[str]) -> str:
    """The parts as one text, each once: a State that speaks of itself is named twice."""
    return " · ".join(dict.fromkeys(str(part) for part in parts if part))
