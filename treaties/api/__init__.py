"""The record as an API: shapes, filters, endpoints."""

from treaties.api.endpoints import (
    DeclarationViewSet,
    ObligationViewSet,
    StateViewSet,
    TreatyActionViewSet,
    TreatyViewSet,
    WithdrawalStepViewSet,
)
from treaties.api.shapes import StateRefSerializer

__all__ = [
    "DeclarationViewSet",
    "ObligationViewSet",
    "StateRefSerializer",
    "StateViewSet",
    "TreatyActionViewSet",
    "TreatyViewSet",
    "WithdrawalStepViewSet",
]
