"""What the news adds to the pages of the record."""

from collections.abc import Iterable
from datetime import date

from news.facts.figures import render_figures
from news.models import Statement
from treaties.extension_points import GivenReason, Section
from treaties.models import State, Treaty

SHOWN = 6


def state_section(state: State, on: date) -> Section | None:
    """The latest public statements that mention a State."""
    statements = list(Statement.objects.public().about(state).for_list().newest_first()[: SHOWN + 1])
    if not statements:
        return None
    context = {
        "statements": render_figures(statements[:SHOWN], on),
        "has_more": len(statements) > SHOWN,
        "state": state,
    }
    return Section("news/about_state.html", context)


def reasons_for_leaving(treaty: Treaty, on: date) -> Iterable[tuple[str, GivenReason]]:
    """Quotations of a State's own speakers who explain why it leaves the treaty: those whose office names the State."""
    statements = (
        Statement.objects.public()
        .filter(stance=Statement.Stance.LEAVES, articles__treaty=treaty, dated_on__lte=on)
        .for_page()
        .distinct()
    )
    for statement in statements:
        speaker = statement.speaker
        if speaker is None:
            continue
        office = f"{speaker.name}, {statement.role}" if statement.role else speaker.name
        words = [q.text for q in statement.quotations.all()]
        for state in statement.states.all():
            if state.name in office and words:
                yield state.pk, GivenReason(office, statement.dated_on, words[0], statement.get_absolute_url())
