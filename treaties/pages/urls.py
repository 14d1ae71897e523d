from django.urls import path

from treaties.pages import figure, questions, sheets, views
from treaties.pages.feeds import DeclarationsFeed, LedgerFeed

app_name = "treaties"
urlpatterns = [
    path("treaties/", views.treaty_list, name="treaties"),
    path("treaties/matrix/", views.matrix_page, name="matrix"),
    path("treaties/verify_checkpoint.py", views.verify_script, name="verify-script"),
    path("treaties/checkpoint.json", views.record_checkpoint, name="record-checkpoint"),
    path("treaties/checkpoint-key.pem", views.checkpoint_keys, name="checkpoint-key"),
    path("treaties/checkpoint.txt", views.checkpoint_line, name="checkpoint-line"),
    path("treaties/<slug:slug>/", views.treaty_page, name="treaty"),
    path("treaties/<slug:slug>/history.json", figure.history_data, name="history"),
    path("treaties/<slug:slug>/sheet/", sheets.treaty_sheet, name="treaty-sheet"),
    path("treaties/<slug:slug>/card.png", sheets.treaty_card, name="treaty-card"),
    path("treaties/<slug:slug>/ledger/", views.ledger_page, name="ledger"),
    path("treaties/<slug:slug>/ledger/checkpoint.json", views.checkpoint, name="checkpoint"),
    path("treaties/<slug:slug>/counts/", views.counts_page, name="counts"),
    path("treaties/<slug:slug>/changes/", views.changes_page, name="changes"),
    path("treaties/<slug:slug>/withdrawals/", views.withdrawals_page, name="withdrawals"),
    path("treaties/<slug:slug>/deadlines/", views.deadlines_page, name="deadlines"),
    path("treaties/<slug:slug>/what-if/", questions.what_if_page, name="what-if"),
    path("treaties/<slug:slug>/doubts/", questions.doubts_page, name="doubts"),
    path("treaties/<slug:slug>/doubts/<slug:key>/", questions.send_source, name="send-source"),
    path("treaties/<slug:slug>/declarations/", views.declarations_page, name="declarations"),
    path("treaties/<slug:slug>/declarations/feed.atom", DeclarationsFeed(), name="declarations-feed"),
    path("treaties/<slug:slug>/deadlines.ics", views.deadlines_calendar, name="calendar"),
    path("treaties/<slug:slug>/feed.atom", LedgerFeed(), name="feed"),
    path("states/", views.state_list, name="states"),
    path("states/<slug:iso3>/sheet/", sheets.state_sheet, name="state-sheet"),
    path("states/<slug:iso3>/card.png", sheets.state_card, name="state-card"),
    path("states/<slug:iso3>/asked/", views.asked_of_state, name="asked"),
    path("states/<slug:iso3>/", views.state_page, name="state"),
]
