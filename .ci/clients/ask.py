"""Ten calls with the client that openapi-python-client generates, reading and writing. Args: address, token."""

import sys
import uuid
from datetime import date

from minefree_client import AuthenticatedClient, Client
from minefree_client.api.campaign_actions import propose_campaign_action
from minefree_client.api.changes import list_changes
from minefree_client.api.statements import change_draft, draft_statement, get_draft, list_statements, move_statement
from minefree_client.api.states import get_state
from minefree_client.api.treaties import get_treaty_changes, get_treaty_counts, get_treaty_status
from minefree_client.api.treaty_actions import list_treaty_actions
from minefree_client.models import (
    CampaignActionStatus,
    CampaignActionWriteRequest,
    GetTreatyStatusStatusItem,
    MoveEnum,
    MoveRequest,
    PatchedStatementWriteRequest,
    StatementKind,
    StatementWriteRequest,
)
from minefree_client.models.campaign_action_kind import CampaignActionKind

ADDRESS, TOKEN = sys.argv[1:]
CONVENTION, SOURCE, DAY = "mine-ban-convention", "https://example.org/source", date(2026, 1, 15)
reader, editor = Client(ADDRESS), AuthenticatedClient(ADDRESS, TOKEN)
calls = 0


def got(answer, status):
    """The answer, once it is the one that was hoped for and the client has read it."""
    global calls
    calls += 1
    assert answer.status_code == status, (answer.status_code, answer.content)
    assert answer.parsed is not None
    return answer.parsed


poland = got(get_state.sync_detailed("POL", client=reader), 200)
assert poland.codes.iso2 == "PL"
withdrawn = [GetTreatyStatusStatusItem.WITHDRAWN]
board = got(get_treaty_status.sync_detailed(CONVENTION, client=reader, on=date(2025, 12, 27), status=withdrawn), 200)
assert [line.state.iso3 for line in board.results] == ["EST", "LVA", "LTU"], board.results
days = {"from_": date(2025, 6, 16), "to": date(2025, 12, 27)}
counts = got(get_treaty_counts.sync_detailed(CONVENTION, client=reader, **days), 200)
assert counts.results[0].parties == 165
changed = got(get_treaty_changes.sync_detailed(CONVENTION, client=reader, **days), 200)
assert changed.from_ == days["from_"]
assert changed.results[0].actions[0].action == "withdrawal"
acts = got(
    list_treaty_actions.sync_detailed(client=reader, treaty=[CONVENTION], state=["EST", "LVA"], page_size=2), 200
)
assert len(acts.results) == 2
assert acts.next_
texts = got(list_statements.sync_detailed(client=reader, campaign=["humanitarian-disarmament"]), 200)
assert texts.count > 0
feed = got(list_changes.sync_detailed(client=reader, page_size=5), 200)
assert len(feed.results) == 5
assert feed.cursor

draft = StatementWriteRequest(
    slug="of-a-client", kind=StatementKind.NEWS, title="Of a client", body="A try.", dated_on=DAY, source_url=SOURCE
)
made = draft_statement.sync_detailed(client=editor, body=draft, idempotency_key=str(uuid.uuid4()))
assert got(made, 201).workflow == "draft"
seen = get_draft.sync_detailed("of-a-client", client=editor)
got(seen, 200)
other = PatchedStatementWriteRequest(title="Of a client, again")
changed = change_draft.sync_detailed("of-a-client", client=editor, body=other, if_match=seen.headers["ETag"])
assert got(changed, 200).title == "Of a client, again"
moved = move_statement.sync_detailed("of-a-client", client=editor, body=MoveRequest(move=MoveEnum.SUBMIT))
assert got(moved, 200).workflow == "in_review"
event = CampaignActionWriteRequest(
    pillar="humanitarian-disarmament/uphold-norms",
    slug="of-a-client",
    kind=CampaignActionKind.EVENT,
    title="Of a client",
    summary="A try.",
    date=DAY,
    status=CampaignActionStatus.DONE,
    source_url=SOURCE,
)
refused = propose_campaign_action.sync_detailed(client=editor, body=event, idempotency_key=str(uuid.uuid4()))
assert got(refused, 403).status == 403, "a newsroom editor writes no events"
print(f"ok: {calls} calls with the client of openapi-python-client")
