"""The officers' pages of the admin. Importing the modules registers them."""

from treaties.admin import comparisons, sent_sources, states_and_treaties, treaty_actions

__all__ = ["comparisons", "sent_sources", "states_and_treaties", "treaty_actions"]
