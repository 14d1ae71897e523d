"""The only way to write the ledger: record, confirm by a second officer, replace with a reason; and its proof."""

from treaties.ledger.chain import chain_of, head_of, heads_at, heads_of, import_confirmed, site_head_at, verify
from treaties.ledger.checkpoints import (
    Checkpoint,
    checkpoint,
    checkpoint_line,
    length_of,
    record_checkpoint,
    site_checkpoint,
)
from treaties.ledger.checks import act_family, refusal_of, sentence_of
from treaties.ledger.events import when_changed
from treaties.ledger.previews import preview
from treaties.ledger.reading import (
    actions_by_state,
    actions_by_treaty,
    actions_of,
    as_known,
    as_listed_then,
    known_rows,
    last_change,
    last_sealed,
    record_since,
    states_known,
    treaties_known,
)
from treaties.ledger.recording import (
    AlreadyConfirmed,
    HasChanged,
    LedgerError,
    NotTheStatesAct,
    SameOfficer,
    confirm,
    fingerprint_of,
    record,
    refresh_effects,
    replace,
)
from treaties.ledger.reviewing import comment, refuse, take_back
from treaties.ledger.sealing import seal, verify_site

__all__ = [
    "AlreadyConfirmed",
    "Checkpoint",
    "HasChanged",
    "LedgerError",
    "NotTheStatesAct",
    "SameOfficer",
    "act_family",
    "actions_by_state",
    "actions_by_treaty",
    "actions_of",
    "as_known",
    "as_listed_then",
    "chain_of",
    "checkpoint",
    "checkpoint_line",
    "comment",
    "confirm",
    "fingerprint_of",
    "head_of",
    "heads_at",
    "heads_of",
    "import_confirmed",
    "known_rows",
    "last_change",
    "last_sealed",
    "length_of",
    "preview",
    "record",
    "record_checkpoint",
    "record_since",
    "refresh_effects",
    "refusal_of",
    "refuse",
    "replace",
    "seal",
    "sentence_of",
    "site_checkpoint",
    "site_head_at",
    "states_known",
    "take_back",
    "treaties_known",
    "verify",
    "verify_site",
    "when_changed",
]
