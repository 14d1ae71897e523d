"""Tries the sample configuration of nginx: the site behind it is fresh, is asked once by many, and is read while it is down.

    python .ci/front.py postgres://... [--load]

Starts the site as in production on a PostgreSQL database of its own, and nginx with `config/running/nginx/nginx.conf`. `--load`
lets wrk ask for the ten most read pages and prints the requests a second. The site reaches its database through a door that is
shut to see what happens while the database is down.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parents[1]
DATABASE = "minefree_front"
SAMPLE = ROOT / "config/running/nginx/nginx.conf"


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


PORTS = {"8000": str(free_port()), "8080": str(free_port())}
"""In place of the ports of the sample, which may be in use."""
SITE, FRONT = (f"http://127.0.0.1:{port}" for port in PORTS.values())
MBC = "/treaties/mine-ban-convention/"
MOST_READ = [
    "/",
    MBC,
    f"{MBC}withdrawals/",
    "/campaigns/humanitarian-disarmament/",
    "/treaties/matrix/",
    "/states/est/",
    "/news/",
    "/news/sgsm22686/",
    f"/api/v1{MBC}status/",
    "/news/feed.atom",
]
FORM = "/campaigns/humanitarian-disarmament/pledge/"


class Door:
    """A way to a server that can be shut: then nobody comes in, and who is inside is put out."""

    def __init__(self, host: str, port: int) -> None:
        self._beyond = (host, port)
        self._inside: list[socket.socket] = []
        self._listening: socket.socket | None = None
        self.port = free_port()

    def open(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._let_in, args=[self._listening], daemon=True).start()

    def shut(self) -> None:
        found, self._listening = self._listening, None
        ends, self._inside = self._inside, []
        for end in [*([found] if found else []), *ends]:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _let_in(self, listening: socket.socket) -> None:
        with suppress(OSError):  # it was shut
            while True:
                here, _address = listening.accept()
                there = socket.create_connection(self._beyond)
                self._inside += [here, there]
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=self._carry, args=[one, other], daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):  # it was shut
            while part := one.recv(65536):
                other.sendall(part)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def ask(path: str, base: str = FRONT, data: bytes | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(f"{base}{path}", data=data, headers={"Host": "localhost", **headers})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def wait_for(url: str) -> None:
    for _turn in range(150):
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{url} does not answer.")


def check(holds: bool, what: str) -> None:
    print(f"{'ok' if holds else 'NOT'}: {what}", flush=True)
    if not holds:
        raise SystemExit(1)


def try_all(environment: dict[str, str], site: subprocess.Popen, door: Door) -> None:
    for path in MOST_READ:
        first, again = ask(path), ask(path)
        check(first[0] == again[0] == 200, f"{path} is answered")
        check(again[1].get("X-Cache") in ("HIT", "REVALIDATED"), f"{path} is kept by nginx")
    check(
        ask("/", **{"Accept-Encoding": "gzip, deflate, br"})[1].get("Content-Encoding") == "br", "a browser gets brotli"
    )
    check("Content-Encoding" not in ask("/")[1], "who takes no coding gets none")
    check("X-Accel-Expires" not in ask("/")[1], "what is said to nginx alone is not told")
    change = "from treaties.models import State; State.objects.filter(pk='EST').update(name='Estonia, renamed')"
    subprocess.run([sys.executable, "manage.py", "shell", "-v0", "-c", change], env=environment, check=True, cwd=ROOT)
    time.sleep(1.1)
    check(b"Estonia, renamed" in ask("/states/est/")[2], "what was committed a second ago is shown")
    status, headers, _body = ask(FORM)
    check(status == 200 and headers.get("X-Cache") != "HIT", "a form is never kept")
    door.shut()
    time.sleep(1.1)
    for path in MOST_READ:
        check(ask(path)[0] == 200, f"{path} is answered while the database is down")
    for data in (None, b"name=x"):
        status, headers, _body = ask(FORM, data=data)
        what = "is sent" if data else "is opened"
        check(status == 503 and "Retry-After" in headers, f"a form that {what} meanwhile is told when to come again")
    door.open()
    change = change.replace("renamed", "renamed again")
    subprocess.run([sys.executable, "manage.py", "shell", "-v0", "-c", change], env=environment, check=True, cwd=ROOT)
    time.sleep(2.1)
    ask("/states/est/")  # the first one after a while may get the last answer, while nginx asks for the next
    time.sleep(1.1)
    check(b"Estonia, renamed again" in ask("/states/est/")[2], "the site is fresh again once the database is there")
    check(ask(FORM)[0] == 200, "and so are its forms")
    os.killpg(site.pid, signal.SIGKILL)
    site.wait()
    time.sleep(1.1)
    for path in MOST_READ:
        check(ask(path)[0] == 200, f"{path} is answered while the site is down")
    status, headers, _body = ask(FORM, data=b"name=x")
    check(
        status == 503 and headers.get("Retry-After") == "30", "a form that is sent meanwhile is told when to come again"
    )


def load(folder: Path) -> None:
    """Print the requests a second of the most read pages, asked for in turn."""
    script = folder / "pages.lua"
    pages = ", ".join(f'"{path}"' for path in MOST_READ)
    script.write_text(
        f"local pages = {{{pages}}}\nlocal n = 0\n"
        "request = function() n = n % #pages + 1; return wrk.format('GET', pages[n], "
        "{['Host'] = 'localhost', ['Accept-Encoding'] = 'gzip, deflate, br'}) end\n",
        encoding="utf-8",
    )
    subprocess.run(["wrk", "-t2", "-c64", "-d15s", "--latency", "-s", str(script), FRONT], check=True)


def main() -> None:
    url = next(argument for argument in sys.argv[1:] if not argument.startswith("-"))
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)  # the workers of nginx are another user, where root starts it
    parts = urlsplit(url)
    door = Door(parts.hostname or "127.0.0.1", parts.port or 5432)
    door.open()
    user = parts.netloc.rpartition("@")[0]
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {DATABASE}")
    environment = os.environ | {
        "DEBUG": "0",
        "SECRET_KEY": "for-a-try-only-" * 5,
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SITE_URL": "https://localhost",
        "DATABASE_URL": f"postgres://{user}@127.0.0.1:{door.port}/{DATABASE}",
        "TRUSTED_PROXIES": "127.0.0.1",
    }
    for command in (["collectstatic", "--noinput", "-v0"], ["set_up", "-v0"]):
        subprocess.run([sys.executable, "manage.py", *command], env=environment, check=True, cwd=ROOT)
    gunicorn = [
        str(Path(sys.executable).with_name("gunicorn")),
        "config.wsgi",
        "--bind",
        f"127.0.0.1:{PORTS['8000']}",
        "--workers",
        "2",
    ]
    gunicorn += ["--threads", "4", "--preload", "--no-control-socket", "--log-level", "warning"]
    said = (folder / "said").open("w+", encoding="utf-8")
    site = subprocess.Popen(gunicorn, env=environment, cwd=ROOT, start_new_session=True, stderr=said)
    sample = SAMPLE.read_text(encoding="utf-8")
    for port, instead in PORTS.items():
        sample = sample.replace(f"127.0.0.1:{port}", f"127.0.0.1:{instead}")
    (folder / "nginx.conf").write_text(sample, encoding="utf-8")
    nginx = subprocess.Popen(
        ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"],
        start_new_session=True,
        stderr=said,
    )
    try:
        wait_for(f"{SITE}/healthz")
        wait_for(f"{FRONT}/healthz")
        if "--load" in sys.argv:
            for path in MOST_READ:
                ask(path, **{"Accept-Encoding": "gzip, deflate, br"})
            load(folder)
        try_all(environment, site, door)
    except BaseException:
        said.seek(0)
        print(said.read()[-4000:], file=sys.stderr)
        raise
    finally:
        for process in (nginx, site):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(timeout=20)
        door.shut()
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
