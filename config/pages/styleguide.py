"""What the styleguide shows: every piece with values of the record or made-up ones."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator

from campaign.models import Commitment
from campaign.pages.backing_map import backing_map, legend
from campaign.pages.forms import PledgePageForm
from campaign.pledging.backing import Backing
from campaign.pledging.consent import CURRENT, TEXTS
from news.facts.figures import render_figures
from news.models import Statement
from treaties.law import rules
from treaties.models import StatusChoices
from treaties.pages.charts import step_chart


def pieces() -> dict[str, Any]:
    points = [
        (date(1997, 12, 3), (3, 3)),
        (date(1999, 3, 1), (67, 67)),
        (date(2008, 1, 1), (156, 156)),
        (date(2026, 2, 20), (161, 162)),
    ]
    backing = Backing(221, [], 221, [], is_demonstration=True)
    return {
        "backing": backing,
        "people_map": backing_map(backing),
        "legend": legend(),
        "form": PledgePageForm(),
        "consent": TEXTS[CURRENT],
        "commitment": Commitment.objects.for_display().first(),
        "statement": next(iter(render_figures(Statement.objects.public().for_list()[:1], date(2026, 11, 1))), None),
        "statuses": StatusChoices.values,
        "duty_statuses": list(rules.ObligationStatus),
        "chart": step_chart(points, last=date(2026, 11, 1), ceiling=197, y_values=[0, 50, 100, 150, 197]),
        "today": date(2026, 11, 1),
        "page": Paginator(range(200), 10).page(7),
    }
