"""What the ledger says of a number that a statement cites, in a sentence."""

from datetime import date

import pytest

from news.facts.figures import check_figures
from tests.factories import FigureFactory, StatementFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 1)


@pytest.mark.parametrize(
    ("text", "query", "value", "verdict"),
    [
        ("133 signatories", "signatories", 133, "“133 signatories”: right on that day, and today."),
        ("165 parties", "parties", 165, "“165 parties”: right on that day; 162 today."),
        ("164 parties", "parties", 164, "“164 parties”: the ledger says 165 for that day."),
    ],
)
def test_a_cited_number_has_a_verdict(text, query, value, verdict):
    figure = FigureFactory(statement=StatementFactory(), text=text, query=query, value=value, on=date(2025, 6, 16))
    (item,) = check_figures([figure], TODAY)
    assert item.verdict == verdict


def test_a_number_of_a_day_past_the_record_cannot_be_told(withheld):
    figure = FigureFactory(
        statement=StatementFactory(), text="9 parties", query="parties", value=9, on=date(2025, 6, 16), treaty=withheld
    )
    (item,) = check_figures([figure], TODAY)
    assert item.verdict == "“9 parties”: cannot be told from the record."
