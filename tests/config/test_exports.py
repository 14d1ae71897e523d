"""Whole lists: a short one is one answer, a long one is sent in parts, and both say the same."""

import csv
import io
import json

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from config.kit.api import change_feed, exports
from tests.config.addresses import API
from tests.reading import body_of
from treaties.ledger import proof
from treaties.pages import views as pages

pytestmark = pytest.mark.django_db
LONG = ["treaty-actions", "declarations", "withdrawal-steps", "statements", "changes", "states", "campaign-actions"]


@pytest.fixture
def in_small_parts(monkeypatch, nothing_is_kept):
    """Makes every list a long one."""
    for module in (exports, change_feed):
        monkeypatch.setattr(module, "AT_ONCE", 5)
    monkeypatch.setattr(exports, "A_PART", 4)
    monkeypatch.setattr(change_feed, "A_READING", 100)


class TestALongList:
    @pytest.mark.parametrize("name", LONG)
    def test_is_the_same_table_in_parts_as_in_one_answer(self, client, request, name):
        with pytest.MonkeyPatch.context() as at_once:
            for module in (exports, change_feed):
                at_once.setattr(module, "AT_ONCE", 5000)
            whole = client.get(f"{API}/{name}/?format=csv")
        assert not whole.streaming
        request.getfixturevalue("in_small_parts")
        parts = Client().get(f"{API}/{name}/?format=csv")
        assert parts.streaming
        assert parts["Content-Type"] == whole["Content-Type"]
        assert body_of(parts) == body_of(whole)

    def test_is_the_same_as_a_sheet(self, client, in_small_parts):
        table = body_of(client.get(f"{API}/declarations/?format=csv")).decode()
        book = load_workbook(io.BytesIO(body_of(client.get(f"{API}/declarations/?format=xlsx"))))
        rows = [["" if c is None else str(c) for c in row] for row in book["data"].iter_rows(values_only=True)]
        assert len(rows) > 50
        assert [row[:5] for row in rows] == [row[:5] for row in csv.reader(io.StringIO(table))]

    @pytest.mark.parametrize("name", ["commitments", "treaty-actions"])
    def test_is_the_same_as_json_lines(self, client, in_small_parts, name):
        lines = body_of(client.get(f"{API}/{name}/?format=jsonl")).decode().splitlines()
        listed = client.get(f"{API}/{name}/?page_size=500").json()["results"]
        assert [json.loads(line) for line in lines][: len(listed)] == listed

    def test_begins_before_it_has_been_read_to_its_end(self, client, in_small_parts, monkeypatch):
        read = []
        real = exports.ListViewSet._entries

        def counted(view, rows):
            for part in real(view, rows):
                read.append(1)
                yield part

        monkeypatch.setattr(exports.ListViewSet, "_entries", counted)
        stream = iter(client.get(f"{API}/treaty-actions/?format=csv").streaming_content)
        assert next(stream).startswith(b"id,treaty,state_iso3")
        assert len(read) <= 3
        assert sum(1 for _part in stream) > 100

    def test_is_refused_before_it_begins_where_its_filter_is_none(self, client, in_small_parts):
        response = client.get(f"{API}/treaty-actions/?format=csv&state=XXX")
        assert response.status_code == 400
        assert "state" in response.json()["errors"]

    def test_asks_as_often_for_each_part_however_many_there_are(
        self, client, in_small_parts, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(250):
            assert body_of(client.get(f"{API}/withdrawal-steps/?format=csv"))


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_a_short_list_is_one_answer_that_is_kept(client, kind, django_assert_num_queries):
    client.get(f"{API}/commitments/?format={kind}")
    with django_assert_num_queries(1):
        assert client.get(f"{API}/commitments/?format={kind}").status_code == 200


def test_a_page_of_a_list_as_json_lines_is_that_page(client):
    lines = client.get(f"{API}/states/?format=jsonl&page_size=3").content.decode().splitlines()
    assert [json.loads(line)["iso3"] for line in lines] == ["AFG", "ALB", "DZA"]


class TestACheckpoint:
    @pytest.mark.parametrize(
        "address", ["/treaties/mine-ban-convention/ledger/checkpoint.json", "/treaties/checkpoint.json"]
    )
    def test_of_a_long_chain_says_in_parts_what_it_says_in_one_answer(self, address, monkeypatch, nothing_is_kept):
        monkeypatch.setattr(pages, "ROWS_AT_ONCE", 1_000_000)
        whole = Client().get(address)
        monkeypatch.setattr(pages, "ROWS_AT_ONCE", 5)
        parts = Client().get(address)
        assert not whole.streaming
        assert parts.streaming
        assert body_of(parts) == body_of(whole)
        found = json.loads(body_of(whole))
        chains = found.get("chains", [found])
        assert [chain["head"]["length"] for chain in chains] == [len(chain["rows"]) for chain in chains]
        assert [chain["rows"][-1]["hash"] for chain in chains] == [chain["head"]["hash"] for chain in chains]

    def test_begins_before_its_rows_have_been_read(self, monkeypatch, nothing_is_kept):
        monkeypatch.setattr(pages, "ROWS_AT_ONCE", 5)
        read = []
        real = proof.canonical
        monkeypatch.setattr(proof, "canonical", lambda row: read.append(1) or real(row))
        stream = iter(Client().get("/treaties/mine-ban-convention/ledger/checkpoint.json").streaming_content)
        while b'"rows"' not in (part := next(stream)):
            assert part
        assert not read
        assert sum(1 for _part in stream) > 2
        assert len(read) > 300


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_json_that_is_written_in_parts_is_the_same_value(value):
    def with_iterators(inner):
        if isinstance(inner, dict):
            return {name: with_iterators(each) for name, each in inner.items()}
        return iter(inner) if isinstance(inner, list) else inner

    assert json.loads("".join(exports.json_parts(with_iterators(value)))) == value
