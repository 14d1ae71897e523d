"""Which acts have a meaning at their place: the reader of Art. 15, 16 and 20 can follow each line."""

from datetime import date

import pytest

from tests.treaties.law.test_rules import MINE_BAN
from treaties.law.rules import Action, ActionKind
from treaties.law.sequences import Objection, objections

SIGNED = ("signature", date(1997, 12, 3))
RATIFIED = ("ratification", date(1998, 5, 1))  # in force on 1 March 1999
ACCEDED = ("accession", date(2004, 5, 12))
NOTICE = ("withdrawal", date(2025, 6, 27))  # takes effect on 27 December 2025


def found(*acts, signed_first=True):
    """The objections, each beside its act's place in the list."""
    rows = [Action(n, "EST", ActionKind(kind), day) for n, (kind, day) in enumerate(acts, 1)]
    return objections(rows, MINE_BAN, is_signed_first=signed_first)


@pytest.mark.parametrize(
    "acts",
    [
        [SIGNED, RATIFIED],
        [SIGNED, RATIFIED, NOTICE],
        [ACCEDED, NOTICE, ("withdrawal_cancelled", date(2025, 12, 26))],
        [ACCEDED, NOTICE, ("withdrawal_cancelled", date(2025, 8, 1)), ("withdrawal", date(2025, 8, 2))],
        [ACCEDED, NOTICE, ("accession", date(2025, 12, 27))],
        [SIGNED, RATIFIED, NOTICE, ("accession", date(2026, 1, 1))],
        [SIGNED, RATIFIED, NOTICE, ("ratification", date(2026, 1, 1))],
        [SIGNED, RATIFIED, ("withdrawal_of_ratification", date(1998, 6, 1)), ("ratification", date(1998, 7, 1))],
        [("succession", date(2006, 10, 23))],
        [("acceptance", date(2004, 5, 12))],
        [SIGNED, ("provisional_application", date(1997, 12, 3)), RATIFIED],
        [("signature", date(1998, 5, 1)), ("ratification", date(1998, 5, 1))],
    ],
)
def test_what_states_do_has_a_meaning(acts):
    assert found(*acts) == {}


@pytest.mark.parametrize(
    ("acts", "place", "objection"),
    [
        ([SIGNED, ("signature", date(1998, 1, 1))], 2, Objection.SIGNED_ALREADY),
        ([("accession", date(1998, 1, 1)), ("signature", date(1998, 2, 1))], 2, Objection.CONSENTED_ALREADY),
        ([SIGNED, RATIFIED, ("ratification", date(1998, 5, 2))], 3, Objection.CONSENTED_ALREADY),
        ([ACCEDED, NOTICE, ("accession", date(2025, 12, 26))], 3, Objection.CONSENTED_ALREADY),
        ([RATIFIED], 1, Objection.NEVER_SIGNED),
        ([("approval", date(1998, 5, 1))], 1, Objection.NEVER_SIGNED),
        ([SIGNED, ACCEDED], 2, Objection.SIGNATORIES_DO_NOT_ACCEDE),
        ([NOTICE], 1, Objection.NOT_IN_FORCE),
        ([SIGNED, NOTICE], 2, Objection.NOT_IN_FORCE),
        ([ACCEDED, ("withdrawal", date(2004, 10, 31))], 2, Objection.NOT_IN_FORCE),
        ([ACCEDED, NOTICE, ("withdrawal", date(2025, 9, 1))], 3, Objection.NOTICE_IS_RUNNING),
        ([ACCEDED, NOTICE, ("withdrawal", date(2026, 9, 1))], 3, Objection.NOT_IN_FORCE),
        ([ACCEDED, ("withdrawal_cancelled", date(2025, 1, 1))], 2, Objection.NO_NOTICE),
        ([ACCEDED, NOTICE, ("withdrawal_cancelled", date(2025, 12, 27))], 3, Objection.NO_NOTICE),
        ([SIGNED, ("withdrawal_of_ratification", date(1998, 6, 1))], 2, Objection.NO_CONSENT),
        ([SIGNED, RATIFIED, ("withdrawal_of_ratification", date(1999, 3, 1))], 3, Objection.IN_FORCE_ALREADY),
        ([ACCEDED, NOTICE, ("withdrawal_of_ratification", date(2026, 1, 1))], 3, Objection.NO_CONSENT),
    ],
)
def test_an_act_without_a_meaning_is_named(acts, place, objection):
    assert found(*acts) == {place: objection}


def test_the_first_day_in_force_is_the_first_for_a_notice():
    assert found(ACCEDED, ("withdrawal", date(2004, 11, 1))) == {}


def test_where_nobody_signs_everybody_may_ratify_or_accede():
    assert found(RATIFIED, signed_first=False) == {}
    assert found(ACCEDED, signed_first=False) == {}


def test_acts_are_judged_in_the_order_of_their_days_whatever_their_numbers():
    assert found(NOTICE, ACCEDED) == {}
    assert found(("ratification", date(1998, 5, 2)), SIGNED, RATIFIED) == {1: Objection.CONSENTED_ALREADY}
