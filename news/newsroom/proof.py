"""What must be right or explained before a statement may be approved: its numbers, its claims, the sources of its quotations."""

import re
from collections.abc import Iterable

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from config.kit.pages.markdown import to_text
from news.facts import guard
from news.facts.figures import CheckedFigure, check_figures
from news.facts.ledger_facts import LedgerFacts
from news.facts.tags import tags_of, without_numbers
from news.models import Statement
from treaties.models import Treaty

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")


def own_words(statement: Statement) -> str:
    """Title and text. A tag is the ledger's own word, so there is nothing to judge in it."""
    return "\n".join([statement.title, to_text(without_numbers(statement.body, "–"))])


def claims_text(statement: Statement) -> str:
    """What the guard reads for a reviewer: the statement's own words and its quotations."""
    return "\n".join([own_words(statement), *(q.text for q in statement.quotations.all())])


def unproved(statement: Statement) -> list[str]:
    """What is wrong and not explained, a sentence each. A note on a figure explains it, and the claim that it is cited in.

    Quotations are other people's words: what is wrong in them is told beneath them, and only their source is asked for.
    """
    figures = check_figures(statement.figures.select_related("treaty"), timezone.now().date())
    explained = [f.figure.text.casefold() for f in figures if f.figure.note]
    wrong = [sentence for item in figures if not item.figure.note for sentence in _wrong_figure(item)]
    facts = LedgerFacts(Treaty.objects.main())
    for claim in guard.check_claims(own_words(statement), statement.dated_on, facts):
        words = claim.claim.casefold()
        if claim.holds is False and not any(words in text or text in words for text in explained):
            wrong.append(_("“%(claim)s” does not hold: %(fact)s") % {"claim": claim.claim, "fact": claim.fact})
    wrong += [
        _("The quotation “%s” has no source.") % quotation.text[:80]
        for quotation in statement.quotations.all()
        if not quotation.source_url
    ]
    return [*wrong, *_figures_unlike_the_original(statement)]


def _figures_unlike_the_original(statement: Statement) -> Iterable[str]:
    """Which tags a translation lacks or has besides: in every language a text carries the same figures."""
    original = statement.translation_of
    if original is None:
        return
    own, others = tags_of(statement.body), tags_of(original.body)
    if missing := [str(tag) for tag in others if tag not in own]:
        yield _("The original has figures that this translation lacks: %(tags)s. Put the same tags into it.") % {
            "tags": ", ".join(missing)
        }
    if more := [str(tag) for tag in own if tag not in others]:
        yield _(
            "This translation has figures that the original lacks: %(tags)s. Take them out, or correct the original."
        ) % {"tags": ", ".join(more)}


def _wrong_figure(item: CheckedFigure) -> Iterable[str]:
    """What is wrong with a figure that no note explains."""
    figure = item.figure
    if item.holds is False:
        yield _(
            "“%(text)s”: the ledger has %(then)s on %(day)s, not %(value)s. Mend it, or say in its note why it differs."
        ) % {
            "text": figure.text,
            "then": item.then_in_words,
            "day": date_format(figure.on, "DATE_FORMAT"),
            "value": figure.value,
        }
    numbers = {int(n.replace(",", "")) for n in _NUMBER.findall(figure.text)}
    if numbers and figure.value not in numbers:
        yield _("“%(text)s” does not carry the number %(value)s that it is checked with.") % {
            "text": figure.text,
            "value": figure.value,
        }
