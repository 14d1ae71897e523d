"""Sending changes to webhooks, signed after Standard Webhooks, in order, until each was taken.

A webhook keeps the number of the last change that its receiver took; the outbox is its queue. So nothing is lost where a process is
killed, and nothing overtakes what came before: a change that is not taken is sent again, later and later, and what follows waits.
A receiver may get a change twice; it knows it again by `webhook-id`.
"""

import base64
import hashlib
import hmac
import ipaddress
import json
import logging
import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from urllib.parse import urlsplit

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from config.kit.api.change_feed import ChangeFeedEntrySerializer
from config.kit.models import PublicChange, Webhook
from config.kit.models.telling import tell

log = logging.getLogger("minefree.webhooks")

PATIENCE = [timedelta(seconds=seconds) for seconds in (5, 30, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)]
"""How long is waited after each failure in a row; after the last one, some three days later, the webhook is switched off."""
SECONDS_TO_ANSWER = 10
AT_ONCE = 50
"""Changes that are sent to one webhook before others have their turn."""
SIDE_BY_SIDE = 8
"""Webhooks that are sent to at the same time."""
SECONDS_A_RUN = 20
_LONGEST_HEAD = 8192
_GONE = 410
look_up = socket.getaddrinfo
"""Finds the addresses of a name."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotSent(Exception):
    """A receiver that cannot be reached, may not be reached, or has not taken what was sent. The message says which."""


class Gone(NotSent):
    """The receiver wants no more."""


@dataclass(frozen=True)
class Target:
    """Where to connect: the address that was checked, and the names that the receiver expects to be called by."""

    host: str
    port: int
    path: str
    is_secure: bool
    address: str


def target_of(url: str) -> Target:
    """Where a webhook's address leads to, looked up now. Raises NotSent where it may not be asked, or cannot be found.

    Every address of the name has to be one of the public internet: not of this machine, a private network or the network's own
    services. The connection goes to the address that was checked, so that no later answer of a name server can lead elsewhere.
    """
    parts = urlsplit(url)
    is_secure = parts.scheme == "https"
    try:
        host, port = parts.hostname or "", parts.port or (443 if is_secure else 80)
    except ValueError as error:
        raise NotSent(_("This is no address.")) from error
    if not is_secure and not settings.WEBHOOKS_MAY_BE_PRIVATE:
        raise NotSent(_("The address has to begin with https://."))
    if parts.username is not None or parts.password is not None:
        raise NotSent(_("The address may not contain a name or password."))
    try:
        name = host.encode("idna").decode() if not host.isascii() else host
        found = look_up(name, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise NotSent(_("No machine of this name was found.")) from error
    addresses = [str(entry[4][0]) for entry in found]
    if not settings.WEBHOOKS_MAY_BE_PRIVATE and not all(is_of_the_internet(address) for address in addresses):
        raise NotSent(_("The address leads to a machine that is not on the public internet."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(name, port, path, is_secure, addresses[0])


def is_of_the_internet(address: str) -> bool:
    """Whether an IP address is one of the public internet, also where it stands for one of version 4."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        within = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            within = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if within is not None:
            return is_of_the_internet(str(within))
    return found.is_global and not found.is_multicast


def signature(secret: str, message: str, moment: int, body: bytes) -> str:
    """The `webhook-signature` of what is sent: HMAC-SHA256 over number, moment and body, in base64."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message}.{moment}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def body_of(change: PublicChange) -> bytes:
    """What is sent of a change: its kind, when it was told, and its entry of the change feed."""
    with translation.override("en"):
        entry = ChangeFeedEntrySerializer(change, context={"site": settings.SITE_URL}).data
    told = {"type": f"{change.kind}.{change.change}", "timestamp": change.at, "data": entry}
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")).encode()


def post(target: Target, headers: Mapping[str, str], body: bytes) -> int:
    """Send a request and read the status of its answer; nothing else of it is read, and no redirect is followed.

    Raises NotSent where no answer comes within SECONDS_TO_ANSWER.
    """
    until = time.monotonic() + SECONDS_TO_ANSWER
    default = 443 if target.is_secure else 80
    host = f"[{target.host}]" if ":" in target.host else target.host
    lines = [f"POST {target.path} HTTP/1.1", f"Host: {host}" + (f":{target.port}" if target.port != default else "")]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "Connection: close", "", ""])
    try:
        with socket.create_connection((target.address, target.port), SECONDS_TO_ANSWER) as plain:
            line = plain
            if target.is_secure:
                line = ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)
            with line:
                line.sendall(head.encode("ascii") + body)
                return _status(line, until)
    except (OSError, UnicodeError) as error:
        raise NotSent(f"{type(error).__name__}: {error}") from error


def _status(line: socket.socket, until: float) -> int:
    answer = b""
    while b"\n" not in answer and len(answer) < _LONGEST_HEAD:
        left = until - time.monotonic()
        if left <= 0:
            raise NotSent(_("No answer came in time."))
        line.settimeout(left)
        part = line.recv(1024)
        if not part:
            break
        answer += part
    words = answer.split(b"\n", 1)[0].split()
    if len(words) < 2 or not words[0].startswith(b"HTTP/1.") or not words[1].isdigit():
        raise NotSent(_("What came back is no answer of HTTP."))
    return int(words[1])


def send(webhook: Webhook, sequence: int, body: bytes) -> None:
    """Send one change. Raises NotSent unless the receiver took it: its answer has a status of 200 to 299."""
    message, moment = f"msg_{webhook.pk}_{sequence}", int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Minefree-Webhooks/1",
        "webhook-id": message,
        "webhook-timestamp": str(moment),
        "webhook-signature": signature(webhook.secret, message, moment, body),
    }
    status = post(target_of(webhook.url), headers, body)
    if status == _GONE:
        raise Gone(_("The receiver is gone (410)."))
    if not 200 <= status < 300:
        raise NotSent(_("The receiver answered %(status)s.") % {"status": status})


@dataclass
class Turn:
    """What is sent to one webhook in its turn: the numbers and bodies of changes, in order, and where the outbox ends."""

    webhook: Webhook
    changes: list[tuple[int, bytes]]
    newest: int
    place: int = 0
    """How many of them were taken."""

    def send_next(self) -> None:
        """Send the next change. Touches no database. Raises NotSent."""
        send(self.webhook, *self.changes[self.place])

    def note_taken(self, now: datetime) -> None:
        self.webhook.note_taken(self.changes[self.place][0], now)
        self.place += 1

    def end(self, now: datetime) -> None:
        """Let the webhook have its next turn. After all that it is told of, nothing up to the end of the outbox waits."""
        rows = Webhook.objects.filter(pk=self.webhook.pk)
        rows.update(next_at=now)
        if self.place == len(self.changes) < AT_ONCE:
            rows.update(last_sequence=self.newest)


def send_due(now: datetime | None = None) -> int:
    """Send what is waiting to the webhooks whose turn it is, for some 20 seconds; how many changes were taken.

    Several are sent to at the same time, so that a receiver that is slow keeps no other waiting. Threads send; this one alone
    reads and writes the database, and notes that a change was taken before the next one is sent to the same webhook.
    """
    until = time.monotonic() + SECONDS_A_RUN
    tell(now)
    now = now or timezone.now()
    turns = _turns(list(Webhook.objects.due(now).select_related("owner")), now, until)
    sending: dict[Future[None], Turn] = {}
    taken = 0
    with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
        while True:
            for turn in islice(turns, SIDE_BY_SIDE - len(sending)):
                sending[threads.submit(turn.send_next)] = turn
            if not sending:
                return taken
            for sent in wait(sending, return_when=FIRST_COMPLETED).done:
                turn = sending.pop(sent)
                if not _is_taken(turn, sent, now):
                    continue
                taken += 1
                if turn.place < len(turn.changes) and time.monotonic() <= until:
                    sending[threads.submit(turn.send_next)] = turn
                else:
                    turn.end(now)


def _turns(webhooks: Iterable[Webhook], now: datetime, until: float) -> Iterator[Turn]:
    """The turns of webhooks for which something waits, each claimed for this process when it is asked for."""
    for webhook in webhooks:
        if time.monotonic() > until:
            return
        newest = PublicChange.objects.newest()
        is_wanted = webhook.owner.is_active and webhook.owner.is_staff
        if not is_wanted or webhook.last_sequence >= newest or not Webhook.objects.claim(webhook, now):
            continue
        waiting = PublicChange.objects.after(webhook.last_sequence).filter(pk__lte=newest)
        told = waiting.filter(kind__in=webhook.told_kinds)[:AT_ONCE]
        turn = Turn(webhook, [(change.pk, body_of(change)) for change in told], newest)
        if turn.changes:
            yield turn
        else:
            turn.end(now)


def _is_taken(turn: Turn, sent: Future[None], now: datetime) -> bool:
    """Note whether the receiver has taken a change. Raises what is no refusal of the receiver's."""
    webhook = turn.webhook
    try:
        sent.result()
    except NotSent as failure:
        log.warning("webhook %s did not take change %s: %s", webhook.pk, turn.changes[turn.place][0], failure)
        webhook.note_failure(str(failure), _next_attempt(webhook, failure, now))
        return False
    turn.note_taken(now)
    return True


def _next_attempt(webhook: Webhook, failure: NotSent, now: datetime) -> datetime | None:
    if isinstance(failure, Gone) or webhook.failures_in_a_row >= len(PATIENCE):
        return None
    return now + PATIENCE[webhook.failures_in_a_row]
