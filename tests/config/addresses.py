"""Every public address of the site, in one place for the tests that go through all of them."""

MBC = "/treaties/mine-ban-convention"
CAMPAIGN = "/campaigns/humanitarian-disarmament"
API = "/api/v1"

PAGES = [
    "/",
    "/treaties/",
    f"{MBC}/",
    f"{MBC}/?on=2025-06-16",
    f"{MBC}/ledger/",
    "/treaties/matrix/",
    f"{MBC}/withdrawals/?on=2025-06-16&leave=EST&leave=POL",
    f"{MBC}/changes/?from=2025-06-16&to=2025-12-27",
    f"{MBC}/withdrawals/",
    f"{MBC}/withdrawals/?on=2025-09-15",
    f"{MBC}/deadlines/",
    f"{MBC}/declarations/",
    "/treaties/convention-on-certain-conventional-weapons/declarations/?kind=reservation",
    f"{MBC}/?on=2010-01-01&group=eu",
    "/treaties/arms-trade-treaty/",
    "/states/",
    "/states/est/",
    "/states/ukr/",
    "/states/chn/",
    "/campaigns/",
    f"{CAMPAIGN}/",
    f"{CAMPAIGN}/commitments/",
    f"{CAMPAIGN}/account/",
    f"{CAMPAIGN}/pledge/sent/",
    "/alerts/sent/",
    "/news/",
    "/news/?kind=speech&state=UKR",
    "/search/?q=mines",
    "/calendar/",
    "/news/sgsm22686/",
    "/news/un-chief-launches-global-campaign/",
    "/data/",
    "/about/",
    "/accessibility/",
    "/privacy/",
    "/embed/mine-ban-convention/counter/",
    "/embed/humanitarian-disarmament/counter/",
    "/embed/mine-ban-convention/map/",
    f"{API}/docs/",
]
# Pages with a form that acts: they are kept by no cache.
FORMS = [f"{CAMPAIGN}/pledge/", "/check/", "/alerts/"]
FEEDS = [
    f"{MBC}/feed.atom",
    f"{MBC}/declarations/feed.atom",
    f"{MBC}/?cite=text",
    f"{MBC}/?cite=bibtex",
    f"{MBC}/?cite=csl",
    "/embed/mine-ban-convention/counter.svg",
    "/embed/mine-ban-convention/map.svg",
    f"{MBC}/deadlines.ics",
    f"{MBC}/ledger/checkpoint.json",
    "/treaties/verify_checkpoint.py",
    "/treaties/checkpoint.txt",
    f"{CAMPAIGN}/events.ics",
    "/news/feed.atom",
    "/news/feed.rss",
    "/news/feed.json",
    "/data/datapackage.json",
    "/sitemap.xml",
    "/news/sitemap.xml",
    "/robots.txt",
    "/.well-known/security.txt",
]
LISTS = [
    f"{API}/states/",
    f"{API}/treaties/",
    f"{API}/treaty-actions/",
    f"{API}/withdrawal-steps/",
    f"{API}/obligations/",
    f"{API}/declarations/",
    f"{API}/campaigns/",
    f"{API}/campaign-actions/",
    f"{API}/commitments/",
    f"{API}/statements/",
]
COMPUTED = [
    f"{API}/treaties/mine-ban-convention/status/",
    f"{API}/treaties/mine-ban-convention/counts/",
    f"{API}/treaties/mine-ban-convention/changes/",
    f"{API}/treaties/mine-ban-convention/ledger-head/",
    f"{API}{CAMPAIGN}/backing/",
    f"{API}/changes/",
]
DETAILS = [
    f"{API}/states/EST/",
    f"{API}/treaties/mine-ban-convention/",
    f"{API}{CAMPAIGN}/",
    f"{API}/campaign-actions/tonga-accedes/",
    f"{API}/commitments/norway-stays/",
    f"{API}/statements/sgsm22686/",
]
ENDPOINTS = [*LISTS, *COMPUTED, *DETAILS]
EVERYTHING = [*PAGES, *FEEDS, *ENDPOINTS]
