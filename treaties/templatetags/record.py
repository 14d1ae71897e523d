"""How the record looks on a page: days, statuses, links to proofs."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.templatetags.static import static
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from config.kit.formats.days import written
from config.kit.formats.languages import ENGLISH, direction_of, english_was_shown, nearest, note_english
from config.kit.formats.lists import listed
from config.kit.models.translations import InLanguage
from config.kit.pending_work import PendingTask, pending_tasks_of
from treaties.law import rules
from treaties.models import (
    ActionChoices,
    ObligationChoices,
    ObligationStatusChoices,
    State,
    StatusChoices,
    Treaty,
    TreatyAction,
    WithdrawalStep,
)
from treaties.pages.publishers import publisher_of
from treaties.pages.world_map import HATCHINGS, Hatching, Mark, Shape
from treaties.status import sentences
from treaties.status.boards import Line
from treaties.status.sentences import count_in_words

register = template.Library()


@register.simple_tag
def day(value: date | None, missing: str = "–") -> SafeString | str:
    """A day with the month's name, readable by machines too."""
    if not value:  # an attribute that a template did not find is an empty text
        return missing
    if isinstance(value, datetime):
        value = value.date()
    return _day(value, "DATE_FORMAT", get_language())


@lru_cache(maxsize=4096)
def _day(value: date, form: str, language: str | None) -> SafeString:
    """A day in the language of the page. The same days stand on a page hundreds of times."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), written(value, form))


@register.filter
def in_words(value: date | None, form: str = "DATE_FORMAT") -> str:
    """A day as words of a sentence."""
    return written(value, form) if value else ""


@register.simple_tag
def short_article(number: object) -> str:
    """An article in a few letters: Art. 20."""
    return _("Art. %(number)s") % {"number": number}


@register.simple_tag
def full_article(number: object) -> str:
    """An article before its heading."""
    return _("Article %(number)s.") % {"number": number}


@register.filter
def labelled(words: object) -> str:
    """Words as a label, with what stands behind one; French puts a space before it."""
    return f"{words}{pgettext('behind a label', ':')}"


@register.simple_tag
def pause() -> str:
    """The comma between the parts of a line: a name, a day."""
    return pgettext("between the parts of a line", ",")


@register.simple_tag
def comma() -> str:
    """What stands between the things of a list."""
    return pgettext("between the things of a list", ", ")


@register.simple_tag
def semicolon() -> str:
    """What stands between the parts of a list that have commas of their own."""
    return pgettext("between the parts of a list", "; ")


@register.filter
def month_in_words(value: date | None) -> str:
    """A month and its year as words of a sentence."""
    return in_words(value, "YEAR_MONTH_FORMAT")


@register.filter
def own_language(text: str, written_in: str = ENGLISH) -> SafeString | str:
    """A text that editors wrote. It is marked where it is not in the page's language: read aloud and set as such (WCAG, 3.1.2).

    A translation that is behind its original says by how many changes. Args: written_in: the language of the original, as a tag.
    """
    if not text or nearest(written_in) == get_language():
        return text
    if isinstance(text, InLanguage):
        if text.behind is None:
            return text
        n = text.behind.changes
        words = ngettext("older than its original by %(n)d change", "older than its original by %(n)d changes", n) % {
            "n": n
        }
        return format_html('{} <small class="small soft">[{}]</small>', text, words)
    if written_in == ENGLISH:
        note_english()
    return format_html('<span lang="{}" dir="{}">{}</span>', written_in, direction_of(written_in), text)


@register.inclusion_tag("components/untranslated.html")
def untranslated() -> dict[str, Any]:
    """Says on a page in another language that some of its texts are in English. It stands after all of them."""
    return {"is_shown": english_was_shown()}


@register.simple_tag
def flag(iso3: str) -> SafeString:
    """The flag of a State. It says nothing that the name beside it does not: so it has no alternative text."""
    address = static(f"flags/{iso3.lower()}.svg")
    return format_html('<img class="flag" src="{}" alt="" width="30" height="20" loading="lazy">', address)


@register.simple_tag
def state_items(states: Iterable[State]) -> SafeString:
    """States as items of a list, each a link to its page. A page may name all of them many times."""
    items = (f"<li>{_linked(state.get_absolute_url(), state.name)}</li>" for state in states)
    return mark_safe("".join(items))  # noqa: S308 - the links are escaped


@lru_cache(maxsize=1024)
def _linked(address: str, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, words)


@register.simple_tag
def state_shapes(shapes: Iterable[Shape], outlines: str) -> SafeString:
    """The States on the map, each a link: drawn from the file of outlines, or in the page where it is hatched."""
    drawn = "\n".join(_on_map(shape, outlines) for shape in shapes)
    return mark_safe(drawn)  # noqa: S308 - what is text in it is escaped


def _on_map(shape: Shape, outlines: str) -> str:
    mark = shape.mark
    drawn = f'<use href="{outlines}#{mark.state.pk}" />'
    return f'<a href="{mark.state.get_absolute_url()}" class="map__state {_look(mark)}"><title>{escape(mark)}</title>{drawn}</a>'


def _look(mark: Mark) -> str:
    return f"map--{mark.kind}{' map--open' if mark.is_open else ''}"


@register.simple_tag
def inset_shapes(shapes: Iterable[Shape], outlines: str) -> SafeString:
    """The States once more, for the inset: without links and words, which the map has already."""
    drawn = "\n".join(f'<use class="{_look(s.mark)}" href="{outlines}#{s.mark.state.pk}" />' for s in shapes)
    return mark_safe(drawn)  # noqa: S308 - codes of States and names of classes


@register.simple_tag
def map_patterns() -> SafeString:
    """The hatchings of the map, coloured by the style sheet."""
    return mark_safe("".join(_pattern(hatching) for hatching in HATCHINGS))  # noqa: S308 - our own numbers


def _pattern(of: Hatching) -> str:
    return (
        f'<pattern id="h-{of.kind}" width="{of.every}" height="{of.every}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({of.angle})"><rect class="h-{of.kind}__ground" width="{of.every}" height="{of.every}" />'
        f'<rect class="h-{of.kind}__line" width="{of.width}" height="{of.every}" /></pattern>'
    )


@register.simple_tag
def short_day(value: date | None, missing: str = "–") -> SafeString | str:
    """A day for tables: 27 Jun 2025."""
    if not value:
        return missing
    return _day(value.date() if isinstance(value, datetime) else value, "SHORT_DATE_FORMAT", get_language())


@register.simple_tag
def act_day(act: rules.Action | TreatyAction | None, missing: str = "–") -> SafeString | str:
    """The day of an act for tables; the two days between which it was, where the day is not known."""
    if not act:
        return missing
    if act.not_before is None:
        return short_day(act.deposited_on)
    return days_between((act.not_before, act.deposited_on))


@register.simple_tag
def days_between(days: tuple[date | None, date | None]) -> SafeString:
    """The first and the last day that are possible, for tables."""
    first, last = days
    return format_html("{}–{}", short_day(first, "…"), short_day(last, "…"))


@register.simple_tag
def effect_day(one: date | None, between: tuple[date | None, date | None] | None) -> SafeString | str:
    """The day of an effect for tables, or the days between which it lies."""
    return days_between(between) if between else short_day(one)


@register.filter
def number(counts: rules.Counts, name: str) -> str:
    """A count in figures, or its range: 161 or 162."""
    return count_in_words(counts, name)


@register.filter
def last_number(series: Sequence[tuple[date, rules.Counts]], name: str) -> str:
    """A count on the last day of a series."""
    return count_in_words(series[-1][1], name)


@register.simple_tag
def compared(treaty: Treaty) -> str:
    """What the last closed comparison of a treaty's ledger with the Depositary's table found."""
    return sentences.compared(treaty)


@register.simple_tag
def on_record_to(treaty: Treaty) -> str:
    """To which day a treaty's ledger is complete, in a few words."""
    return sentences.on_record_to(treaty)


@register.simple_tag
def line_badge(line: Line) -> SafeString:
    """The status of a State; all that are possible by the acts on record, where the day of one is not known.

    A status that an act which may be missing can have changed has a look of its own.
    """
    statuses = line.by_record
    if len(statuses) > 1:
        return _badges(statuses)
    badge = _badge(statuses[0], get_language())
    return badge if line.certain else format_html('<span class="as-recorded">{}</span>', badge)


@register.simple_tag
def as_recorded(treaty: Treaty) -> str:
    """What the look of a status means that is told by the acts on record up to a day."""
    return _("Dotted: by the %(acts)s; a later act may be missing") % {"acts": sentences.on_record_to(treaty)}


def _badges(statuses: Sequence[str]) -> SafeString:
    badges = format_html_join(_(" or "), "{}", ((status_badge(status),) for status in statuses))
    return format_html('<span class="open">{}</span>', badges)


@register.simple_tag
def moment(value: datetime) -> SafeString:
    """A moment in UTC."""
    return format_html(
        '<time datetime="{}">{} UTC</time>',
        value.strftime("%Y-%m-%dT%H:%M:%SZ"),
        written(value, "DATETIME_FORMAT"),
    )


@register.simple_tag
def local_moment(value: datetime) -> str:
    """A moment in its own time zone, with the zone's name. Django's date filter would turn it into UTC."""
    return f"{written(value, 'DATETIME_FORMAT')} ({value.tzname()})"


@register.simple_tag(takes_context=True)
def pending_work(context: template.Context) -> list[PendingTask]:
    """What waits for the editor who is signed in."""
    return pending_tasks_of(context["request"].user)


@register.simple_tag
def status_badge(status: str) -> SafeString:
    """A status as colour, shape and word. Written here, not in a template, since a matrix has a thousand of them."""
    return _badge(status, get_language())


@lru_cache(maxsize=128)
def _badge(status: str, language: str | None) -> SafeString:
    return format_html(
        '<span class="badge badge--{}"><span class="badge__mark" aria-hidden="true"></span>{}</span>',
        status,
        StatusChoices(str(status)).label,
    )


@register.simple_tag
def votes(step: WithdrawalStep) -> str:
    """The tally of a vote as far as it is known."""
    parts = [_("%(n)s for") % {"n": step.votes_for}]
    if step.votes_against is not None:
        parts.append(_("%(n)s against") % {"n": step.votes_against})
    if step.abstentions is not None:
        parts.append(ngettext("%(n)s abstention", "%(n)s abstentions", step.abstentions) % {"n": step.abstentions})
    return listed(parts)


@register.filter
def minutes(seconds: int) -> int:
    """Seconds as whole minutes, rounded up."""
    return -(-seconds // 60)


@register.simple_tag
def linked_data(things: list[dict[str, object]]) -> SafeString:
    """Data for search engines (JSON-LD). A data block is not a script: the policy lets it be (HTML, section 4.12.1)."""
    if not things:
        return SafeString("")
    text = json.dumps(things, ensure_ascii=False).translate({ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))


@register.filter
def status_label(status: str) -> str:
    return str(StatusChoices(str(status)).label)


@register.filter
def act_label(kind: str) -> str:
    return str(ActionChoices(str(kind)).label)


@register.filter
def duty_label(kind: str) -> str:
    return str(ObligationChoices(str(kind)).label)


@register.filter
def duty_status_label(status: str) -> str:
    return str(ObligationStatusChoices(str(status)).label)


@register.filter
def publisher(url: str) -> SafeString | str:
    """Who publishes what stands at an address. The name is English, and set by itself among words of another language."""
    name = publisher_of(url).name
    return name if get_language() == ENGLISH else format_html('<bdi lang="en">{}</bdi>', name)


@register.filter
def page_numbers(page: Page) -> list[int | str]:
    """The numbers to link to around a page of a list."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
