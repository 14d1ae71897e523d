from django.urls import path

from campaign import views

app_name = "campaign"
urlpatterns = [
    path("campaigns/", views.campaign_list, name="campaigns"),
    path("campaigns/<slug:slug>/", views.campaign_page, name="campaign"),
    path("campaigns/<slug:slug>/events.ics", views.events_calendar, name="events"),
    path("campaigns/<slug:slug>/commitments/", views.commitments_page, name="commitments"),
]
