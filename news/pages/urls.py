from django.urls import path

from news.pages import feeds, views

app_name = "news"
urlpatterns = [
    path("news/", views.statement_list, name="statements"),
    path("news/feed.atom", feeds.AtomNews(), name="atom"),
    path("news/feed.rss", feeds.RSSNews(), name="rss"),
    path("news/feed.json", feeds.json_feed, name="json"),
    path("alerts/", views.alerts_page, name="alerts"),
    path("alerts/sent/", views.alerts_sent, name="alerts-sent"),
    path("alerts/confirm/<str:token>/", views.alert_confirm, name="alert-confirm"),
    path("alerts/stop/<str:token>/", views.alert_stop, name="alert-stop"),
    path("calendar/", views.calendar_page, name="calendar"),
    path("check/", views.check_page, name="check"),
    path("news/preview/<str:token>/", views.preview_page, name="preview"),
    path("news/sitemap.xml", views.news_sitemap, name="sitemap"),
    path("news/<slug:slug>/card.png", views.card_image, name="card"),
    path("news/<slug:slug>/versions/<int:number>/", views.edition_page, name="edition"),
    path("search/", views.search_page, name="search"),
    path("search/suggest/", views.suggest, name="suggest"),
    path("news/<slug:slug>/", views.statement_page, name="statement"),
]
