"""Tries the sample configuration of nginx: the site behind it is fresh, is asked once by many, and is read while it is down.

    python .ci/front.py [--load]

Starts the site as in production on a database of its own, and nginx with `config/running/nginx/nginx.conf`. With `--load`, wrk asks
for the ten most read pages and the requests a second are printed.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
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


def try_all(folder: Path, environment: dict[str, str], site: subprocess.Popen) -> None:
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
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)  # the workers of nginx are another user, where root starts it
    environment = os.environ | {
        "DEBUG": "0",
        "SECRET_KEY": "for-a-try-only-" * 5,
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SITE_URL": "https://localhost",
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
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
    site = subprocess.Popen(gunicorn, env=environment, cwd=ROOT, start_new_session=True)
    sample = SAMPLE.read_text(encoding="utf-8")
    for port, instead in PORTS.items():
        sample = sample.replace(f"127.0.0.1:{port}", f"127.0.0.1:{instead}")
    (folder / "nginx.conf").write_text(sample, encoding="utf-8")
    nginx = subprocess.Popen(
        ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"],
        start_new_session=True,
    )
    try:
        wait_for(f"{SITE}/healthz")
        wait_for(f"{FRONT}/healthz")
        if "--load" in sys.argv:
            for path in MOST_READ:
                ask(path, **{"Accept-Encoding": "gzip, deflate, br"})
            load(folder)
        try_all(folder, environment, site)
    finally:
        for process in (nginx, site):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(timeout=20)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
