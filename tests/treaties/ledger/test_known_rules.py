"""An answer with an earlier `known_at` stays as it was, whatever is written later: rules, names and States are versions too."""

import csv
import shutil
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from config.kit.models.row_versions import fingerprint
from config.kit.proposals import ProposalError, Trial, accept, contents_of
from config.kit.proposals.guards import guarded_models
from tests.conftest import ALL
from tests.factories import OfficerFactory, TreatyActionFactory, TreatyFactory
from tests.treaties.ledger.test_sealing import change, faults
from treaties import ledger
from treaties.ledger import seal
from treaties.management.commands.load_treaties import Command
from treaties.models import Article, GroupMembership, State, StateName, Treaty, WithdrawalStep
from treaties.status.boards import status_board

pytestmark = pytest.mark.django_db
API = "/api/v1"
MBC = "/treaties/mine-ban-convention"
ANSWERS = [
    f"{API}/treaties/?on=2026-08-01",
    f"{API}/treaties/mine-ban-convention/?on=2026-08-01",
    f"{API}/treaties/mine-ban-convention/status/?on=2026-08-01&expand=explanation",
    f"{API}/treaties/mine-ban-convention/status/?on=2010-01-01&group=eu",
    f"{API}/treaties/mine-ban-convention/counts/?from=2020-01-01&to=2026-08-01&step=change&group=nato",
    f"{API}/treaties/mine-ban-convention/changes/?from=2025-01-01&to=2026-08-01",
    f"{API}/treaties/mine-ban-convention/status/?on=2026-08-01&cite=text",
    f"{API}/obligations/?on=2026-08-01&page_size=200",
    f"{API}/campaign-actions/?on=2026-08-01",
]
PAGES = [
    f"{MBC}/?on=2026-08-01&q=Türk",
    f"{MBC}/changes/?from=2025-01-01&to=2026-08-01",
    f"{MBC}/withdrawals/?on=2026-08-01",
    f"{MBC}/deadlines/?on=2026-08-01",
    f"{MBC}/what-if/?act=CHN:join:2027-01-05",
    "/treaties/?on=2026-08-01",
    "/treaties/matrix/?on=2026-08-01",
    "/states/?on=2010-01-01",
    "/embed/mine-ban-convention/counter/?on=2026-08-01",
    "/embed/mine-ban-convention/map.svg?on=2026-08-01",
]


def main_of(html):
    """What the page says beside the site's own frame."""
    _frame, _main, rest = html.partition("<main")
    return rest.partition("</main>")[0] or html


@pytest.fixture
def moment():
    return f"{timezone.now():%Y-%m-%dT%H:%M:%S.%fZ}"


@pytest.fixture
def answers(client, moment):
    """What is answered with the moment before anything else was written, by address."""

    def ask(addresses=(*ANSWERS, *PAGES)):
        found = {}
        for address in addresses:
            answer = client.get(f"{address}&known_at={moment}")
            assert answer.status_code == 200, address
            found[address] = main_of(answer.content.decode())
        return found

    return ask


def confirmed_now(**act):
    now = timezone.now()
    TreatyActionFactory(deposited_on=date(2026, 1, 5), recorded_at=now, confirmed_at=now, **act)


def a_new_state():
    state = State(
        iso3="XKX",
        iso2="XK",
        m49="983",
        name="Aland",
        common_name="Aland",
        formal_name="Aland",
        region="Europe",
        subregion="Northern Europe",
        un_member=False,
    )
    state.save()
    seal(State)
    confirmed_now(treaty=Treaty.objects.main(), state=state)
    return state


def a_new_treaty():
    treaty = TreatyFactory(position=0, dated_duties=True)
    seal(Treaty)
    confirmed_now(treaty=treaty, state_id="NOR")


WRITES = {
    "the notice of withdrawal": lambda: change(Treaty.objects.main(), withdrawal_notice_months=60),
    "the entry into force": lambda: change(Treaty.objects.main(), entered_into_force_on=date(2026, 9, 1)),
    "the day of completeness": lambda: change(Treaty.objects.main(), complete_to=date(2025, 1, 1)),
    "counts that are withheld": lambda: change(Treaty.objects.main(), counts_withheld_after=date(2025, 1, 1)),
    "the dated duties": lambda: change(Treaty.objects.main(), dated_duties=False),
    "a treaty's name": lambda: change(Treaty.objects.main(), short_title="Another Convention"),
    "a treaty's place in lists": lambda: change(Treaty.objects.main(), position=90),
    "an article's duty": lambda: change(Article.objects.get(treaty=Treaty.objects.main(), number=5), is_duty=False),
    "a State's name": lambda: change(State.objects.get(pk="TUR"), name="Turkiye"),
    "a State's region": lambda: change(State.objects.get(pk="EST"), region="Asia", subregion="Western Asia"),
    "a former name": lambda: change(StateName.objects.get(name="Turkey"), taken_out_because="Not so."),
    "a membership": lambda: change(GroupMembership.objects.get(group="eu", state="EST"), until=date(2009, 1, 1)),
    "a step": lambda: change(WithdrawalStep.objects.filter(state="EST").first(), detail="Another story."),
    "a new State": a_new_state,
    "a new treaty": a_new_treaty,
}


class TestAnAnswerOfBefore:
    def test_stays_byte_for_byte_as_it_was_whatever_is_written(self, answers):
        before = answers()
        for write in WRITES.values():
            write()
        after = answers()
        assert [address for address in before if before[address] != after[address]] == []
        assert faults() == []

    def test_of_now_is_another_after_each_write(self, client):
        addresses = [*ANSWERS[:3], *ANSWERS[6:8], f"{MBC}/withdrawals/?on=2026-08-01", "/states/?on=2010-01-01"]

        def now():
            return [main_of(client.get(address).content.decode()) for address in addresses]

        last, unseen = now(), []
        for name, write in WRITES.items():
            write()
            last, before = now(), last
            if last == before:
                unseen.append(name)
        assert unseen == []

    def test_uses_the_rules_that_were_known_then(self, convention):
        before = timezone.now()
        change(convention, withdrawal_notice_months=60)
        day = date(2026, 8, 1)
        assert status_board(convention, day, before).by_state["EST"].status == "withdrawn"
        assert status_board(Treaty.objects.main(), day).by_state["EST"].status == "withdrawing"

    def test_lists_acts_with_the_days_of_effect_of_then(self, client, convention, moment):
        address = f"{MBC}/changes/?from=2025-12-01&to=2026-08-01&known_at={moment}"
        assert "Estonia" in client.get(address).content.decode()
        change(convention, withdrawal_notice_months=60)
        assert "Estonia" in client.get(address).content.decode()
        assert "Estonia" not in main_of(client.get(address.partition("&known_at")[0]).content.decode())

    def test_asks_no_more_of_the_database_with_more_versions(
        self, nothing_is_kept, client, moment, django_assert_max_num_queries
    ):
        address = f"{API}/treaties/mine-ban-convention/status/?on=2026-08-01&known_at={moment}"
        with django_assert_max_num_queries(40) as first:
            client.get(address)
        for number in range(5):
            change(State.objects.get(pk="EST"), formal_name=f"Republic {number}")
        with django_assert_max_num_queries(len(first)):
            client.get(address)


def another(field, value, n):
    """Another value of a field."""
    if isinstance(field, models.BooleanField):
        return not value
    if field.choices:
        values = [key for key, _label in field.flatchoices]
        return values[n % len(values)]
    if isinstance(field, models.DateField):
        return (value or date(2020, 1, 1)) + timedelta(days=n - 200)
    if isinstance(field, models.IntegerField):
        return (value or 0) + n
    if isinstance(field, models.URLField):
        return f"https://example.org/{n}"
    return f"{value}{n}"[: field.max_length or 500]


CALLS = f"{API}/campaign-actions/?on=2026-08-01"
JSON_ANSWERS = [address for address in ANSWERS if address != CALLS and "cite" not in address]
MODELS = [model for model in guarded_models() if model._meta.app_label == "treaties"]


@contextmanager
def undone():
    """Each example begins with the record as it was loaded."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(max_examples=8 if ALL else 3, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    writes=st.lists(
        st.tuples(st.sampled_from(MODELS), st.integers(0, 10**6), st.integers(0, 50), st.integers(1, 400)),
        min_size=1,
        max_size=4,
    )
)
def test_no_change_that_two_officers_make_changes_what_was_known(writes):
    client = Client()
    with undone():
        now = timezone.now()
        moment = f"{now:%Y-%m-%dT%H:%M:%S.%fZ}"

        def ask():
            found = {a: client.get(f"{a}&known_at={moment}").json() for a in JSON_ANSWERS}
            # Of a call the record says whom it is aimed at; the rest is the campaign's own.
            calls = client.get(f"{CALLS}&known_at={moment}").json()["results"]
            return found, [(call["slug"], call["target_states"], call["target_complete_to"]) for call in calls]

        before = ask()
        first, second = OfficerFactory(), OfficerFactory()
        for model, place, which, n in writes:
            rows = model._base_manager.order_by("pk")
            row = rows[place % rows.count()]
            fields = [
                f
                for f in model._meta.concrete_fields
                if not f.primary_key and f.editable and not isinstance(f, models.ForeignKey | models.SlugField)
            ]
            field = fields[which % len(fields)]
            try:
                with transaction.atomic():
                    trial = Trial(row)
                    setattr(row, field.attname, another(field, getattr(row, field.attname), n))
                    row.save()
                    proposal = trial.end(row, by=first)
                    if proposal is not None:
                        accept(proposal, seen=fingerprint(contents_of(proposal)), by=second)
            except (IntegrityError, ProposalError):
                continue  # what the database or the form refuses changes nothing
        assert ask() == before
        assert faults() == []


class TestLoading:
    @pytest.fixture
    def load(self, tmp_path):
        """Load the project's files with one value of one of them changed."""

        def run(file, key, **values):
            shutil.copytree(Command.data_folder, tmp_path / "data", dirs_exist_ok=True)
            path = tmp_path / "data" / file
            with path.open(encoding="utf-8", newline="") as source:
                rows = list(csv.DictReader(source))
            for row in rows:
                if key in row.values():
                    row |= values
            with path.open("w", encoding="utf-8", newline="") as target:
                writer = csv.DictWriter(target, rows[0])
                writer.writeheader()
                writer.writerows(rows)
            call_command("load_treaties", data=tmp_path / "data", verbosity=0)

        return run

    def test_corrected_files_change_no_answer_of_before(self, answers, load):
        before = answers()
        load("treaties.csv", "mine-ban-convention", withdrawal_notice_months="60", complete_to="2025-01-01")
        load("states.csv", "TUR", name="Turkiye")
        assert answers() == before

    def test_seals_what_it_changes_as_its_files(self, load, convention):
        load("treaties.csv", "mine-ban-convention", withdrawal_notice_months="60")
        convention.refresh_from_db()
        assert convention.withdrawal_notice_months == 60
        last = ledger.sealing.site_chain()[-1]
        assert (last.recorded_by, last.confirmed_by) == (None, None)
        assert last.content["withdrawal_notice_months"] == 60
        assert faults() == []

    @pytest.mark.parametrize("earlier", [timedelta(0), timedelta(seconds=30), timedelta(days=300)])
    def test_makes_acts_known_with_the_rules_by_which_they_count(self, convention, earlier):
        """Earlier releases dated the acts of a load by its first second, before the States of the same load."""
        moment = ledger.record_since(convention) - earlier
        assert ledger.as_known([convention], moment)[0].withdrawal_notice_months == 6
        assert len(status_board(convention, date(2026, 8, 1), moment).lines) == 197

    def test_of_a_state_that_a_later_load_adds_is_known_from_then_on(self, convention):
        before = timezone.now()
        state = a_new_state()
        assert state.pk not in status_board(convention, date(2026, 8, 1), before).by_state
        assert state.pk in status_board(convention, date(2026, 8, 1), timezone.now()).by_state
