"""What the styleguide shows: every piece with real or made-up values."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator

from treaties import rules
from treaties.charts import step_chart
from treaties.models import StatusChoices


def pieces() -> dict[str, Any]:
    points = [
        (date(1997, 12, 3), 3),
        (date(1999, 3, 1), 67),
        (date(2008, 1, 1), 156),
        (date(2026, 2, 20), 161),
    ]
    return {
        "statuses": StatusChoices.values,
        "duty_statuses": list(rules.ObligationStatus),
        "chart": step_chart(points, last=date(2026, 11, 1), ceiling=197, y_values=[0, 50, 100, 150, 197]),
        "today": date(2026, 11, 1),
        "page": Paginator(range(200), 10).page(7),
    }
