"""What the news adds to the pages of the record."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import get_language

from config.kit.formats.lists import listed
from config.kit.incoming.days import today
from config.kit.models.fields import english_text
from config.kit.models.generations import Remembered
from config.kit.models.translations import InLanguage
from news.facts.figures import check_figures, render_figures
from news.models import Figure, Speaker, SpeakerRole, Statement
from treaties.extension_points import Dependent, GivenReason, Section, SourceText
from treaties.law import rules
from treaties.ledger import actions_of
from treaties.models import State, Treaty, TreatyAction

SHOWN = 6


def state_section(state: State, on: date) -> Section | None:
    """The latest public statements that mention a State."""
    statements = list(Statement.objects.public().about(state).for_reader_here().for_list().newest_first()[: SHOWN + 1])
    if not statements:
        return None
    context = {
        "statements": render_figures(statements[:SHOWN], on),
        "has_more": len(statements) > SHOWN,
        "state": state,
    }
    return Section("news/about_state.html", context)


def figures_resting_on(act: TreatyAction) -> Iterable[Dependent]:
    """The numbers cited in public statements that would be others without the act. Three queries, and none for each figure."""
    rows = actions_of(act.state, act.treaty)
    without = [row for row in rows if row.id != act.pk]
    if len(without) == len(rows):
        return  # it does not count: it waits, or was replaced
    figures = Figure.objects.filter(statement__in=Statement.objects.public(), treaty=act.treaty)
    seen: dict[date, tuple[rules.Counts, rules.Counts]] = {}
    for figure in figures.filter(on__gte=act.deposited_on).select_related("statement").order_by("-on", "pk"):
        day = act.treaty.last_shown_day(figure.on)
        if day not in seen:
            standings = [rules.standing(act.state_id, acts, act.treaty.rules, day) for acts in (rows, without)]
            seen[day] = (rules.count(standings[:1]), rules.count(standings[1:]))
        with_it, without_it = seen[day]
        if getattr(with_it, figure.query) != getattr(without_it, figure.query):
            yield Dependent(f"{figure.statement.title}: {figure.text}", figure.statement.get_absolute_url())


_texts: Remembered[SourceText | None] = Remembered("news", "treaties", most=64)


def text_of_source(source_url: str) -> SourceText | None:
    """The public statement that tells of a source, with what the ledger says today of the numbers cited in it."""
    return _texts.get((source_url, today(), get_language()), lambda: _read_text(source_url))


def _read_text(source_url: str) -> SourceText | None:
    statement = (
        Statement.objects.public().filter(source_url=source_url, translation_of=None).order_by("dated_on", "pk").first()
    )
    if statement is None:
        return None
    cited = statement.figures.filter(value__isnull=False).select_related("treaty").order_by("pk")
    shown = Statement.objects.public().translations_of(statement).for_reader_here().first() or statement
    return SourceText(
        shown.title, shown.get_absolute_url(), tuple(item.verdict for item in check_figures(cited, today()))
    )


def _who(speaker: Speaker, role: SpeakerRole | None) -> str:
    """A speaker with the office, in the language of the page where the office is translated."""
    if role is None:
        return speaker.name
    office = role.in_words
    if isinstance(office, InLanguage):
        return InLanguage(listed([speaker.name, office]), office.behind)
    return f"{speaker.name}, {office}"


_reasons: Remembered[list[tuple[str, GivenReason]]] = Remembered("news", "treaties", most=16)


def reasons_for_leaving(treaty: Treaty, on: date) -> Iterable[tuple[str, GivenReason]]:
    """Quotations of a State's own speakers who explain why it leaves the treaty: those whose office names the State."""
    return _reasons.get((treaty.pk, on), lambda: list(_read_reasons(treaty, on)))


def _read_reasons(treaty: Treaty, on: date) -> Iterable[tuple[str, GivenReason]]:
    statements = (
        Statement.objects.public()
        .filter(stance=Statement.Stance.LEAVES, dated_on__lte=on, translation_of=None)
        .under_any([treaty])
        .with_words()
    )
    for statement in statements:
        speaker = statement.speaker
        if speaker is None:
            continue
        office = f"{speaker.name}, {statement.role}" if statement.role else speaker.name
        words = [q.text for q in statement.quotations.all()]
        for state in statement.states.all():
            if english_text(state, "name") in office and words:
                who = _who(speaker, statement.role)
                yield state.pk, GivenReason(who, statement.dated_on, statement.get_absolute_url(), words=words[0])
