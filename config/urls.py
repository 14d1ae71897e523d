"""The map of the site."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.routers import SimpleRouter

from campaign.api import views as campaign_api
from config.accounts import urls as accounts
from config.api.overview import StateOverview
from config.api.root import Root
from config.api.translations import TranslationViewSet
from config.kit.api import change_feed, webhooks
from config.pages import embeds, guide, languages, learning, moved_admin_pages, reference, sitemaps, views
from news.api import views as news_api
from treaties.api import views as treaties_api

router = SimpleRouter()
router.register("states", treaties_api.StateViewSet, "state")
router.register("treaties", treaties_api.TreatyViewSet, "treaty")
router.register("treaty-actions", treaties_api.TreatyActionViewSet, "treaty-action")
router.register("withdrawal-steps", treaties_api.WithdrawalStepViewSet, "withdrawal-step")
router.register("obligations", treaties_api.ObligationViewSet, "obligation")
router.register("declarations", treaties_api.DeclarationViewSet, "declaration")
router.register("campaigns", campaign_api.CampaignViewSet, "campaign")
router.register("campaign-actions", campaign_api.CampaignActionViewSet, "campaign-action")
router.register("commitments", campaign_api.CommitmentViewSet, "commitment")
router.register("positions", campaign_api.PositionViewSet, "position")
router.register("endorsements", campaign_api.EndorsementViewSet, "endorsement")
router.register("statements", news_api.StatementViewSet, "statement")
router.register("changes", change_feed.ChangeFeedViewSet, "change")
router.register("translations", TranslationViewSet, "translation")
router.register("webhooks", webhooks.WebhookViewSet, "webhook")

api = [
    path("", Root.as_view(), name="root"),
    *router.urls,
    re_path(r"^states/(?P<iso3>[A-Za-z]{3})/overview/$", StateOverview.as_view(), name="state-overview"),
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("docs/", reference.api_docs, name="docs"),
]

pages = [
    path("", views.home, name="home"),
    path("", include("treaties.pages.urls")),
    path("", include("campaign.pages.urls")),
    path("", include("news.pages.urls")),
    path("card.png", views.home_card, name="card"),
    path("data/", views.data_page, name="data"),
    path("data/datapackage.json", views.data_package, name="datapackage"),
    path("about/", views.about, name="about"),
    path("what-the-ban-is/", learning.explainer, name="explainer"),
    path("what-the-ban-is/lesson/", learning.lesson, name="lesson"),
    path("questions/", learning.questions, name="questions"),
    path("glossary/", learning.glossary, name="glossary"),
    path("press/", learning.press, name="press"),
    path("languages/", languages.board, name="languages"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("embed/<slug:slug>/counter/", embeds.embedded_counter, name="embed-counter"),
    path("embed/<slug:slug>/map/", embeds.embedded_map, name="embed-map"),
    path("embed/<slug:slug>/counter.svg", embeds.counter_drawing, name="counter-drawing"),
    path("embed/<slug:slug>/chart.png", embeds.chart_png, name="chart-png"),
    path("embed/<slug:slug>/chart.svg", embeds.chart_drawing, name="chart-drawing"),
    path("embed/<slug:slug>/map.png", embeds.map_png, name="map-png"),
    path("embed/<slug:slug>/map.svg", embeds.map_drawing, name="map-drawing"),
]
"""What readers read, in each of the six languages: English stands at its plain address, the others behind their code."""

urlpatterns = [
    *i18n_patterns(*pages, prefix_default_language=False),
    path("api/", guide.guide, name="api-guide"),
    path("changelog/", guide.changelog, name="changelog"),
    path("api/v1/", include((api, "api"))),
    path("llms.txt", guide.llms_txt, name="llms"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap-section"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    *moved_admin_pages.urlpatterns,
    *accounts.urlpatterns,
    path("admin/", admin.site.urls),
]

if settings.DEBUG:
    urlpatterns += [
        path("styleguide/", views.styleguide, name="styleguide"),
        *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    ]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error
