"""Two officers at work over many States and days, in any order that chance finds: what holds after every step."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.factories import SOURCE, OfficerFactory, TreatyFactory
from treaties import ledger
from treaties.law.sequences import objections
from treaties.models import ActionChoices, ArmedConflictHold, State, TreatyAction
from treaties.status.boards import status_board

STATES = ["CHN", "EST", "FRA", "USA"]
DAYS = st.dates(date(1997, 12, 3), date(2025, 12, 31)) | st.sampled_from(
    [date(1998, 5, 1), date(1999, 2, 28), date(2004, 5, 12), date(2025, 6, 27), date(2025, 12, 27)]
)
ACTS = st.sampled_from([*ActionChoices.values, "signature", "ratification", "accession", "accession", "withdrawal"])
START = datetime(2026, 1, 1, tzinfo=UTC)
LOOKED_AT = (date(1999, 3, 1), date(2026, 1, 1))
steps: Counter[str] = Counter()


class Officers(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.treaty = TreatyFactory()
        self.states = State.objects.in_bulk(STATES)
        self.officers = [OfficerFactory(), OfficerFactory()]
        self.moment = START
        self.then = []

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def attempt(self, name, act):
        """One step: done, or refused with a sentence and nothing written."""
        rows = TreatyAction.objects.count(), ArmedConflictHold.objects.count()
        try:
            with transaction.atomic():
                act()
        except (ledger.LedgerError, ValidationError):
            name += " refused"
            assert rows == (TreatyAction.objects.count(), ArmedConflictHold.objects.count())
        steps[name] += 1

    def entry(self, iso3, action, day, stated=None, span=None):
        said = {"stated_effective_on": stated, "stated_effective_reason": "As stated."} if stated else {}
        if span:
            said |= {"not_before": day - timedelta(days=span), "interval_source": "Two tables."}
        return TreatyAction(
            treaty=self.treaty, state=self.states[iso3], action=action, deposited_on=day, source_url=SOURCE, **said
        )

    @rule(
        iso3=st.sampled_from(STATES),
        action=ACTS,
        day=DAYS,
        who=st.booleans(),
        stated=st.none() | DAYS,
        span=st.none() | st.integers(1, 400),
    )
    def record(self, iso3, action, day, who, stated, span):
        self.attempt(
            "record",
            lambda: ledger.record(self.entry(iso3, action, day, stated, span), by=self.officers[who], at=self.moment),
        )

    @rule(iso3=st.sampled_from(STATES), days=st.lists(DAYS, min_size=3, max_size=3, unique=True).map(sorted))
    def record_what_states_do(self, iso3, days):
        """Chance alone would seldom find acts that follow one another."""
        acts = ("signature", "ratification") if days[0] < self.treaty.closed_on else ("accession",)
        for action, day in zip((*acts, "withdrawal"), days, strict=False):
            self.attempt(
                "record",
                lambda a=action, d=day: ledger.record(self.entry(iso3, a, d), by=self.officers[0], at=self.moment),
            )
            entry = TreatyAction.objects.of(self.treaty).waiting().order_by("pk").last()
            if entry:
                self.confirm_one(entry, 1)

    @rule(n=st.integers(0, 20), who=st.booleans())
    def confirm(self, n, who):
        waiting = [
            *TreatyAction.objects.of(self.treaty).waiting().order_by("pk"),
            *ArmedConflictHold.objects.filter(withdrawal__treaty=self.treaty).waiting().order_by("pk"),
        ]
        if waiting:
            self.confirm_one(waiting[n % len(waiting)], who)

    def confirm_one(self, entry, who):
        self.note_what_was_known()
        self.moment += timedelta(hours=1)
        self.attempt("confirm", lambda: ledger.confirm(entry, by=self.officers[who], at=self.moment))

    @rule(n=st.integers(0, 20), action=ACTS, day=DAYS, who=st.booleans(), iso3=st.none() | st.sampled_from(STATES))
    def replace(self, n, action, day, who, iso3):
        rows = list(TreatyAction.objects.of(self.treaty).confirmed().order_by("pk"))
        if rows:
            old = rows[n % len(rows)]
            same = n % 3
            new = self.entry(iso3 if iso3 and not same else old.state_id, old.action if same else action, day)
            self.attempt("replace", lambda: ledger.replace(old, new, by=self.officers[who], reason="A mistake."))

    @rule(n=st.integers(0, 20), who=st.booleans())
    def take_out(self, n, who):
        rows = list(TreatyAction.objects.of(self.treaty).confirmed().order_by("pk"))
        if rows:
            old = rows[n % len(rows)]
            new = self.entry(old.state_id, old.action, old.deposited_on)
            new.is_annulment = True
            self.attempt("take out", lambda: ledger.replace(old, new, by=self.officers[who], reason="It never was."))

    @rule(n=st.integers(0, 20), start=DAYS, who=st.booleans())
    def hold(self, n, start, who):
        rows = list(TreatyAction.objects.of(self.treaty).filter(action="withdrawal").order_by("pk"))
        if rows:
            entry = ArmedConflictHold(withdrawal=rows[n % len(rows)], started_on=start, source_url=SOURCE)
            self.attempt("hold", lambda: ledger.record(entry, by=self.officers[who]))

    @rule(n=st.integers(0, 20), end=DAYS, who=st.booleans())
    def release(self, n, end, who):
        rows = list(ArmedConflictHold.objects.filter(withdrawal__treaty=self.treaty).confirmed().order_by("pk"))
        if rows:
            old = rows[n % len(rows)]
            new = ArmedConflictHold(
                withdrawal=old.withdrawal, started_on=old.started_on, ended_on=end, source_url=SOURCE
            )
            self.attempt("release", lambda: ledger.replace(old, new, by=self.officers[who], reason="It ended."))

    def counted(self, known_at):
        return [status_board(self.treaty, day, known_at).counts for day in LOOKED_AT]

    def note_what_was_known(self):
        self.then = [*self.then[-2:], (self.moment, self.counted(self.moment))]

    @precondition(lambda self: self.then)
    @invariant()
    def earlier_moments_stay_as_they_were(self):
        for moment, counts in self.then:
            assert self.counted(moment) == counts

    @invariant()
    def every_current_act_has_a_meaning(self):
        for actions in ledger.actions_by_state(self.treaty, self.moment).values():
            assert objections(actions, self.treaty.rules, is_signed_first=True) == {}

    @invariant()
    def a_row_has_one_successor(self):
        replaced = TreatyAction.objects.of(self.treaty).confirmed().filter(replaces__isnull=False)
        assert replaced.count() == replaced.values("replaces").distinct().count()

    @invariant()
    def every_state_is_counted_once(self):
        for counts in self.counted(self.moment):
            least, most = zip(
                *(counts.range_of(name) for name in ("parties", "withdrawn", "never_joined")), strict=True
            )
            assert sum(least) <= 197 <= sum(most)

    @invariant()
    def the_chain_is_whole(self):
        assert ledger.verify(self.treaty) == []


@pytest.mark.django_db
def test_the_ledger_holds_whatever_two_officers_do(many):
    steps.clear()
    run_state_machine_as_test(
        Officers, settings=settings(max_examples=many(10, fewer=6), stateful_step_count=25, deadline=None)
    )
    print(dict(steps))  # shown by -s: how much was tried
    assert steps["confirm"]
