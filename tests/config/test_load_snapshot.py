"""A snapshot loaded into an empty project: the same answers, nothing that was not public, and no row where there are rows."""

import gzip
import json
from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from campaign.models import FollowUp
from config.api import public_rows
from config.api.public_rows import FILE
from config.api.snapshots import export, one_moment, size_and_hash
from config.kit.models.telling import marked_tables
from news.models import Correction
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


def write_rows(folder, rows):
    """Put other rows into a snapshot, described as they are."""
    with gzip.open(folder / FILE, "wt", encoding="utf-8") as packed:
        packed.writelines(json.dumps(row) + "\n" for row in rows)
    package = json.loads((folder / "datapackage.json").read_text())
    package["rows"] |= size_and_hash((folder / FILE).read_bytes())
    (folder / "datapackage.json").write_text(json.dumps(package))


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


def test_nothing_is_in_the_rows_that_is_not_public(edited, campaign, convention, tmp_path):
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
    export(tmp_path / "one")
    text = gzip.decompress((tmp_path / "one" / FILE).read_bytes()).decode()
    assert SECRET not in text
    assert "zq@example.org" not in text
    assert "Something was said." in text  # the edition of the text that was corrected can be read


def test_nobody_can_tell_when_somebody_backed_the_campaign(edited, tmp_path):
    export(tmp_path / "one")
    days = [r["row"] for r in rows_in(tmp_path / "one") if r.get("model") == "campaign.daytally"]
    assert days
    assert {day["moved_at"] == f"{day['day']}T00:00:00+00:00" for day in days} == {True}


def test_it_is_of_one_moment_whatever_others_write_meanwhile(committing):
    convention = Treaty.objects.main()

    def confirm_another():
        act = TreatyAction(treaty=convention, state=State.objects.get(pk="CHN"), action="accession")
        act.deposited_on, act.source_url = date(2026, 1, 5), SOURCE
        ledger.confirm(ledger.record(act, by=OfficerFactory()), by=OfficerFactory())

    with one_moment():
        before = str(ledger.checkpoint_line())
        (failed,) = at_once(confirm_another)
        assert failed is None or committing == "sqlite"  # SQLite lets others write when the reader has ended
        assert str(ledger.checkpoint_line()) == before
        assert not TreatyAction.objects.filter(deposited_on=date(2026, 1, 5), state="CHN").exists()


def test_every_table_of_which_the_change_feed_tells_is_in_it():
    tables = {model._meta.db_table for model in public_rows.loadable()}
    assert {marked.table for marked in marked_tables()} - tables == set()


def test_states_with_few_backers_are_counted_together(edited, tmp_path):
    export(tmp_path / "one")
    rows = [r["row"] for r in rows_in(tmp_path / "one") if r.get("model") == "campaign.statetally"]
    assert {row["state_id"]: row["counted"] for row in rows} == {"EST": 6, None: 5}


def test_editors_are_numbers_without_names(edited, tmp_path):
    export(tmp_path / "one")
    by_model = {}
    for entry in rows_in(tmp_path / "one")[1:]:
        by_model.setdefault(entry["model"], []).append(entry["row"])
    text = next(row for row in by_model["news.statement"] if row["slug"] == edited[0].slug)
    assert (text["author_id"], text["approved_by_id"], text["published_by_id"]) in ((-1, -2, None), (-1, None, None))
    act = next(row for row in by_model["treaties.treatyaction"] if row["deposited_on"] == "2026-01-05")
    assert act["recorded_by_id"] > 0  # the record's chain has it, and its hash rests on it
    assert not any(model.startswith(("auth.", "kit.staff", "kit.proposal")) for model in by_model)


def test_a_project_with_rows_takes_none(tmp_path):
    export(tmp_path / "one")
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
    export(tmp_path / "one")
    write_rows(tmp_path / "one", [rows_in(tmp_path / "one")[0], row])
    monkeypatch.setattr(public_rows, "_refuse_unless_empty", lambda: None)
    before = State.objects.count()
    with pytest.raises(CommandError, match=says):
        call_command("load_snapshot", str(tmp_path / "one"), verbosity=0)
    assert State.objects.count() == before


def test_an_account_that_has_the_number_of_an_officer_stops_the_load(edited, tmp_path, monkeypatch):
    export(tmp_path / "one")
    monkeypatch.setattr(public_rows, "_refuse_unless_empty", lambda: None)
    rows = [r for r in rows_in(tmp_path / "one") if r.get("row", {}).get("recorded_by_id", 0) or "format" in r]
    write_rows(tmp_path / "one", rows)
    with pytest.raises(CommandError, match="which this project has given to another"):
        call_command("load_snapshot", str(tmp_path / "one"), verbosity=0)


def test_a_folder_without_a_snapshot_is_named(tmp_path):
    with pytest.raises(CommandError, match="holds no snapshot that can be loaded"):
        call_command("load_snapshot", str(tmp_path), verbosity=0)


def test_a_file_that_is_not_the_one_described_is_refused(tmp_path):
    export(tmp_path / "one")
    with (tmp_path / "one" / FILE).open("ab") as file:
        file.write(b"x")
    with pytest.raises(CommandError, match="is not the file that datapackage"):
        call_command("load_snapshot", str(tmp_path / "one"), verbosity=0)
