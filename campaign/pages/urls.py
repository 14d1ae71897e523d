from django.urls import path

from campaign.pages import views

app_name = "campaign"
urlpatterns = [
    path("back/", views.back, name="back"),
    path("campaigns/", views.campaign_list, name="campaigns"),
    path("campaigns/<slug:slug>/", views.campaign_page, name="campaign"),
    path("campaigns/<slug:slug>/events.ics", views.events_calendar, name="events"),
    path("campaigns/<slug:slug>/card.png", views.picture, name="picture"),
    path("campaigns/<slug:slug>/account/", views.account_page, name="account"),
    path("campaigns/<slug:slug>/pledge/", views.pledge_page, name="pledge"),
    path("campaigns/<slug:slug>/pledge/sent/", views.pledge_sent, name="pledge-sent"),
    path("campaigns/<slug:slug>/pledge/thanks/", views.pledge_thanks, name="pledge-thanks"),
    path("campaigns/<slug:slug>/pledge/confirm/<str:token>/", views.confirm_page, name="pledge-confirm"),
    path("campaigns/<slug:slug>/pledge/remove/<str:token>/", views.remove_page, name="pledge-remove"),
    path("campaigns/<slug:slug>/pledge/never/<str:token>/", views.never_page, name="pledge-never"),
    path("campaigns/<slug:slug>/commitments/", views.commitments_page, name="commitments"),
    path("campaigns/<slug:slug>/commitments/<slug:commitment>/", views.commitment_page, name="commitment"),
]
