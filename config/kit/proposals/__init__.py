"""Two pairs of eyes on what is public: one editor proposes a change by saving a form, another accepts or refuses it."""

from config.kit.proposals.guards import Guard, guard, guard_of
from config.kit.proposals.service import ProposalError, accept, contents_of, refuse, take_back
from config.kit.proposals.trials import Trial

__all__ = [
    "Guard",
    "ProposalError",
    "Trial",
    "accept",
    "contents_of",
    "guard",
    "guard_of",
    "refuse",
    "take_back",
]
