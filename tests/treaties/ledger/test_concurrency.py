"""Many officers at once: numbers are given in the order in which they become visible, so that no reader skips a row."""

import threading
from datetime import date

from django.conf import settings
from django.db import connections

from tests.factories import OfficerFactory, TreatyActionFactory, TreatyFactory
from treaties import ledger
from treaties.models import LedgerSequence, State, TreatyAction

WRITERS, ACTS_EACH = 4, 12


def test_a_reader_who_follows_the_numbers_never_skips_a_row(committing):
    if committing == "sqlite":
        # One writer at a time, from the transaction's first word to its last: the order of numbers is that of commits.
        assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        return
    first, second = OfficerFactory(), OfficerFactory()
    treaty = TreatyFactory()
    states = list(State.objects.values_list("pk", flat=True)[: WRITERS * ACTS_EACH])
    rows = [
        TreatyActionFactory(
            treaty=treaty,
            state_id=s,
            deposited_on=date(2004, 5, 12),
            confirmed_at=None,
            loaded_from="",
            recorded_by=first,
        )
        for s in states
    ]
    seen, skipped, done = [], [], threading.Event()

    def confirm(rows):
        for row in rows:
            ledger.confirm(row, by=second)
        connections.close_all()

    def follow():
        last = start
        while True:
            finished = done.is_set()
            fresh = (
                TreatyAction.objects.filter(sequence__gt=last).order_by("sequence").values_list("sequence", flat=True)
            )
            for number in fresh:
                if number != last + 1:
                    skipped.append((last, number))
                last = number
                seen.append(number)
            if finished:
                break
        connections.close_all()

    start = LedgerSequence.objects.get().last_sequence  # the last row of the record may be one of the site's own chain
    reader = threading.Thread(target=follow)
    writers = [threading.Thread(target=confirm, args=(rows[n::WRITERS],)) for n in range(WRITERS)]
    for thread in [reader, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    assert not skipped
    assert len(seen) == len(rows)
    assert ledger.verify(treaty) == []
