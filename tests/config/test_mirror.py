"""A mirror that follows the change feed while eight editors write ends equal to the site. MIRROR=60 makes it a minute."""

import os
import random
import time
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.utils import timezone

from campaign.models import Campaign, CampaignAction, Commitment, Endorsement
from config.kit.models import PublicChange
from config.kit.models.telling import kinds, tell
from news.models import Statement
from news.models.choices import Workflow
from tests.config.addresses import API
from tests.factories import (
    SOURCE,
    CampaignActionFactory,
    CommitmentFactory,
    EditorFactory,
    EndorsementFactory,
    StatementFactory,
    StepFactory,
    TreatyActionFactory,
)
from tests.side_by_side import at_once, failures
from treaties.models import Declaration, Obligation, State, Treaty, WithdrawalStep

pytestmark = pytest.mark.walk
SECONDS = float(os.environ.get("MIRROR", "4"))
WRITERS = 8


class Mirror:
    """A copy of what is public, made of the feed alone."""

    def __init__(self):
        self.copy, self.cursor, self.seen = {}, None, []

    def follow(self):
        """Read on from where it stopped; how many changes there were."""
        heard = 0
        while True:
            address = f"{API}/changes/?page_size=200" + (f"&cursor={self.cursor}" if self.cursor else "")
            answer = Client().get(address).json()
            for entry in answer["results"]:
                self.take(entry)
            heard += len(answer["results"])
            self.cursor = answer["cursor"]
            if not answer["next"]:
                return heard

    def take(self, entry):
        self.seen.append((entry["sequence"], entry["kind"], entry["key"], entry["change"]))
        if entry["change"] == "renamed" and "slug" in entry["before"]:
            self.copy.pop((entry["kind"], entry["before"]["slug"]), None)
        if entry["change"] in ("withdrawn", "deleted"):
            self.copy.pop((entry["kind"], entry["key"]), None)
        else:
            self.copy[entry["kind"], entry["key"]] = entry["after"]


def public_now():
    """What is public, read from the tables."""
    now = timezone.now()
    return {
        (kind.kind, str(getattr(row, kind.key))): kind.contents(row)
        for kind in kinds().values()
        for row in kind.rows(now)
        if not kind.is_withdrawn(row)
    }


class Writer:
    """An editor in a hurry, who does what comes to mind."""

    def __init__(self, number, editor):
        self.number, self.editor, self.mind, self.count = number, editor, random.Random(number), 0
        self.done = 0

    def slug(self, word):
        self.count += 1
        return f"{word}-{self.number}-{self.count}"

    def day(self):
        return date(1998, 1, 1) + timedelta(days=self.mind.randrange(9000))

    def one(self, rows):
        keys = list(rows.values_list("pk", flat=True))
        return rows.model._default_manager.get(pk=self.mind.choice(keys)) if keys else None

    def rename_a_state(self):
        State.objects.filter(pk=self.mind.choice(["NOR", "SWE", "KEN", "TON"])).update(formal_name=self.slug("Zq"))

    def change_a_treaty(self):
        Treaty.objects.filter(slug="mine-ban-convention").update(note=self.slug("Zq"))

    def record_an_act(self):
        with transaction.atomic():
            TreatyActionFactory(
                treaty=Treaty.objects.get(slug="arms-trade-treaty"),
                state_id=self.mind.choice(["NPL", "BTN", "PRK"]),
                action="signature",
                deposited_on=self.day(),
            )

    def add_a_step(self):
        StepFactory(
            treaty=Treaty.objects.get(slug="mine-ban-convention"),
            state_id="NOR",
            date=self.day(),
            detail=self.slug("Zq"),
        )

    def take_out_a_step(self):
        if step := self.one(WithdrawalStep.objects.all()):
            step.taken_out_because = "Zq"
            step.save()

    def change_a_duty(self):
        Obligation.objects.filter(pk=self.one(Obligation.objects.all()).pk).update(note=self.slug("Zq"))

    def change_a_declaration(self):
        Declaration.objects.filter(pk=self.one(Declaration.objects.all()).pk).update(summary=self.slug("Zq"))

    def call(self):
        row = CampaignActionFactory(pillar=Campaign.objects.first().pillars.first(), slug=self.slug("call"))
        row.states.add(self.mind.choice(["NOR", "SWE"]))

    def narrow_a_call(self):
        if row := self.one(CampaignAction.objects.filter(slug__startswith="call-")):
            row.states.clear()
            CampaignAction.objects.filter(pk=row.pk).update(is_held=self.mind.choice([True, False]))

    def promise(self):
        CommitmentFactory(pillar=Campaign.objects.first().pillars.first(), slug=self.slug("promise"))

    def move_a_promise(self):
        if row := self.one(Commitment.objects.filter(slug__startswith="promise-")):
            Commitment.objects.filter(pk=row.pk).update(slug=self.slug("promise-moved"))

    def endorse(self):
        EndorsementFactory(campaign=Campaign.objects.first(), name=self.slug("Zq"), verified_by=self.editor)

    def stop_endorsing(self):
        if row := self.one(Endorsement.objects.all()):
            row.delete() if self.mind.random() < 0.5 else Endorsement.objects.filter(pk=row.pk).update(
                taken_out_because="Zq"
            )

    def publish_in_the_past(self):
        StatementFactory(
            slug=self.slug("text"), workflow=Workflow.PUBLISHED, publish_at=timezone.now() - timedelta(minutes=1)
        )

    def publish_in_a_second(self):
        StatementFactory(
            slug=self.slug("text"), workflow=Workflow.PUBLISHED, publish_at=timezone.now() + timedelta(seconds=1)
        )

    def correct(self):
        if row := self.one(Statement.objects.filter(slug__startswith="text-", workflow=Workflow.PUBLISHED)):
            Statement.objects.filter(pk=row.pk).update(title=self.slug("Zq"))

    def withdraw(self):
        if row := self.one(Statement.objects.filter(slug__startswith="text-", workflow=Workflow.PUBLISHED)):
            Statement.objects.filter(pk=row.pk).update(workflow=Workflow.WITHDRAWN, withdrawn_reason="Zq")

    def commit_late(self):
        with transaction.atomic():
            StatementFactory(slug=self.slug("text"), workflow=Workflow.PUBLISHED, publish_at=timezone.now())
            time.sleep(self.mind.random() / 2)

    def give_up(self):
        with transaction.atomic():
            StatementFactory(slug=self.slug("never"), workflow=Workflow.PUBLISHED, publish_at=timezone.now())
            transaction.set_rollback(True)

    ACTS = (
        rename_a_state,
        change_a_treaty,
        record_an_act,
        add_a_step,
        take_out_a_step,
        change_a_duty,
        change_a_declaration,
        call,
        narrow_a_call,
        promise,
        move_a_promise,
        endorse,
        stop_endorsing,
        publish_in_the_past,
        publish_in_a_second,
        correct,
        withdraw,
        commit_late,
        give_up,
    )

    def write(self, until):
        while time.monotonic() < until:
            with suppress(IntegrityError, ObjectDoesNotExist):  # another editor was quicker
                self.mind.choice(self.ACTS)(self)
                self.done += 1
        return self.done


def test_a_mirror_misses_nothing_while_eight_editors_write(committing):
    mirror, reader = Mirror(), Mirror()
    mirror.follow()
    reader.follow()
    editor = EditorFactory()
    writers = [Writer(n, editor) for n in range(WRITERS)]
    until = time.monotonic() + SECONDS

    def read_on():
        while time.monotonic() < until:
            mirror.follow()
            time.sleep(0.05)

    written = at_once(*(lambda w=writer: w.write(until) for writer in writers), read_on)
    connections.close_all()
    assert failures(written) == []
    time.sleep(1.1)  # what is published in a second
    mirror.follow()
    reader.follow()
    source = public_now()
    print(f"{sum(written[:-1])} acts of {WRITERS} writers, {len(mirror.seen)} changes told, {len(source)} things")
    assert {key for key in source if mirror.copy.get(key) != source[key]} == set()
    assert mirror.copy.keys() - source.keys() == set()
    assert mirror.seen == reader.seen
    assert [entry[0] for entry in mirror.seen] == sorted({entry[0] for entry in mirror.seen})
    assert not [key for key in source if key[1].startswith("never-")]
    told = {entry[3] for entry in mirror.seen}
    assert {"published", "corrected", "withdrawn"} <= told


def test_two_tellers_at_once_tell_each_change_once(committing):
    tell()
    for n in range(30):
        CommitmentFactory(pillar=Campaign.objects.first().pillars.first(), slug=f"promise-{n}", source_url=SOURCE)
    assert failures(at_once(*[tell] * 6)) == []
    keys = list(PublicChange.objects.filter(key__startswith="promise-").values_list("key", flat=True))
    assert sorted(keys) == sorted({f"promise-{n}" for n in range(30)})
