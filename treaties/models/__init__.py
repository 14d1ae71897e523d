"""The record: States, treaties, the ledger of their acts, and what is known around them."""

from treaties.models.access import AccessToken, IdempotentRequest
from treaties.models.freshness import Comparison, Difference
from treaties.models.ledger import ArmedConflictHold, Declaration, LedgerClock, LedgerHead, LedgerRecord, TreatyAction
from treaties.models.loaded import LoadedRow
from treaties.models.practice import Extension, Obligation, WithdrawalStep
from treaties.models.state import State
from treaties.models.treaty import Article, Treaty
from treaties.models.words import (
    ActionChoices,
    DeclarationChoices,
    EntryIntoForceChoices,
    ObligationChoices,
    ObligationStatusChoices,
    PrecisionChoices,
    StatusChoices,
    StepChoices,
)

__all__ = [
    "AccessToken",
    "ActionChoices",
    "ArmedConflictHold",
    "Article",
    "Comparison",
    "Declaration",
    "DeclarationChoices",
    "Difference",
    "EntryIntoForceChoices",
    "Extension",
    "IdempotentRequest",
    "LedgerClock",
    "LedgerHead",
    "LedgerRecord",
    "LoadedRow",
    "Obligation",
    "ObligationChoices",
    "ObligationStatusChoices",
    "PrecisionChoices",
    "State",
    "StatusChoices",
    "StepChoices",
    "Treaty",
    "TreatyAction",
    "WithdrawalStep",
]
