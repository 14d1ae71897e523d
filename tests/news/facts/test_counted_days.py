"""No text shows a count of a day by which acts are known to be missing."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from news.facts.figures import render_figures
from news.models import Figure
from news.models.statements import check_tags
from tests.factories import StatementFactory
from treaties.models import Treaty

pytestmark = pytest.mark.django_db
WITHHELD = "arms-trade-treaty"


@pytest.fixture
def last_day(withheld):
    return withheld.counts_withheld_after


@pytest.mark.parametrize("tag", ["today", "on 2024-01-01"])
def test_a_tag_for_such_a_day_is_refused_with_the_last_day(tag, last_day):
    with pytest.raises(ValidationError, match=f"go to {last_day.isoformat()}"):
        check_tags(f"{{{{ {WITHHELD} parties {tag} }}}}")


def test_a_tag_for_the_last_day_is_taken(last_day):
    check_tags(f"{{{{ {WITHHELD} parties on {last_day.isoformat()} }}}}")


def test_a_tag_of_the_convention_is_taken_for_any_day():
    check_tags("{{ parties today }} {{ parties on 2025-06-16 }}")


def test_a_text_that_has_such_a_tag_tells_the_last_day(last_day, today):
    statement = StatementFactory(body=f"{{{{ {WITHHELD} parties today }}}}")
    (shown,) = render_figures([statement], today)
    assert f"?on={last_day.isoformat()}" in shown.rendered_body
    assert [item.figure.on for item in shown.tag_figures] == [last_day]


def test_a_figure_for_such_a_day_is_refused(last_day):
    treaty = Treaty.objects.get(slug=WITHHELD)
    figure = Figure(
        statement=StatementFactory(), text="parties", treaty=treaty, query="parties", on=date(2024, 1, 1), value=1
    )
    with pytest.raises(ValidationError, match=last_day.isoformat()):
        figure.full_clean()
