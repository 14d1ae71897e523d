from django.urls import path

from news import feeds, views

app_name = "news"
urlpatterns = [
    path("news/", views.statement_list, name="statements"),
    path("news/feed.atom", feeds.AtomNews(), name="atom"),
    path("news/feed.rss", feeds.RSSNews(), name="rss"),
    path("news/feed.json", feeds.json_feed, name="json"),
    path("search/", views.search_page, name="search"),
    path("news/<slug:slug>/", views.statement_page, name="statement"),
]
