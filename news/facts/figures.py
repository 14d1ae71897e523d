"""Figures: numbers in statements, compared with the ledger; tags in texts, computed from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from config.kit.formats.languages import isolated
from news.facts.tags import Tag, replace_tags, tags_of
from news.models import Figure, Statement
from news.models.statements import is_public
from treaties.ledger.reading import treaties_known
from treaties.models import Treaty
from treaties.models.treaties import MAIN_TREATY
from treaties.status.boards import counts_on, may_have_changed
from treaties.status.sentences import number_in_words, on_record_to


@dataclass(frozen=True)
class CheckedFigure:
    """A cited number beside the ledger's number on that day and today."""

    figure: Figure
    then_range: tuple[int, int]
    now_range: tuple[int, int]
    may_have_changed: bool
    """Acts that may be missing can have changed the number of that day."""

    @property
    def then(self) -> int:
        """The ledger's number on the figure's day: the least."""
        return self.then_range[0]

    @property
    def now(self) -> int:
        return self.now_range[0]

    @property
    def then_in_words(self) -> str:
        """The number of that day, or its range: 161 or 162."""
        return number_in_words(*self.then_range)

    @property
    def now_in_words(self) -> str:
        return number_in_words(*self.now_range)

    @property
    def holds(self) -> bool | None:
        """The cited number is the ledger's, or lies in its range; None where it is another and acts may be missing.

        A tag always holds: its number is computed from the ledger.
        """
        least, most = self.then_range
        if self.figure.value is None or least <= self.figure.value <= most:
            return True
        return None if self.may_have_changed else False

    @property
    def verdict(self) -> str:
        """What the ledger says of the cited number, in a sentence."""
        words = {"cited": isolated(self.figure.text), "then": self.then_in_words, "now": self.now_in_words}
        if self.holds is None:
            return _("“%(cited)s”: cannot be told from the record.") % words
        if not self.holds:
            return _("“%(cited)s”: the ledger says %(then)s for that day.") % words
        if self.then_range == self.now_range:
            return _("“%(cited)s”: right on that day, and today.") % words
        return _("“%(cited)s”: right on that day; %(now)s today.") % words


def check_figures(figures: Iterable[Figure], today: date) -> list[CheckedFigure]:
    """Compare figures with the ledger, on their day and today, or on the last day whose counts can be shown. Three queries."""
    chosen = list(figures)
    days: dict[Treaty, set[date]] = {}
    for figure in chosen:
        shown = figure.treaty.last_shown_day
        days.setdefault(figure.treaty, set()).update((shown(figure.on), shown(today)))
    counts = counts_on(days)
    return [
        CheckedFigure(
            f,
            then_range=counts[f.treaty_id, f.treaty.last_shown_day(f.on)].range_of(f.query),
            now_range=counts[f.treaty_id, f.treaty.last_shown_day(today)].range_of(f.query),
            may_have_changed=may_have_changed(f.treaty, f.query, f.on),
        )
        for f in chosen
    ]


def contradicted_statements(today: date) -> set[int]:
    """The keys of public statements that cite a number which the ledger contradicts for its day."""
    figures = Figure.objects.filter(is_public(prefix="statement__")).select_related("treaty")
    return {item.figure.statement_id for item in check_figures(figures, today) if item.holds is False}


def render_figures(statements: Iterable[Statement], today: date) -> list[Statement]:
    """Set `rendered_body` and `tag_figures` on each statement. A handful of queries if there are tags, else none."""
    chosen = list(statements)
    tags = {statement.pk: tags_of(statement.body) for statement in chosen}
    figures = figures_of_tags({tag for found in tags.values() for tag in found}, today)
    checked = {(item.figure.text): item for item in check_figures(figures.values(), today)}
    links = {tag: _proof_link(checked[figure.text]) for tag, figure in figures.items()}
    numbers = {tag: checked[figure.text].then_in_words for tag, figure in figures.items()}
    for statement in chosen:
        statement.rendered_body = replace_tags(statement.body, links, numbers)
        statement.tag_figures = [checked[figures[tag].text] for tag in tags[statement.pk]]
    return chosen


def figures_of_tags(tags: Iterable[Tag], today: date) -> dict[Tag, Figure]:
    """An unsaved figure for each tag. Raises Treaty.DoesNotExist for an unknown treaty. One query, or none."""
    chosen = list(tags)
    if not chosen:
        return {}
    treaties = treaties_known()
    found = {}
    for tag in chosen:
        treaty = treaties.get(tag.treaty or MAIN_TREATY)
        if treaty is None:
            raise Treaty.DoesNotExist(tag.treaty)
        on = treaty.last_shown_day(tag.on or today)  # its date says which day that is
        found[tag] = Figure(
            text=f"{treaty.short_title}: {Figure.Query(tag.count).label}, {on.isoformat()}",
            treaty=treaty,
            query=tag.count,
            on=on,
        )
    return found


def _proof_link(item: CheckedFigure) -> str:
    """The number as a Markdown link to the status page that proves it; with the day to which acts are on record, if earlier."""
    day = item.figure.on.isoformat()
    link = f"[{item.then_in_words}]({reverse('treaties:treaty', args=[item.figure.treaty.slug])}?on={day})"
    return f"{link} ({on_record_to(item.figure.treaty)})" if item.may_have_changed else link


def figures_that_fail(today: date) -> list[Figure]:
    """Figures of public statements that the ledger contradicts and that carry no explaining note."""
    figures = (
        Figure.objects.filter(statement__in=Statement.objects.public(), note="")
        .select_related("treaty", "statement")
        .prefetch_related("statement__editions")
    )
    return [item.figure for item in check_figures(figures, today) if is_failing(item)]


def is_failing(item: CheckedFigure) -> bool:
    """The number is not the ledger's, no note says why, and no correction has taken it out of the text."""
    return item.holds is False and not item.figure.note and is_still_cited(item.figure)


def is_still_cited(figure: Figure) -> bool:
    """Whether the words that carry the number stand in the text: not where they stood in it before a correction only."""
    statement = figure.statement
    if figure.text in f"{statement.title}\n{statement.body}":
        return True
    return not any(figure.text in f"{old.title}\n{old.body}" for old in statement.editions.all())
