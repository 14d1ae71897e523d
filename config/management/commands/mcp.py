"""Serves the record to a language model by the Model Context Protocol, over standard input and output. It only reads.

Needs the optional extra: `pip install "minefree[mcp]"`.
"""

from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.api.mcp_server import make_server


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []  # they would print to the line of the protocol

    def handle(self, *args: Any, **options: Any) -> None:
        if find_spec("mcp") is None:
            raise CommandError("Install the extra first: pip install 'minefree[mcp]'.")
        make_server().run("stdio")
