"""What States said about a treaty is told in our words, with who answered, and changes no status."""

import csv
import io
import re
import shutil
from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import IntegrityError, transaction

from news.finding.search import reindex, search
from tests.config.test_change_feed import follow, later
from tests.factories import SOURCE, EditorFactory, TreatyActionFactory
from tests.reading import text_of
from treaties import ledger
from treaties.management.commands import load_treaties
from treaties.models import Declaration, DeclarationChoices, DepositaryNotification, State, StateName, TreatyAction
from treaties.roles import TREATY_OFFICER
from treaties.status.declarations import threads

pytestmark = pytest.mark.django_db
MBC = "/treaties/mine-ban-convention"
API = "/api/v1"
DATA = load_treaties.Command.data_folder


@pytest.fixture
def declare(convention):
    def make(**values):
        values = {"kind": "declaration", "state_id": "FIN", "made_on": "2012-01-09", "summary": "Ours."} | values
        return Declaration.objects.create(treaty=convention, source_url=SOURCE, **values)

    return make


class TestTheFile:
    def test_is_loaded_whole(self):
        with (DATA / "declarations.csv").open(newline="") as source:
            rows = list(csv.DictReader(source))
        assert Declaration.objects.count() == len(rows) == 158
        assert Declaration.objects.filter(made_on=None).count() == 9
        assert {d.summary for d in Declaration.objects.all()} == {row["summary"] for row in rows}

    def test_names_one_text_for_each_objection(self):
        objections = Declaration.objects.filter(kind="objection")
        assert objections.count() == 23
        assert {(o.answers.state_id, o.answers.kind) for o in objections} == {
            ("UKR", "communication"),
            ("USA", "reservation"),
        }

    def test_names_the_state_that_a_communication_is_about(self):
        found = Declaration.objects.get(state="NOR", made_on=date(2025, 4, 2))
        assert (found.about_id, found.answers, found.is_public_statement) == ("FIN", None, True)

    @pytest.mark.parametrize(
        ("iso3", "slug", "kind", "action"),
        [
            ("CAN", "mine-ban-convention", "understanding", "ratification"),
            ("GRC", "mine-ban-convention", "declaration", "signature"),
            ("MUS", "mine-ban-convention", "provisional_application", "ratification"),
            ("NOR", "convention-on-cluster-munitions", "provisional_application", "provisional_application"),
            ("BEL", "convention-on-cluster-munitions", "declaration", "signature"),
        ],
    )
    def test_says_with_which_act_a_text_was_lodged(self, iso3, slug, kind, action):
        assert Declaration.objects.get(state=iso3, treaty__slug=slug, kind=kind).with_action.action == action

    def test_brings_notifications_to_acts_and_texts(self):
        estonia = TreatyAction.objects.get(state="EST", action="withdrawal")
        assert [n.reference for n in estonia.notifications.all()] == ["C.N.360.2025.TREATIES-XXVI-5"]
        curacao = Declaration.objects.get(state="NLD", made_on=date(2022, 9, 20))
        assert [n.reference for n in curacao.notifications.all()] == ["C.N.286.2022.TREATIES-XXVI-6"]


@pytest.fixture
def reload(tmp_path):
    """Load the data again after changing a file; what the loader told."""
    folder = shutil.copytree(DATA, tmp_path / "data")

    def again(name, change):
        with (folder / name).open(newline="") as source:
            rows = list(csv.DictReader(source))
        with (folder / name).open("w", newline="") as target:
            writer = csv.DictWriter(target, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows([row for row in map(change, rows) if row])
        out = io.StringIO()
        call_command("load_treaties", data=folder, stdout=out)
        return out.getvalue()

    return again


class TestACorrectedFile:
    def test_changes_the_summary_of_a_text(self, reload):
        told = reload(
            "declarations.csv",
            lambda row: row | {"summary": "Said better."} if row["iso3"] == "CZE" and "mine" in row["treaty"] else row,
        )
        found = Declaration.objects.get(state="CZE", treaty__slug="mine-ban-convention")
        assert found.summary == "Said better."
        assert found.history.first().history_change_reason == "Data file corrected"
        assert "corrected in the file, taken over (summary)" in told

    def test_leaves_what_an_editor_has_changed(self, reload):
        found = Declaration.objects.get(state="CZE", treaty__slug="mine-ban-convention")
        found._history_user = EditorFactory()
        found.summary = "An editor's."
        found.save()
        told = reload(
            "declarations.csv",
            lambda row: row | {"summary": "Said better."} if row["iso3"] == "CZE" and "mine" in row["treaty"] else row,
        )
        found.refresh_from_db()
        assert found.summary == "An editor's."
        assert "an editor has changed it here" in told

    def test_tells_of_a_text_that_is_gone_and_leaves_it(self, reload):
        told = reload("declarations.csv", lambda row: None if row["iso3"] == "GRC" and "mine" in row["treaty"] else row)
        assert "gone from the file, left as it is: mine-ban-convention GRC declaration 1997-12-03 1" in told
        assert Declaration.objects.filter(state="GRC", treaty__slug="mine-ban-convention").exists()

    @pytest.mark.parametrize("answers", ["1999-01-01", ""])
    def test_that_names_no_text_for_an_objection_is_refused(self, reload, answers):
        with pytest.raises(Exception, match="they name 0 rows instead of one"):
            reload(
                "declarations.csv",
                lambda row: row | {"answers_made_on": answers} if row["iso3"] == "CHE" and row["answers_iso3"] else row,
            )

    def test_leaves_out_a_notification_of_nothing_on_record_and_says_so(self, reload):
        told = reload(
            "depositary_notifications.csv",
            lambda row: (
                row | {"reference": "C.N.1.2026", "deposited_on": "2026-01-01"} if row["iso3"] == "POL" else row
            ),
        )
        assert "0 acts and texts of that day are on record instead of one, left out: C.N.1.2026" in told
        assert not DepositaryNotification.objects.filter(reference="C.N.1.2026").exists()

    def test_takes_out_a_name_and_a_membership_that_are_gone(self, reload):
        told = reload("state_names.csv", lambda row: None if row["short_name"] == "Burma" else row)
        assert "state_names.csv: gone from the file, taken out: MMR also_known Burma" in told
        told = reload(
            "group_memberships.csv", lambda row: None if (row["group"], row["iso3"]) == ("eu", "HRV") else row
        )
        assert "gone from the file, taken out: eu HRV" in told

    def test_keeps_a_name_that_is_gone_and_that_an_editor_has_changed(self, reload):
        burma = StateName.objects.get(name="Burma")
        burma._history_user = EditorFactory()
        burma.note = "Still used."
        burma.save()
        told = reload("state_names.csv", lambda row: None if row["short_name"] == "Burma" else row)
        assert "an editor has changed it here, left as it is: MMR also_known Burma" in told
        assert StateName.objects.filter(name="Burma").exists()

    def test_brings_codes_up(self, reload):
        told = reload("state_codes.csv", lambda row: row | {"gw_code": "999"} if row["iso3"] == "FIN" else row)
        assert State.objects.get(pk="FIN").gw_code == "999"
        assert "taken over (gw_code): FIN" in told

    def test_leaves_the_codes_of_a_state_that_an_editor_has_changed(self, reload):
        finland = State.objects.get(pk="FIN")
        finland._history_user = EditorFactory()
        finland.gw_code = "998"
        finland.save()
        told = reload("state_codes.csv", lambda row: row | {"gw_code": "999"} if row["iso3"] == "FIN" else row)
        assert State.objects.get(pk="FIN").gw_code == "998"
        assert "its codes are left as they are: FIN" in told


class TestAText:
    @pytest.mark.parametrize(
        "values",
        [
            {"summary": ""},
            {"made_on": None},
            {"kind": "objection"},
            {"withdrawn_on": "2012-01-08"},
        ],
    )
    def test_says_something_has_a_day_or_why_not_and_answers_if_it_objects(self, declare, values):
        with pytest.raises(IntegrityError), transaction.atomic():
            declare(**values)

    def test_without_a_day_has_a_note(self, declare):
        assert str(declare(made_on=None, note="Before the meeting.")) == "FIN Declaration day not known"

    @pytest.mark.parametrize("kind", DeclarationChoices)
    def test_of_each_kind_says_that_it_changes_no_status(self, kind):
        assert any(words in kind.meaning for words in ("change", "status", "become a party"))

    def test_changes_no_status(self, client, declare):
        def line():
            return client.get(f"{API}/treaties/mine-ban-convention/status/?state=NOR&on=2025-06-16").json()["results"]

        before = line()
        for kind in DeclarationChoices.values:
            if kind != "objection":
                declare(kind=kind, state_id="NOR", made_on="2020-01-01")
        assert line() == before


class TestThreads:
    def test_hold_a_text_with_the_objections_to_it_by_their_days(self, declare):
        text = declare(kind="reservation")
        late = declare(kind="objection", state_id="NOR", made_on="2013-02-01", answers=text)
        early = declare(kind="objection", state_id="SWE", made_on="2013-01-01", answers=text)
        unknown = declare(kind="objection", state_id="DNK", made_on=None, note="Not found.", answers=text)
        found = threads(Declaration.objects.filter(pk__in=[text.pk, late.pk, early.pk, unknown.pk]), joined=True)
        assert [thread.text for thread in found] == [text]
        assert [answer.text for answer in found[0].answers] == [early, late, unknown]

    def test_that_are_not_joined_show_objections_as_texts_too(self, declare):
        text = declare(kind="reservation")
        objection = declare(kind="objection", state_id="NOR", made_on="2013-02-01", answers=text)
        found = threads(Declaration.objects.filter(pk__in=[text.pk, objection.pk]))
        assert [thread.text for thread in found] == [objection, text]

    def test_show_an_objection_alone_whose_text_is_not_among_them(self, declare):
        text = declare(kind="reservation")
        objection = declare(kind="objection", state_id="NOR", made_on="2013-02-01", answers=text)
        assert [t.text for t in threads(Declaration.objects.filter(pk=objection.pk), joined=True)] == [objection]

    def test_begin_with_the_newest_and_end_with_those_without_a_day(self, declare):
        texts = [
            declare(made_on="2012-01-09"),
            declare(made_on="2020-01-09"),
            declare(made_on=None, note="Not found."),
        ]
        found = threads(Declaration.objects.filter(pk__in=[text.pk for text in texts]))
        assert [thread.text for thread in found] == [texts[1], texts[0], texts[2]]

    def test_join_ukraines_suspension_with_who_objected_and_when(self, client):
        html = client.get(f"{MBC}/declarations/").content.decode()
        words = text_of(client.get(f"{MBC}/declarations/"))
        assert "6 States objected" in words
        assert "Switzerland , 17 October 2025" in words
        assert "Norway , on or before 2 December 2025" in words
        assert html.count('id="declaration-') == 34


class TestThePages:
    @pytest.mark.parametrize("slug", ["arms-trade-treaty", "amended-protocol-ii"])
    def test_of_every_treaty_have_its_texts(self, client, slug):
        words = text_of(client.get(f"/treaties/{slug}/declarations/"))
        assert f"{Declaration.objects.filter(treaty__slug=slug).count()} texts up to" in words

    def test_can_be_narrowed(self, client):
        assert "6 texts up to" in text_of(client.get(f"{MBC}/declarations/?kind=objection"))
        assert "3 texts up to" in text_of(client.get(f"{MBC}/declarations/?q=Ukrain"))
        assert "Czechia" not in text_of(client.get(f"{MBC}/declarations/?on=1998-01-01")).split("texts up to")[1]

    def test_say_what_has_ended(self, client):
        assert "Without effect since 19 July 2007" in text_of(client.get("/treaties/amended-protocol-ii/declarations/"))

    def test_show_a_provisional_application_once_beside_its_act(self, client):
        words = text_of(client.get("/treaties/convention-on-cluster-munitions/declarations/"))
        assert words.count("In the ledger it stands as an act") == 4

    def test_of_a_state_show_a_provisional_application_among_the_acts_alone(self, client):
        text = Declaration.objects.get(
            state="NOR", treaty__slug="convention-on-cluster-munitions", kind="provisional_application"
        )
        words = text_of(client.get("/states/nor/"))
        assert words.count(text.summary) == 1
        assert text.summary in words.split("Declarations")[0]

    def test_of_a_state_have_what_it_said_and_what_was_said_of_it(self, client):
        words = text_of(client.get("/states/ltu/"))
        assert "What others said of its acts" in words
        assert "Mexico, 16 July 2024" in words
        assert "6 States objected" in text_of(client.get("/states/ukr/"))

    def test_of_the_treaty_lead_there(self, client):
        assert "34 declarations, reservations, objections and other texts" in text_of(client.get(f"{MBC}/"))

    def test_have_no_anchor_twice(self, client):
        for address in (f"{MBC}/declarations/", f"{MBC}/declarations/?kind=objection", "/states/ukr/"):
            ids = re.findall(r'\bid="([^"]+)"', client.get(address).content.decode())
            assert len(ids) == len(set(ids)), address


class TestTheApi:
    def test_has_the_shape_of_the_contract(self, client):
        row = client.get(f"{API}/declarations/?state=LVA&treaty=amended-protocol-ii").json()["results"][0]
        assert row["withdrawn_on"] == "2007-07-19"
        assert {"summary", "language", "withdrawn_on", "answers"} <= row.keys()

    def test_finds_objections_to_the_suspension(self, client):
        rows = client.get(f"{API}/declarations/?kind=objection&treaty=mine-ban-convention").json()["results"]
        assert {row["state"]["iso3"] for row in rows} == {"CHE", "NZL", "AUT", "BEL", "COL", "NOR"}
        assert [row["made_on"] for row in rows] == ["2025-11-25", "2025-10-17", None, None, None, None]

    @pytest.mark.parametrize("ordering", ["made_on", "-made_on"])
    def test_puts_what_has_no_day_last(self, client, ordering):
        rows = client.get(f"{API}/declarations/?ordering={ordering}&page_size=200").json()["results"]
        assert [row["made_on"] for row in rows][-9:] == [None] * 9

    def test_tells_the_number_of_the_notification(self, client):
        rows = client.get(f"{API}/treaty-actions/?action=withdrawal&treaty=mine-ban-convention&state=EST").json()
        assert rows["results"][0]["depositary_reference"] == "C.N.360.2025.TREATIES-XXVI-5"
        assert client.get(rows["results"][0]["url"]).json()["id"] == rows["results"][0]["id"]
        texts = client.get(f"{API}/declarations/?state=MUS&kind=communication").json()["results"]
        assert texts[0]["depositary_reference"] == "C.N.52.2020.TREATIES-XXVI.5"


def test_the_feed_has_every_text_with_its_day_or_without(client, declare):
    declare(made_on=None, note="Not found.", summary="Undated words.")
    feed = client.get(f"{MBC}/declarations/feed.atom").content.decode()
    assert "Finland: Declaration, day not known" in feed
    assert feed.index("Undated words.") < feed.index("<title>Switzerland: Objection")


def test_the_search_finds_texts(client):
    reindex()
    found = [document for document in search("Malvinas") if document.kind == "declaration"]
    assert [document.title for document in found] == ["Argentina: Declaration, Mine Ban Convention"]
    assert client.get(found[0].url).status_code == 200


def test_the_change_feed_tells_of_texts(client, declare):
    text = declare()
    follow(client)
    text.summary = "Better words."
    text.save()
    with later(seconds=5):
        changes, _cursor = follow(client)
        ours = [c for c in changes if (c["kind"], c["key"]) == ("declaration", str(text.pk))]
        assert [c["change"] for c in ours] == ["published", "corrected"]
        assert client.get(ours[0]["url"]).status_code == 200


class TestWhatHangsOnARow:
    @pytest.fixture
    def replaced(self, convention, declare, desk_users):
        def by(**facts):
            old = TreatyActionFactory(
                treaty=convention, state_id="NOR", action="withdrawal", deposited_on=date(2025, 1, 2)
            )
            text = declare(state_id="NOR", with_action=old)
            notification = DepositaryNotification.objects.create(
                reference="C.N.9.2025", notified_on="2025-01-03", act=old, source_url=SOURCE
            )
            first, second = desk_users
            new = TreatyAction(
                treaty=convention, state_id="NOR", action="withdrawal", deposited_on=date(2025, 1, 3), source_url=SOURCE
            )
            for name, value in facts.items():
                setattr(new, name, value)
            new = ledger.replace(old, new, by=first, reason="Another day.")
            ledger.confirm(new, by=second)
            text.refresh_from_db()
            notification.refresh_from_db()
            return old, new, text, notification

        return by

    def test_follows_what_replaces_the_row(self, replaced):
        _old, new, text, notification = replaced()
        assert (text.with_action_id, notification.act_id) == (new.pk, new.pk)
        assert text.history.first().history_change_reason == "The row of the ledger that it hangs on was replaced"

    def test_stands_by_itself_when_the_row_is_taken_out(self, replaced):
        old, _new, text, notification = replaced(is_annulment=True, deposited_on=date(2025, 1, 2))
        assert (text.with_action_id, notification.act_id) == (None, old.pk)


@pytest.fixture
def desk_users(db):
    group = Group.objects.get(name=TREATY_OFFICER)
    users = [EditorFactory(), EditorFactory()]
    for user in users:
        user.groups.add(group)
    return users
