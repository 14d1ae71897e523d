"""States, treaties, the ledger of treaty actions, and what is known around them."""

from treaties.models.armed_conflict_holds import ArmedConflictHold
from treaties.models.choices import (
    ActionChoices,
    DeclarationChoices,
    EntryIntoForceChoices,
    GroupChoices,
    ObligationChoices,
    ObligationStatusChoices,
    PrecisionChoices,
    StateNameChoices,
    StatusChoices,
    StepChoices,
)
from treaties.models.comparisons import Comparison, Difference
from treaties.models.declarations import Declaration, DepositaryNotification
from treaties.models.ledger_chain import LedgerHead, LedgerSequence
from treaties.models.ledger_records import LedgerRecord
from treaties.models.obligations import Extension, Obligation
from treaties.models.sealed_versions import SealedVersion
from treaties.models.sent_sources import SentSource
from treaties.models.states import GroupMembership, State, StateName
from treaties.models.treaties import Article, Treaty
from treaties.models.treaty_actions import TreatyAction
from treaties.models.withdrawal_steps import WithdrawalStep

__all__ = [
    "ActionChoices",
    "ArmedConflictHold",
    "Article",
    "Comparison",
    "Declaration",
    "DeclarationChoices",
    "DepositaryNotification",
    "Difference",
    "EntryIntoForceChoices",
    "Extension",
    "GroupChoices",
    "GroupMembership",
    "LedgerHead",
    "LedgerRecord",
    "LedgerSequence",
    "Obligation",
    "ObligationChoices",
    "ObligationStatusChoices",
    "PrecisionChoices",
    "SealedVersion",
    "SentSource",
    "State",
    "StateName",
    "StateNameChoices",
    "StatusChoices",
    "StepChoices",
    "Treaty",
    "TreatyAction",
    "WithdrawalStep",
]
