"""Tables are for scientists: the same columns whatever rows there are, words instead of a program's values, typed cells."""

import csv
import io
import json
import re
from datetime import date, datetime
from urllib.parse import parse_qsl

import pytest
from openpyxl import load_workbook

from config.kit.api import tables
from tests.config.addresses import API, COMPUTED, LISTS
from tests.factories import PledgeFactory
from tests.reading import body_of

pytestmark = pytest.mark.django_db
CAMPAIGN = f"{API}/campaigns/humanitarian-disarmament"
TABLES = sorted(
    {*LISTS, *COMPUTED, f"{API}/changes/", f"{API}/treaties/mine-ban-convention/doubts/", f"{CAMPAIGN}/backing/"}
)
EMPTIED = [
    f"{API}/states/?un_member=false&search=zqzqzq",
    f"{API}/treaty-actions/?state=PRK",
    f"{API}/withdrawal-steps/?state=CHN",
    f"{API}/obligations/?state=CHN",
    f"{API}/declarations/?search=zqzqzq",
    f"{API}/campaign-actions/?search=zqzqzq",
    f"{API}/commitments/?search=zqzqzq",
    f"{API}/statements/?search=zqzqzq",
    f"{API}/treaties/mine-ban-convention/status/?state=CHN&status=withdrawn",
    f"{API}/treaties/mine-ban-convention/changes/?from=2025-01-01&to=2025-01-02",
    f"{API}/treaties/mine-ban-convention/state-years/?from=2025-01-01&to=2025-01-02",
]


def rows_of(client, address, **query):
    path, _mark, asked = address.partition("?")
    answer = client.get(path, {**dict(parse_qsl(asked)), "format": "csv", **query})
    assert answer.status_code == 200, answer.content
    return list(csv.reader(io.StringIO(body_of(answer).decode())))


def leaves(value, name=""):
    """The names of all that an entry has, with those of an object within before it."""
    for key, inner in value.items():
        full = f"{name}{key}"
        yield from leaves(inner, f"{full}_") if isinstance(inner, dict) and inner else [full]


@pytest.mark.parametrize("address", EMPTIED)
def test_a_table_without_a_row_has_the_columns_of_a_full_one(client, address):
    path, _mark, query = address.partition("?")
    full = rows_of(client, path)
    empty = rows_of(client, path, **dict(parse_qsl(query)))
    assert len(full) > 1
    assert empty == full[:1]


@pytest.mark.parametrize("address", TABLES)
def test_a_table_has_a_column_for_all_that_an_answer_has(client, address):
    answer = client.get(address).json()
    entries = answer.get("results", [answer])
    columns = set(rows_of(client, address)[0])
    # An object that is null, or has nothing in it, has a column for each of its parts.
    of_objects = ("before_", "after_") if "/changes/" in address else ()
    missing = {n for entry in entries for n in leaves(entry) if n not in columns and not n.startswith(of_objects)}
    assert not {n for n in missing if not any(column.startswith(f"{n}_") for column in columns)}


def is_json(cell: str) -> bool:
    """Whether a cell is an object of many shapes, as the change feed has them."""
    try:
        return isinstance(json.loads(cell), dict)
    except ValueError:
        return False


@pytest.mark.parametrize("address", TABLES)
def test_no_cell_is_a_value_of_a_program(client, campaign, address):
    PledgeFactory.create_batch(6, campaign=campaign, state_id="NOR")
    for row in rows_of(client, address)[1:]:
        for cell in row:
            if is_json(cell):
                continue
            assert not re.search(r"\bTrue\b|\bFalse\b|\bNone\b|OrderedDict|\{['\"]", cell), cell
            assert "format=csv" not in cell


def test_backing_is_told_by_state_in_words(client, campaign):
    PledgeFactory.create_batch(6, campaign=campaign, state_id="NOR")
    head, row = rows_of(client, f"{CAMPAIGN}/backing/")
    assert dict(zip(head, row, strict=True))["by_state"] == "NOR 6"


class TestASheet:
    @pytest.fixture
    def sheet(self, client):
        return load_workbook(io.BytesIO(body_of(client.get(f"{API}/treaty-actions/?format=xlsx"))))["data"]

    def test_has_typed_days_moments_numbers_and_truths(self, sheet):
        head = [cell.value for cell in sheet[1]]
        rows = [dict(zip(head, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)]
        kinds = {name: {type(row[name]) for row in rows if row[name] is not None} for name in head}
        assert kinds["effective_on"] == {datetime}
        assert kinds["recorded_at"] == {datetime}
        assert kinds["sequence"] == {int}
        assert kinds["is_annulment"] == {bool}
        assert kinds["note"] <= {str}

    def test_has_a_bold_head_that_stays_with_a_filter_over_all_rows(self, sheet):
        assert all(cell.font.bold for cell in sheet[1])
        assert not sheet["A2"].font.bold
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions

    def test_has_columns_as_wide_as_their_words_up_to_a_bound(self, sheet):
        widths = {sheet[f"{letter}1"].value: column.width for letter, column in sheet.column_dimensions.items()}
        assert widths["id"] < widths["state_name"] < widths["source_url"] == tables.WIDEST


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("2025-12-27", date(2025, 12, 27)),
        ("2025-12-27T10:20:30Z", datetime(2025, 12, 27, 10, 20, 30)),  # noqa: DTZ001 - a sheet has no zones; it is UTC
        ("1868-12-11", "1868-12-11"),
        ("2025-02-31", "2025-02-31"),
        ("2025-12", "2025-12"),
        ("On 2025-12-27", "On 2025-12-27"),
        ("a\x07b", "ab"),
        (True, True),
        (7, 7),
        (None, None),
    ],
)
def test_a_cell_of_a_sheet_is_typed_where_it_is_a_day_or_a_moment(text, cell):
    assert tables._cell(text) == cell


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("states/?format=csv&on=2025-06-16", "minefree-states-2025-06-16.csv"),
        (
            "treaties/mine-ban-convention/status/?format=xlsx&on=2025-06-16",
            "minefree-treaties-mine-ban-convention-status-2025-06-16.xlsx",
        ),
        ("changes/?format=csv", f"minefree-changes-{date.today()}.csv"),  # noqa: DTZ011
    ],
)
def test_a_table_is_saved_under_the_name_of_what_it_is_and_its_day(client, address, name):
    answer = client.get(f"{API}/{address}")
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_json_is_shown_and_not_saved(client):
    assert "Content-Disposition" not in client.get(f"{API}/states/")


def test_a_refusal_of_a_table_is_shown_and_not_saved(client):
    assert "Content-Disposition" not in client.get(f"{API}/states/?format=csv&state=x")
