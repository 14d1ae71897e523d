"""The editors' desks of the campaign: its managers', and the pledge moderators'."""

from campaign.admin import pledges, record

__all__ = ["pledges", "record"]
