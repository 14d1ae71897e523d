"""The newsroom's admin: its records, and its desk."""

from news.admin import desk, record

__all__ = ["desk", "record"]
