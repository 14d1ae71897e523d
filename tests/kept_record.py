"""A database with the loaded record, kept between runs, of which each test process gets a copy.

Loading takes many times as long as copying. The copy is made from a database whose name carries a digest of everything that
decides what is in it (models, migrations, data files, loaders, roles); where one of these changes, it is made anew. After a test
that commits, the process gets a fresh copy again, with the same keys as before.
"""

import contextlib
import fcntl
import hashlib
import os
import sqlite3
import sys
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection, connections
from django.test.utils import setup_databases

from treaties.ledger import triggers

ROOT = Path(__file__).resolve().parents[1]
DECIDES = (
    "*/models/**/*.py",
    "*/migrations/*.py",
    "*/data/*",
    "*/management/commands/load_*.py",
    "*/apps.py",
    "*/roles.py",
    "config/kit/**/*.py",
    "treaties/law/*.py",
    "treaties/ledger/*.py",
    "news/facts/*.py",
    "news/finding/*.py",
    "config/pages/locale/**/*.po",
    "config/pages/locale/*.csv",
    "config/pages/searchable.py",
    "templates/learn/*.html",
    "templates/*.html",
    "config/settings.py",
    "tests/settings.py",
    "tests/conftest.py",
    "tests/kept_record.py",
    "requirements-dev.txt",
)
"""The files that decide what the loaded record is."""


def digest(with_migrations: bool) -> str:
    """Changes where one of the deciding files changes, or the way in which the tables are made."""
    found = hashlib.sha256(f"{sys.version_info[:2]} {with_migrations}".encode())
    for path in sorted({p for pattern in DECIDES for p in ROOT.glob(pattern) if p.is_file()}):
        found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()[:12]


class NoMigrations:
    """Makes Django create the tables from the models."""

    def __contains__(self, app: str) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


class KeptRecord(ABC):
    """The kept database, and the copy that this process works on."""

    def __init__(self, with_migrations: bool, worker: str) -> None:
        self.kept = f"minefree_tests_{digest(with_migrations)}"
        self.copy_name = f"minefree_tests_of_{worker or 'one'}_{os.getpid()}"
        self.with_migrations = with_migrations
        self.held: list[object] = []
        """Open files or connections whose locks keep databases from being dropped."""

    def prepare(self, load: Callable[[], None]) -> None:
        """Make the kept database if there is none, and connect this process to a copy of it."""
        if not self.with_migrations:
            settings.MIGRATION_MODULES = NoMigrations()
        with self.alone():
            if not self.exists():
                self.drop_old()
                self.make(load)
            self.hold(self.kept)
            self.copy()
            self.hold(self.copy_name)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time makes and drops databases."""
        folder = ROOT / "var"
        folder.mkdir(exist_ok=True)
        with (folder / "tests.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @abstractmethod
    def exists(self) -> bool: ...

    @abstractmethod
    def drop_old(self) -> None:
        """Drop what earlier versions of the code and killed processes have left; not what another process holds."""

    @abstractmethod
    def make(self, load: Callable[[], None]) -> None:
        """Make the kept database under another name, load the record, and give it its name once it is whole."""

    @abstractmethod
    def hold(self, name: str) -> None:
        """Keep other processes from dropping a database for as long as this one lives."""

    @abstractmethod
    def copy(self) -> None:
        """Connect this process to a fresh copy."""

    @abstractmethod
    def restore(self) -> None:
        """Make the copy of this process as it was, while nothing is under way in it."""

    @abstractmethod
    def discard(self) -> None:
        """Drop the copy of this process."""

    def _fill(self, name: str, load: Callable[[], None]) -> None:
        connection.settings_dict["TEST"]["NAME"] = name
        setup_databases(verbosity=0, interactive=False)
        if not self.with_migrations:
            triggers.install(connection)
        load()
        connections.close_all()

    def _connect(self, name: str) -> None:
        connections.close_all()
        settings.DATABASES["default"]["NAME"] = name
        connection.settings_dict["NAME"] = name


class KeptOnSQLite(KeptRecord):
    def path(self, name: str) -> Path:
        return ROOT / "var" / f"{name}.sqlite3"

    def exists(self) -> bool:
        return self.path(self.kept).exists()

    def drop_old(self) -> None:
        for old in (ROOT / "var").glob("minefree_tests_*.sqlite3"):
            with old.open("rb") as file, contextlib.suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._unlink(old)

    def hold(self, name: str) -> None:
        file = self.path(name).open("rb")
        fcntl.flock(file, fcntl.LOCK_SH)
        self.held.append(file)

    def _unlink(self, path: Path) -> None:
        for end in ("", "-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)

    def make(self, load: Callable[[], None]) -> None:
        part = self.path(f"{self.kept}_part")
        self._fill(str(part), load)
        with sqlite3.connect(part) as whole:
            whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        whole.close()
        part.rename(self.path(self.kept))

    def copy(self) -> None:
        copied = self.path(self.copy_name)
        copied.write_bytes(self.path(self.kept).read_bytes())
        self._connect(str(copied))

    def restore(self) -> None:
        connections.close_all()
        source, target = sqlite3.connect(self.path(self.kept)), sqlite3.connect(self.path(self.copy_name), timeout=20)
        source.backup(target)
        source.close()
        target.close()

    def discard(self) -> None:
        connections.close_all()
        self._unlink(self.path(self.copy_name))


class KeptOnPostgreSQL(KeptRecord):
    @contextmanager
    def alone(self) -> Iterator[None]:
        """Other checkouts may use the same server, so its lock is taken as well."""
        with super().alone(), self._server() as server:
            server.execute("SELECT pg_advisory_lock(%s)", [zlib.crc32(b"minefree_tests")])
            yield

    def _server(self) -> psycopg.Connection:
        given = connection.settings_dict
        where = {key: given[key.upper()] for key in ("host", "port", "user", "password")}
        return psycopg.connect(**where, dbname="postgres", autocommit=True)

    @contextmanager
    def _cursor(self) -> Iterator[object]:
        connections.close_all()
        with connection._nodb_cursor() as cursor:
            yield cursor

    def exists(self) -> bool:
        with self._cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.kept])
            return cursor.fetchone() is not None

    def drop_old(self) -> None:
        with self._cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'minefree\\_tests\\_%%'")
            for (name,) in cursor.fetchall():
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [zlib.crc32(name.encode())])
                if cursor.fetchone()[0]:
                    cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def hold(self, name: str) -> None:
        server = self._server()
        server.execute("SELECT pg_advisory_lock_shared(%s)", [zlib.crc32(name.encode())])
        self.held.append(server)

    def make(self, load: Callable[[], None]) -> None:
        self._fill(f"{self.kept}_part", load)
        with self._cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{self.kept}_part" RENAME TO "{self.kept}"')

    def copy(self) -> None:
        with self._cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{self.copy_name}" TEMPLATE "{self.kept}"')
        self._connect(self.copy_name)

    def restore(self) -> None:
        self.discard()
        self.copy()

    def discard(self) -> None:
        with self._cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.copy_name}" WITH (FORCE)')


def kept_record(with_migrations: bool, worker: str) -> KeptRecord:
    kind = KeptOnPostgreSQL if connection.vendor == "postgresql" else KeptOnSQLite
    return kind(with_migrations, worker)
