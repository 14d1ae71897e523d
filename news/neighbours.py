"""What the news adds to the pages of the record."""

from datetime import date

from news.models import Statement
from treaties.models import State
from treaties.neighbours import Section

SHOWN = 6


def state_section(state: State, on: date) -> Section | None:
    """The latest public statements that mention a State."""
    statements = list(Statement.objects.public().about(state).for_list().newest_first()[: SHOWN + 1])
    if not statements:
        return None
    context = {"statements": statements[:SHOWN], "has_more": len(statements) > SHOWN, "state": state}
    return Section("news/about_state.html", context)
