"""A second person for tests that are about something else."""

from config.kit.models import Proposal
from config.kit.models.row_versions import fingerprint
from config.kit.proposals import accept, contents_of
from tests.factories import EditorFactory


def accept_all():
    """Another editor accepts all that waits, and is returned."""
    by = EditorFactory(is_superuser=True)
    for proposal in Proposal.objects.open().order_by("pk"):
        accept(proposal, seen=fingerprint(contents_of(proposal)), by=by)
    return by
