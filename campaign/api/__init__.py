"""The campaign as an API: shapes, filters, endpoints."""

from campaign.api.endpoints import CampaignActionViewSet, CampaignViewSet, CommitmentViewSet

__all__ = ["CampaignActionViewSet", "CampaignViewSet", "CommitmentViewSet"]
