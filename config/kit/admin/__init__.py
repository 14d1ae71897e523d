"""Admin pages of the tables that no app owns."""

from config.kit.admin import shared_tables, translations

__all__ = ["shared_tables", "translations"]
