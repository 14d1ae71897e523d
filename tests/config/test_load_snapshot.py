"""A snapshot loaded into an empty project: the same answers, nothing that was not public, and no row where there are rows."""

import gzip
import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from campaign.models import DayTally, FollowUp
from config.api import public_rows
from config.api.public_rows import FILE
from config.api.snapshots import export, one_moment, size_and_hash
from config.kit.models.telling import marked_tables
from news.models import Correction, SearchDocument
from news.newsroom import workflow
from news.roles import PUBLISHER
from tests.config.addresses import API, CAMPAIGN, EVERYTHING, LISTS, MBC
from tests.factories import (
    SOURCE,
    CampaignActionFactory,
    EditorFactory,
    EndorsementFactory,
    OfficerFactory,
    PledgeFactory,
    StatementFactory,
)
from tests.reading import answers_of
from tests.side_by_side import at_once
from treaties import ledger
from treaties.models import Comparison, Difference, State, Treaty, TreatyAction

pytestmark = pytest.mark.django_db
SECRET = "Zq secret"


def rows_in(folder):
    with gzip.open(folder / FILE, "rt", encoding="utf-8") as packed:
        return [json.loads(line) for line in packed]


@pytest.fixture
def written(tmp_path):
    """Write the public rows as they stand, without the tables; the folder."""

    def write():
        folder = tmp_path / "written"
        folder.mkdir()
        public_rows.write(folder / FILE, timezone.now(), "")
        return folder

    return write


HEAD = {"format": public_rows.FORMAT}


def write_rows(folder, *rows):
    """A snapshot of these rows alone."""
    folder.mkdir()
    with gzip.open(folder / FILE, "wt", encoding="utf-8") as packed:
        packed.writelines(json.dumps(row) + "\n" for row in rows)
    described = {"path": FILE} | size_and_hash((folder / FILE).read_bytes())
    (folder / "datapackage.json").write_text(json.dumps({"rows": described}))
    return folder


@pytest.fixture
def edited(campaign, convention):
    """What officers, managers, publishers and the public have added to the record."""
    publisher = EditorFactory(role=PUBLISHER)
    act = TreatyAction(
        treaty=convention, state=State.objects.get(pk="CHN"), action="accession", deposited_on=date(2026, 1, 5)
    )
    act.source_url = SOURCE
    first = ledger.confirm(ledger.record(act, by=OfficerFactory()), by=OfficerFactory())
    other = TreatyAction(
        treaty=convention, state=first.state, action="accession", deposited_on=date(2026, 1, 6), source_url=SOURCE
    )
    ledger.confirm(ledger.replace(first, other, by=OfficerFactory(), reason="One day later."), by=OfficerFactory())
    texts = StatementFactory.create_batch(
        2, workflow="published", publish_at=timezone.now() - timedelta(days=1), author=EditorFactory()
    )
    workflow.correct(Correction(statement=texts[0], text="A word."), by=publisher, body="Another word.")
    workflow.withdraw(texts[1], by=publisher, reason="It was wrong.")
    compared = Comparison.objects.create(
        treaty=convention, table_of=date(2026, 1, 7), source_url=SOURCE, rows=1, compared_by=OfficerFactory()
    )
    for decision, reason in (("contested", "Its table lacks a row."), ("open", SECRET)):
        Difference.objects.create(
            comparison=compared,
            kind="missing_here",
            state=first.state,
            action="signature",
            decision=decision,
            reason=reason,
        )
    Comparison.objects.filter(pk=compared.pk).update(closed_by=OfficerFactory(), closed_at=timezone.now())
    promise = campaign.pillars.first().commitments.first()
    FollowUp.objects.create(
        commitment=promise, on=date(2026, 1, 1), status="under_way", text="Begun.", recorded_by=publisher
    )
    EndorsementFactory(campaign=campaign, verified_by=publisher)
    for iso3, people in (("EST", 6), ("LVA", 2), ("NOR", 3)):
        PledgeFactory.create_batch(people, campaign=campaign, state=State.objects.get(pk=iso3))
    return texts


@pytest.mark.walk
def test_an_empty_project_that_loads_one_gives_the_same_answers(edited, own_database, tmp_path):
    known_at = f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"
    with time_machine.travel(timezone.now() + timedelta(seconds=30), tick=False):
        export(tmp_path / "one")
        asked = [
            *EVERYTHING,
            *(f"{address}?page_size=500" for address in [*LISTS, f"{API}/changes/"]),
            *(f"{address}?known_at={known_at}" for address in [f"{MBC}/", f"{API}{MBC}/status/", "/states/est/"]),
            *(f"/{language}{MBC}/withdrawals/" for language in ("ar", "fr")),
            *(f"/news/{text.slug}/" for text in edited),
            f"{API}/treaty-actions/?state=CHN",
            f"{CAMPAIGN}/account/",
            "/states/chn/",
        ]
        here = answers_of(asked)
        given = json.dumps({"at": timezone.now().isoformat(), "addresses": asked})
        there = json.loads(own_database("tests.empty_project", str(tmp_path / "one"), given=given))
    assert {status for status, _body in here.values()} == {200}
    assert [address for address in asked if there["answers"][address] != here[address]] == []
    assert there["told"] == there["people"] == there["accounts_in_use"] == 0


def test_nothing_is_in_the_rows_that_is_not_public(edited, campaign, convention, written):
    ledger.record(
        TreatyAction(
            treaty=convention,
            state=State.objects.get(pk="IND"),
            action="accession",
            deposited_on=date(2026, 1, 5),
            source_url=SOURCE,
            note=SECRET,
        ),
        by=OfficerFactory(),
    )
    CampaignActionFactory(pillar=campaign.pillars.first(), is_held=True, summary=SECRET)
    StatementFactory(body=SECRET)
    StatementFactory(body=SECRET, workflow="published", publish_at=timezone.now() + timedelta(days=1))
    EndorsementFactory(campaign=campaign, name=SECRET)
    PledgeFactory(campaign=campaign, name=SECRET, email="zq@example.org")
    EditorFactory(username=SECRET, first_name=SECRET)
    folder = written()
    text = gzip.decompress((folder / FILE).read_bytes()).decode()
    assert SECRET not in text
    assert "zq@example.org" not in text
    assert "Something was said." in text  # the edition of the text that was corrected can be read


def test_nobody_can_tell_when_somebody_backed_the_campaign(edited, written):
    folder = written()
    days = [r["row"] for r in rows_in(folder) if r.get("model") == "campaign.daytally"]
    assert days
    assert {day["moved_at"] == f"{day['day']}T00:00:00+00:00" for day in days} == {True}


def test_it_is_of_one_moment_whatever_others_write_meanwhile(committing):
    convention = Treaty.objects.main()

    def confirm_another():
        if (
            committing == "sqlite"
        ):  # it lets others write when the reader has ended: wait for that no longer than needed
            connection.cursor().execute("PRAGMA busy_timeout = 50")
        act = TreatyAction(treaty=convention, state=State.objects.get(pk="CHN"), action="accession")
        act.deposited_on, act.source_url = date(2026, 1, 5), SOURCE
        ledger.confirm(ledger.record(act, by=OfficerFactory()), by=OfficerFactory())

    with one_moment():
        before = str(ledger.checkpoint_line())
        (failed,) = at_once(confirm_another)
        assert (failed is None) == (committing != "sqlite")
        assert str(ledger.checkpoint_line()) == before
        assert not TreatyAction.objects.filter(deposited_on=date(2026, 1, 5), state="CHN").exists()


def test_every_table_of_which_the_change_feed_tells_is_in_it():
    tables = {model._meta.db_table for model in public_rows.loadable()}
    assert {marked.table for marked in marked_tables()} - tables == set()


def test_states_with_few_backers_are_counted_together(edited, written):
    folder = written()
    rows = [r["row"] for r in rows_in(folder) if r.get("model") == "campaign.statetally"]
    assert {row["state_id"]: row["counted"] for row in rows} == {"EST": 6, None: 5}


def test_editors_are_numbers_without_names(edited, written):
    folder = written()
    by_model = {}
    for entry in rows_in(folder)[1:]:
        by_model.setdefault(entry["model"], []).append(entry["row"])
    text = next(row for row in by_model["news.statement"] if row["slug"] == edited[0].slug)
    assert (text["author_id"], text["approved_by_id"], text["published_by_id"]) in ((-1, -2, None), (-1, None, None))
    act = next(row for row in by_model["treaties.treatyaction"] if row["deposited_on"] == "2026-01-05")
    assert act["recorded_by_id"] > 0  # the record's chain has it, and its hash rests on it
    assert not any(model.startswith(("auth.", "kit.staff", "kit.proposal")) for model in by_model)


def test_a_project_with_rows_takes_none(tmp_path):
    write_rows(tmp_path / "one", HEAD)
    with pytest.raises(CommandError, match="There are rows already: States"):
        call_command("load_snapshot", str(tmp_path / "one"), verbosity=0)


REFUSED = {
    "another table": (
        {"model": "auth.user", "row": {"username": "zq", "is_superuser": True}},
        "is no table of this release",
    ),
    "another column": (
        {"model": "treaties.state", "row": {"iso3": "ZZZ", "zq": 1}},
        "has no column zq in this release",
    ),
    "no row": ({"model": "treaties.state"}, "is damaged"),
    "a day that is none": ({"model": "campaign.daytally", "row": {"id": 1, "day": "x"}}, "is damaged"),
}


@pytest.mark.parametrize(("row", "says"), REFUSED.values(), ids=REFUSED)
def test_rows_that_this_release_cannot_take_are_refused_and_nothing_is_loaded(row, says, tmp_path, monkeypatch):
    write_rows(tmp_path / "one", HEAD, row)
    monkeypatch.setattr(public_rows, "_refuse_unless_empty", lambda: None)
    before = State.objects.count()
    with pytest.raises(CommandError, match=says):
        call_command("load_snapshot", str(tmp_path / "one"), verbosity=0)
    assert State.objects.count() == before


@pytest.fixture
def some_rows(campaign, convention, tmp_path, monkeypatch):
    """A snapshot with two rows that the record does not have yet, which the project takes beside its own."""
    monkeypatch.setattr(public_rows, "_refuse_unless_empty", lambda: None)
    comparison = {
        "id": 900001,
        "treaty_id": convention.pk,
        "table_of": "2026-01-07",
        "source_url": SOURCE,
        "rows": 1,
        "compared_by_id": -1,
        "compared_at": "2026-01-07T10:00:00.123456+00:00",
        "closed_by_id": -2,
        "closed_at": "2026-01-08T10:00:00+00:00",
    }
    day = {"id": 900002, "campaign_id": campaign.pk, "day": "2026-01-07", "moved_at": "2026-01-07T00:00:00+00:00"}
    return write_rows(
        tmp_path / "one",
        HEAD,
        {"model": "treaties.comparison", "row": comparison},
        {"model": "campaign.daytally", "row": day | {"confirmed": 3, "counted": 3}},
    )


def test_rows_keep_their_numbers_and_moments(some_rows, capsys):
    call_command("load_snapshot", str(some_rows))
    assert capsys.readouterr().out == "2 rows were loaded.\n"
    compared = Comparison.objects.get(pk=900001)
    assert compared.compared_at == datetime(2026, 1, 7, 10, 0, 0, 123456, tzinfo=UTC)
    assert DayTally.objects.get(pk=900002).confirmed == 3
    assert compared.history.count() == 0  # versions come with the rows, and none is begun


def test_editors_of_another_site_become_accounts_that_nobody_can_use(some_rows):
    call_command("load_snapshot", str(some_rows), verbosity=0)
    compared = Comparison.objects.get(pk=900001)
    accounts = (compared.compared_by, compared.closed_by)
    assert [account.username for account in accounts] == [
        "first editor of another site",
        "second editor of another site",
    ]
    assert not any(account.is_active or account.is_staff or account.has_usable_password() for account in accounts)


def test_new_rows_are_numbered_after_those_that_were_loaded(some_rows, campaign):
    call_command("load_snapshot", str(some_rows), verbosity=0)
    made = DayTally.objects.create(campaign=campaign, day=date(2026, 1, 8), moved_at=timezone.now())
    assert made.pk > 900002


def test_what_was_loaded_can_be_found_at_once(some_rows):
    SearchDocument.objects.all().delete()
    call_command("load_snapshot", str(some_rows), verbosity=0)
    assert SearchDocument.objects.filter(kind="state").count() == 197


def test_a_file_of_another_form_is_refused(tmp_path):
    write_rows(tmp_path / "one", {"format": "another/1"})
    with pytest.raises(CommandError, match="is no file of public rows"):
        call_command("load_snapshot", str(tmp_path / "one"), verbosity=0)


def test_an_account_that_has_the_number_of_an_officer_stops_the_load(edited, tmp_path, monkeypatch, written):
    folder = written()
    monkeypatch.setattr(public_rows, "_refuse_unless_empty", lambda: None)
    rows = [r for r in rows_in(folder) if r.get("row", {}).get("recorded_by_id", 0)]
    write_rows(tmp_path / "two", HEAD, *rows)
    with pytest.raises(CommandError, match="which this project has given to another"):
        call_command("load_snapshot", str(tmp_path / "two"), verbosity=0)


def test_a_folder_without_a_snapshot_is_named(tmp_path):
    with pytest.raises(CommandError, match="holds no snapshot that can be loaded"):
        call_command("load_snapshot", str(tmp_path), verbosity=0)


def test_a_file_that_is_not_the_one_described_is_refused(tmp_path):
    write_rows(tmp_path / "one", HEAD)
    with (tmp_path / "one" / FILE).open("ab") as file:
        file.write(b"x")
    with pytest.raises(CommandError, match="is not the file that datapackage"):
        call_command("load_snapshot", str(tmp_path / "one"), verbosity=0)
