"""Tries the container without a container engine: its own commands, in a bare directory, as nobody in particular.

    python .ci/bare.py postgres://user@host:port/postgres

Makes what the Dockerfile makes (its first stage) from a clean checkout, brings up a database of its own as compose.yaml's `setup`
does, starts `site`, `worker` and `periodic` with their commands, as a user who may write nowhere in it, and asks each for its
health. Needs root, and a system's Python 3.11, for another user's name; without them all runs as whoever calls it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psycopg
import yaml

ROOT = Path(__file__).resolve().parents[1]
UID = "10001"
OF_THE_SYSTEM = "/usr/local/bin:/usr/bin:/bin"
"""Where another user finds a Python, too: a version manager's lies in the home folder of one user."""
DATABASE, ROLE, PASSWORD = "minefree_bare", "minefree_site", "for-a-try-only"
SERVICES = ("site", "worker", "periodic")


def has_python() -> bool:
    """Whether the system itself has a Python that can make environments and that the project runs on."""
    asked = "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"
    words = ["env", f"PATH={OF_THE_SYSTEM}", "python3", "-c", asked]
    return subprocess.run(words, stderr=subprocess.DEVNULL).returncode == 0


OTHER_USER = os.geteuid() == 0 and has_python()


def instructions() -> list[tuple[str, str]]:
    """The lines of the Dockerfile as (instruction, rest); a stage begins with FROM."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    return re.findall(r"^([A-Z]+) (.+)$", text.replace("\\\n", " "), flags=re.MULTILINE)


def build(bare: Path) -> None:
    """What the first stage does, from what git has, and nothing else."""
    source = bare.parent / "source"
    source.mkdir()
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "x"], cwd=source, input=archive, check=True)
    second = [n for n, (word, _rest) in enumerate(instructions()) if word == "FROM"][1]
    for word, rest in instructions()[:second]:
        if word == "COPY":
            *names, target = rest.split()
            for name in names:
                place = bare / target
                if (source / name).is_dir():
                    shutil.copytree(source / name, place)
                else:
                    shutil.copy(source / name, place / name if target.endswith("/") else place)
        elif word == "RUN":
            path = f"{OF_THE_SYSTEM}:{os.environ['PATH']}" if OTHER_USER else os.environ["PATH"]
            subprocess.run(["sh", "-c", rest], cwd=bare, check=True, env=os.environ | {"PATH": path})


def run(bare: Path, words: list[str], given: dict[str, str], **how):
    """A process with the image's path, as the image's user where we may change to it."""
    user = ["setpriv", "--reuid", UID, "--regid", UID, "--clear-groups"] if OTHER_USER else []
    path = f"{bare}/.venv/bin:{os.environ['PATH']}"
    env = {"PATH": path, "PYTHONDONTWRITEBYTECODE": "1", "HOME": "/nonexistent"} | given
    return subprocess.Popen([*user, *words], cwd=bare, env=env, **how)


def healthy(bare: Path, service: dict, env: dict[str, str]) -> bool:
    kind, *words = service["healthcheck"]["test"]
    assert kind == "CMD", words
    return run(bare, words, env, stderr=subprocess.DEVNULL).wait(timeout=60) == 0


def main(url: str) -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    command = json.loads(dict(instructions())["CMD"])
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    bare, media = folder / "app", folder / "media"
    bare.mkdir()
    media.mkdir(mode=0o777)
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {DATABASE}")
    owner = re.sub(r"/[^/]*$", f"/{DATABASE}", url)
    site = re.sub(r"//[^@]*@", f"//{ROLE}:{PASSWORD}@", owner)
    common = {
        "SECRET_KEY": "x1" * 30,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "EMAIL_URL": f"filemail://{media}/mails",
        "MEDIA_ROOT": str(media),
    }
    running = []
    try:
        begun = time.monotonic()
        build(bare)
        print(f"runs as user {UID if OTHER_USER else os.geteuid()}")
        print(f"built in {time.monotonic() - begun:.0f} s")
        begun = time.monotonic()
        setup = common | {"DATABASE_URL": owner, "SITE_PASSWORD": PASSWORD}
        assert run(bare, compose["services"]["setup"]["command"], setup, stdout=subprocess.DEVNULL).wait() == 0
        print(f"database brought up in {time.monotonic() - begun:.0f} s")
        env = common | {"DATABASE_URL": site}
        begun = time.monotonic()
        for name in SERVICES:
            words = compose["services"][name].get("command") or [w.replace("0.0.0.0", "127.0.0.1") for w in command]
            running.append(run(bare, words, env, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL))
        waiting = list(SERVICES)
        while waiting:
            assert time.monotonic() - begun < 120, f"not healthy: {waiting}"
            assert all(process.poll() is None for process in running), "a process ended"
            waiting = [name for name in waiting if not healthy(bare, compose["services"][name], env)]
        request = urllib.request.Request("http://127.0.0.1:8000/", headers={"X-Forwarded-Proto": "https"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert b"States" in answer.read()
        print(f"site, worker and scheduler healthy in {time.monotonic() - begun:.0f} s")
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=60)
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            server.execute(f"DROP ROLE IF EXISTS {ROLE}")
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(sys.argv[1])
