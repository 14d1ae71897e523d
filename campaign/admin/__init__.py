"""The pages of campaign managers and pledge moderators in the admin. Importing the modules registers them."""

from campaign.admin import campaigns, pledges

__all__ = ["campaigns", "pledges"]
