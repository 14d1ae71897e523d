"""Stands in for a connection to PostgreSQL: what is sent to it is the same on a machine that has none."""

from typing import Any


class FakePostgreSQL:
    """Keeps what it is asked in `asked`, and gives the answers that it was made with, one for each `fetchone`."""

    vendor = "postgresql"
    alias = "default"
    needs_rollback = False

    def __init__(self, answers: Any = (), version: tuple[int, ...] = (15,)) -> None:
        self.asked: list[tuple[str, list]] = []
        self.answers = list(answers)
        self.version = version

    def get_database_version(self) -> tuple[int, ...]:
        return self.version

    def cursor(self) -> "FakePostgreSQL":
        return self

    def __enter__(self) -> "FakePostgreSQL":
        return self

    def __exit__(self, *_: object) -> bool:
        return False

    def execute(self, sql: Any, given: Any = ()) -> None:
        self.asked.append((sql if isinstance(sql, str) else sql.as_string(None), list(given)))

    def fetchone(self) -> Any:
        return self.answers.pop(0)

    def fetchall(self) -> list:
        return []
