"""Whatever somebody does to the record who has the whole server, the stand-alone checker finds it from two checkpoints.

`TAMPERINGS=1000` tries as many; each is another, chosen by its number.
"""

import json
import os
import random

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from config.kit.api.exports import json_parts
from config.kit.proposals.guards import guarded_models
from tests.site_role import as_owner
from tests.treaties.ledger.test_sealing import change
from treaties import ledger
from treaties.ledger import proof, sealing, signing, triggers, verify_checkpoint
from treaties.ledger.checkpoints import all_chains, record_checkpoint, signed_line
from treaties.models import (
    LedgerHead,
    LedgerSequence,
    SealedVersion,
    State,
    Treaty,
    TreatyAction,
)
from treaties.models.sealed_versions import SITE

pytestmark = pytest.mark.django_db
TAMPERINGS = int(os.environ.get("TAMPERINGS", "13"))
MODELS = [model for model in guarded_models() if model._meta.app_label == "treaties"]


def saved():
    """The checkpoint of the whole record, as somebody saves it."""
    return json.loads("".join(json_parts(record_checkpoint(timezone.now()))))


def faults(earlier, later):
    return [*verify_checkpoint.faults_of_file(later, []), *verify_checkpoint.faults_between(earlier, later)]


def write_anew(name):
    """Give all rows of a chain new hashes, and the chain its end: whole in itself."""
    rows = all_chains()[name]
    previous = proof.GENESIS
    for row in rows:
        row.previous_hash = previous
        row.hash = previous = proof.row_hash(proof.canonical(row), previous)
        type(row)._base_manager.filter(pk=row.pk).update(previous_hash=row.previous_hash, hash=row.hash)
    if name == SITE:
        LedgerSequence.objects.update(site_length=len(rows), site_hash=previous)
    else:
        LedgerHead.objects.filter(treaty__slug=name).update(length=len(rows), hash=previous)


def a_row(model, chance):
    return chance.choice(list(model._base_manager.order_by("pk")))


def another(field, value, chance):
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.randint(1, 50)
    if hasattr(value, "year"):
        return value.replace(year=value.year - chance.randint(1, 9), day=min(value.day, 28))
    return f"{value}"[: (field.max_length or 500) - 1] + chance.choice("xyz")


def alter(model, chance):
    """Another value in one field of a row that has one there, and that the database takes."""
    while True:
        try:
            with transaction.atomic():
                _alter(model, chance)
        except DatabaseError:
            continue
        return


def _alter(model, chance):
    row = a_row(model, chance)
    fields = [
        f
        for f in model._meta.concrete_fields
        if not f.primary_key and not f.is_relation and not f.unique and not f.choices and getattr(row, f.attname)
    ]
    field = chance.choice(fields)
    model._base_manager.filter(pk=row.pk).update(**{field.attname: another(field, getattr(row, field.attname), chance)})


def alter_a_rule(chance):
    Treaty._base_manager.filter(pk=a_row(Treaty, chance).pk).update(
        **chance.choice(
            [
                {"withdrawal_notice_months": chance.randint(20, 90), "withdrawal_notice_days": None},
                {"entered_into_force_on": f"19{chance.randint(50, 70)}-01-01"},
                {"complete_to": f"20{chance.randint(10, 20)}-01-01"},
            ]
        )
    )


def alter_a_name(chance):
    State._base_manager.filter(pk=a_row(State, chance).pk).update(name=f"Name {chance.random()}")


def alter_a_row(chance):
    alter(chance.choice(MODELS), chance)


def alter_an_act(chance):
    row = chance.choice(list(TreatyAction.objects.confirmed().order_by("pk")))
    TreatyAction.objects.filter(pk=row.pk).update(note=f"{row.note} {chance.random()}")


def alter_an_act_and_write_anew(chance):
    row = chance.choice(list(TreatyAction.objects.confirmed().order_by("pk")))
    TreatyAction.objects.filter(pk=row.pk).update(note=f"{row.note} {chance.random()}")
    write_anew(row.treaty.slug)


def alter_a_version(chance):
    row = a_row(SealedVersion, chance)
    SealedVersion.objects.filter(pk=row.pk).update(content={**row.content, "note": f"Other {chance.random()}"})


def alter_a_version_and_write_anew(chance):
    alter_a_version(chance)
    write_anew(SITE)


def alter_a_rule_its_version_and_write_anew(chance):
    treaty = a_row(Treaty, chance)
    months = chance.randint(20, 90)
    Treaty._base_manager.filter(pk=treaty.pk).update(withdrawal_notice_months=months, withdrawal_notice_days=None)
    for version in SealedVersion.objects.filter(kind="treaties.treaty", key=str(treaty.pk)):
        content = {**version.content, "withdrawal_notice_months": months, "withdrawal_notice_days": None}
        SealedVersion.objects.filter(pk=version.pk).update(content=content)
    write_anew(SITE)


def cut_the_tail_of_the_site(chance):
    rows = sealing.site_chain()[-chance.randint(3, 40) :]
    SealedVersion.objects.filter(pk__in=[row.pk for row in rows]).delete()
    write_anew(SITE)


def cut_the_tail_of_a_treaty(chance):
    treaty = a_row(Treaty, chance)
    rows = [row for row in ledger.chain_of(treaty) if isinstance(row, TreatyAction)][-chance.randint(3, 30) :]
    keys = [row.pk for row in rows]
    with connection.cursor() as cursor:  # what hangs on them goes with them
        marks = ", ".join(["%s"] * len(keys))
        cursor.execute(f"UPDATE treaties_declaration SET with_action_id = NULL WHERE with_action_id IN ({marks})", keys)
        cursor.execute(f"DELETE FROM treaties_depositarynotification WHERE act_id IN ({marks})", keys)
        cursor.execute(f"DELETE FROM treaties_armedconflicthold WHERE withdrawal_id IN ({marks})", keys)
        cursor.execute(f"UPDATE treaties_treatyaction SET replaces_id = NULL WHERE replaces_id IN ({marks})", keys)
        cursor.execute(f"DELETE FROM treaties_treatyaction WHERE id IN ({marks})", keys)
    write_anew(treaty.slug)


def take_a_version_out(chance):
    row = a_row(SealedVersion, chance)
    SealedVersion.objects.filter(pk=row.pk).delete()
    if chance.random() < 0.5:
        write_anew(SITE)


def put_a_version_into_the_past(chance):
    state = a_row(State, chance)
    state._history_date = timezone.now().replace(year=2020)
    state.formal_name = f"Kingdom {chance.random()}"
    state.save()
    ledger.seal()


def exchange_two_versions(chance):
    one, other = chance.sample(list(SealedVersion.objects.all()), 2)
    SealedVersion.objects.filter(pk=one.pk).update(content=other.content, key=f"{other.key}")
    write_anew(SITE)


WAYS = [
    alter_a_rule,
    alter_a_name,
    alter_a_row,
    alter_an_act,
    alter_an_act_and_write_anew,
    alter_a_version,
    alter_a_version_and_write_anew,
    alter_a_rule_its_version_and_write_anew,
    cut_the_tail_of_the_site,
    cut_the_tail_of_a_treaty,
    take_a_version_out,
    put_a_version_into_the_past,
    exchange_two_versions,
]


@pytest.fixture
def kept(convention):
    """A checkpoint that somebody keeps, of a record that two officers have added to since it was loaded."""
    change(convention, note="Compared once more.")
    return saved()


def test_a_record_that_only_grew_has_no_fault(kept):
    change(State.objects.get(pk="NOR"), formal_name="Kingdom of Norway (Norge)")
    assert faults(kept, saved()) == []


def test_the_checker_finds_every_tampering(kept):
    missed = []
    with as_owner():
        for number in range(TAMPERINGS):
            chance = random.Random(number)
            way = WAYS[number % len(WAYS)]
            with transaction.atomic():
                triggers.remove(connection)
                if chance.random() < 0.5:
                    change(State.objects.get(pk="NOR"), formal_name=f"Norway {number}")  # the record goes on meanwhile
                way(chance)
                later = saved()
                if not faults(kept, later):
                    missed.append((number, way.__name__))
                transaction.set_rollback(True)
    assert missed == []


def test_a_line_with_another_key_is_told(kept, settings, tmp_path):
    key = tmp_path / "key.pem"
    key.write_text(signing.published_keys())
    assert list(verify_checkpoint.faults_of_file(kept, verify_checkpoint.keys_of(str(key)))) == []
    settings.CHECKPOINT_KEY = "c29tZWJvZHkgZWxzZSdzIGtleSwgMzIgYnl0ZXMgISE="
    heads = {chain.get("treaty") or chain["chain"]: chain["head"]["hash"] for chain in kept["chains"]}
    forged = kept | {"line": str(signed_line(heads, LedgerSequence.objects.get().last_sequence))}
    (fault,) = verify_checkpoint.faults_of_file(forged, verify_checkpoint.keys_of(str(key)))
    assert fault.endswith("is not signed with one of the keys")
