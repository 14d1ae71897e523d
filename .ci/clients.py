"""Tries the description of the API on programs that nobody here wrote: two linters, and two generators of clients.

    python .ci/clients.py

Starts the site on a database of its own, and makes the calls of `.ci/clients` with each generated client.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / ".ci/web"
CLIENTS = ROOT / ".ci/clients"
OF_AN_EDITOR = """
from datetime import timedelta
from django.contrib.auth.models import Group, User
from django.utils import timezone
from config.kit.api import access_tokens
editor = User.objects.create_user("of-a-client", is_staff=True)
editor.groups.add(Group.objects.get(name="Newsroom editor"))
print(access_tokens.issue(editor, name="A try", expires_at=timezone.now() + timedelta(days=1))[1])
"""
IN_JAVASCRIPT = """
import json
from config.pages.reference import documented_operations
print(json.dumps([dict(e["examples"])["JavaScript"] for es in documented_operations().values() for e in es]))
"""


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def wait_for(url: str) -> None:
    for _turn in range(150):
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{url} does not answer.")


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    address = f"http://localhost:{free_port()}"
    environment = os.environ | {
        "DEBUG": "1",
        "SITE_URL": address,
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }

    def run(*words: str, cwd: Path = ROOT, **more) -> str:
        done = subprocess.run(words, env=environment, cwd=cwd, text=True, stdout=subprocess.PIPE, **more)
        if done.returncode:
            raise SystemExit(f"{words[0]} says: {done.stdout}")
        return done.stdout

    def manage(*words: str) -> str:
        return run(sys.executable, "manage.py", *words)

    described = folder / "openapi.json"
    manage("set_up", "-v0")
    manage("spectacular", "--format", "openapi-json", "--file", str(described))
    tool = str(WEB / "node_modules/.bin")
    print(run(f"{tool}/spectral", "lint", "-q", "-F", "warn", "-r", str(WEB / "spectral.yaml"), str(described)), end="")
    run(f"{tool}/redocly", "lint", "--config", str(WEB / "redocly.yaml"), str(described), stderr=subprocess.STDOUT)
    print("ok: spectral and redocly find nothing in the description", flush=True)
    for number, code in enumerate(json.loads(manage("shell", "-v0", "-c", IN_JAVASCRIPT))):
        example = folder / f"example{number}.mjs"
        example.write_text(code, encoding="utf-8")
        run("node", "--check", str(example))
    print("ok: the examples in JavaScript can be run", flush=True)
    token = manage("shell", "-v0", "-c", OF_AN_EDITOR).strip()
    server = subprocess.Popen(
        [sys.executable, "manage.py", "runserver", "--noreload", "-v0", address.partition("//")[2]],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(f"{address}/api/v1/")
        made = folder / "minefree_client"
        run("openapi-python-client", "generate", "--path", str(described), "--output-path", str(made), "--meta", "none")
        environment["PYTHONPATH"] = str(folder)
        print(run(sys.executable, str(CLIENTS / "ask.py"), address, token, cwd=folder), end="", flush=True)
        # The compiler looks for the library beside the file.
        (folder / "node_modules").symlink_to(WEB / "node_modules")
        (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
        (folder / "ask.ts").write_text((CLIENTS / "ask.ts").read_text(encoding="utf-8"), encoding="utf-8")
        # A field that has a default may be left out.
        run(
            f"{tool}/openapi-typescript",
            str(described),
            "-o",
            "schema.d.ts",
            "--default-non-nullable=false",
            cwd=folder,
        )
        strict = ["--strict", "--target", "es2022", "--module", "nodenext", "--skipLibCheck"]
        run(f"{tool}/tsc", *strict, "ask.ts", cwd=folder)
        print(run("node", "ask.js", address, token, cwd=folder), end="", flush=True)
    finally:
        os.killpg(server.pid, signal.SIGTERM)


if __name__ == "__main__":
    main()
