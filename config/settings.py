"""One settings file. Values come from the environment (table in config/OPERATING.md); the defaults are safe for development.

With DEBUG off the site refuses to start on an unsafe value and says which: see `production_or_refuse`.
"""

import base64
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import environ
from corsheaders.defaults import default_headers
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

# --- What the environment decides ------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
INSECURE_DEVELOPMENT_KEY = "development-only-key-that-production-refuses"
SECRET_KEY = env.str("SECRET_KEY", default=INSECURE_DEVELOPMENT_KEY if DEBUG else "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="webmaster@localhost")
TRUST_PROXY = env.bool("TRUST_PROXY", default=True)
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

# --- The site --------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config",
    "config.kit",
    "treaties",
    "campaign",
    "news",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "corsheaders",
    "csp",
    "simple_history",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_otp_webauthn",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "config.middleware.probes",
    "config.middleware.request_ids",
    "config.middleware.languages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "config.middleware.public_headers",
    "csp.middleware.CSPMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "config.middleware.heads",
    "config.middleware.reading_limits",
    "config.middleware.kept_answers",
    "config.middleware.api_headers",
    "config.middleware.releases",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "config.accounts.second_factor.middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "config.running.staff_log.events",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.running.signing_in.limits",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.pages.context.site",
            ],
            "builtins": ["treaties.templatetags.record", "news.templatetags.news"],
        },
    }
]

# --- Data ------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'minefree.sqlite3'}")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
# A connection outlives its request: to open one costs several times what a kept answer costs, on SQLite too.
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=0 if DEBUG else 60)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL, because NORMAL can lose acknowledged commits at a power cut; recursive triggers, because without them REPLACE
        # deletes rows without asking the triggers that guard the ledger.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON",
    }
else:
    DATABASES["default"]["ENGINE"] = "config.running.postgresql"
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # The web server sets a limit (config/wsgi.py); commands that load and verify may take their time.
    ANSWER_WITHIN = env.float("DATABASE_ANSWER_WITHIN", default=0.0) or None
    limit = f"-c statement_timeout={int(ANSWER_WITHIN * 1000)}" if ANSWER_WITHIN else ""
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 2,
        "answer_within": ANSWER_WITHIN,
        "clock_tolerance": env.float("CLOCK_TOLERANCE", default=2.0),
        **({"options": limit} if limit else {}),
    }
if env("REPLICA_URL", default=""):
    DATABASES["replica"] = env.db("REPLICA_URL") | {
        name: value for name, value in DATABASES["default"].items() if name in ("ENGINE", "OPTIONS", "ATOMIC_REQUESTS")
    }
    DATABASES["replica"] |= {"CONN_MAX_AGE": DATABASES["default"]["CONN_MAX_AGE"], "TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["config.running.replica.PublicReads"]
MIGRATION_LOCK_TIMEOUT = env.float("MIGRATION_LOCK_TIMEOUT", default=5.0)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://minefree")}
if CACHES["default"]["BACKEND"] == "django.core.cache.backends.redis.RedisCache":
    CACHES["default"]["BACKEND"] = "config.running.shared_cache.SharedCache"
    # Nobody waits for a cache that does not answer.
    CACHES["default"]["OPTIONS"] = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5} | CACHES["default"].get(
        "OPTIONS", {}
    )
# Answers that are kept lie apart from what limits are counted in: however many there are, they push nothing of it out.
CACHES["answers"] = CACHES["default"] | (
    {"LOCATION": "answers", "OPTIONS": {"MAX_ENTRIES": 600, "CULL_FREQUENCY": 20}}
    if CACHES["default"]["BACKEND"].endswith("LocMemCache")
    else {"KEY_PREFIX": "answers"}
)
KEEP_ANSWERS = env.bool("KEEP_ANSWERS", default=not DEBUG)
PLEDGES_SHOWN_WITHIN = 1.0
"""Seconds within which a confirmed pledge is in the numbers of pages, in a storm of pledges; else they show it at once."""

# --- Languages and time ----------------------------------------------------------------------------------------

# Not "en-gb": each word would be looked up in the catalogues of British English of every app, one after the other, in vain.
LANGUAGE_CODE = "en"
# The six of the United Nations, each by its own name, in the order of the English ones.
LANGUAGES = [
    ("ar", "العربية"),
    ("zh-hans", "中文"),
    ("en", "English"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("es", "Español"),
]
FORMAT_MODULE_PATH = "config.kit.formats"
LOCALE_PATHS = [BASE_DIR / "config" / "pages" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Mail and pledges ------------------------------------------------------------------------------------------

MAIL_FOLDER = VAR_DIR / "mails"
vars().update(env.email("EMAIL_URL", default=f"filemail:///{MAIL_FOLDER}"))
EMAIL_TIMEOUT = 30  # seconds; well below the lease of a claimed mail
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default=f"Minefree <{CONTACT_EMAIL}>")
# Commands that `run_periodic` runs, with the seconds from one beginning to the next.
PERIODIC_TASKS = {"tidy": 60, "send_alerts": 60, "send_webhooks": 5}
PERIODIC_TASKS_LATE_AFTER = env.int("PERIODIC_TASKS_LATE_AFTER", default=15 * 60)
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Keys the hashes by which a mailbox is known again. Keep it when SECRET_KEY changes, or the list of suppressed mailboxes is lost.
ADDRESS_KEY = env.str("ADDRESS_KEY", default=SECRET_KEY)

# Signs the checkpoint lines of the record (Ed25519): 32 bytes in base64. Public keys of earlier days stay published.
CHECKPOINT_KEY = env.str(
    "CHECKPOINT_KEY", default=base64.b64encode(sha256(f"checkpoints {SECRET_KEY}".encode()).digest()).decode()
)
CHECKPOINT_KEYS_BEFORE = env.list("CHECKPOINT_KEYS_BEFORE", default=[])
# Whether webhooks may lead to http:// and to private networks: for trying them on one's own machine, never on a public site.
WEBHOOKS_MAY_BE_PRIVATE = env.bool("WEBHOOKS_MAY_BE_PRIVATE", default=False)
# How many days a comparison with the Depositary's table stays fresh; then the home page and the desk say so.
COMPARISON_DAYS = env.int("COMPARISON_DAYS", default=90)
PLEDGE_CONFIRM_DAYS = env.int("PLEDGE_CONFIRM_DAYS", default=7)
PLEDGE_REMOVE_DAYS = env.int("PLEDGE_REMOVE_DAYS", default=365)
# Pledges within ten minutes.
PLEDGE_LIMITS = {
    "visitor": env.int("PLEDGES_PER_VISITOR", default=50),
    "network": env.int("PLEDGES_PER_NETWORK", default=300),
    "domain": env.int("PLEDGES_PER_DOMAIN", default=200),
    "mailbox": env.int("PLEDGES_PER_MAILBOX", default=10),
}
# What one address on the open internet may read of the API in a minute; 0 sets no limit.
API_READS_PER_MINUTE = env.int("API_READS_PER_MINUTE", default=600)

# --- Files -----------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False


def static_headers(headers: dict[str, str], path: str, url: str) -> None:
    """No other site embeds our files. The pages that others frame are ours, so that their styles and fonts are not concerned."""
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


WHITENOISE_ADD_HEADERS_FUNCTION = static_headers

# --- People ----------------------------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_CLIENT_IP_CALLABLE = "config.running.signing_in.client_address"
AXES_LOCKOUT_CALLABLE = "config.running.signing_in.locked_out"
# Every editor gives a second factor after the password (see config.accounts.second_factor).
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=not DEBUG)
OTP_TOTP_ISSUER = OTP_WEBAUTHN_RP_NAME = "Minefree"
OTP_WEBAUTHN_RP_ID_CALLABLE = "config.accounts.passkeys.domain_of"
OTP_WEBAUTHN_HELPER_CLASS = "config.accounts.passkeys.Helper"
OTP_WEBAUTHN_ALLOWED_ORIGINS = [SITE_URL]  # our helper asks the request; the library's check wants one here
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = False
SESSION_COOKIE_AGE = 2 * 60 * 60  # idle; see config.running.signing_in for the longest
# Reverting to an earlier version in the history would bypass the service functions that guard the record.
SIMPLE_HISTORY_REVERT_DISABLED = True

# --- Security --------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_CREDENTIALS = False
# What is public and read by programs. A page of another site may read it, and send nothing: pledges are given on this site's
# own page, to which others link, so that no page can give them in the name of its visitors.
CORS_URLS_REGEX = r"^/(api/|data/|embed/|(?!admin/).+\.(atom|ics|json|pem|txt)$)"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = [*default_headers, "if-none-match", "if-modified-since", "idempotency-key", "x-request-id"]
CORS_EXPOSE_HEADERS = [
    "Content-Disposition",
    "ETag",
    "Last-Modified",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-Id",
]

if not DEBUG:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

# --- API -------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "config.kit.api.tables.CSVRenderer",
        "config.kit.api.tables.XLSXRenderer",
        "config.kit.api.tables.JSONLinesRenderer",
    ],
    "DEFAULT_PARSER_CLASSES": ["config.kit.api.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["config.kit.api.authentication.Bearer"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "config.kit.api.filter_backends.Negotiation",
    "DEFAULT_PAGINATION_CLASS": "config.kit.api.pagination.Pages",
    "DEFAULT_FILTER_BACKENDS": [
        "config.kit.api.filter_backends.StrictFilters",
        "config.kit.api.filter_backends.StrictOrdering",
        "config.kit.api.filter_backends.StrictSearch",
    ],
    "DEFAULT_SCHEMA_CLASS": "config.api.schema.DocumentedSchema",
    "EXCEPTION_HANDLER": "config.kit.api.problems.problem",
    "UNAUTHENTICATED_USER": None,
    "PAGE_SIZE": 50,
    "URL_FORMAT_OVERRIDE": "format",
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.1",
    "TITLE": "Minefree API",
    "DESCRIPTION": (
        "The public record of the Anti-Personnel Mine Ban Convention and its sister treaties: the ledger of treaty "
        "actions, the status of 197 States on any date, withdrawals, obligations, the campaign and its statements. "
        "Open data, no key needed."
    ),
    "VERSION": "1.0.0",
    "LICENSE": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.api.schema.with_the_site",
    ],
    "ENUM_NAME_OVERRIDES": {
        "LegalStatus": "treaties.models.StatusChoices",
        "TreatyActionKind": "treaties.models.ActionChoices",
        "DutyStatus": "treaties.models.ObligationStatusChoices",
        "CommitmentStatus": "campaign.models.Commitment.Status",
        "CampaignActionStatus": "campaign.models.CampaignAction.Status",
        "PositionKind": "campaign.models.Position.Kind",
        "PublicKind": "config.kit.models.telling.kind_choices",
        "PublicChange": "config.kit.models.PublicChange.Change",
        "Precision": "treaties.models.PrecisionChoices",
        "StatementKind": "news.models.Statement.Kind",
        "CampaignActionKind": "campaign.models.CampaignAction.Kind",
    },
}

# --- Logging ---------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "config.running.logs.JSONFormatter"},
        "plain": {"format": "%(levelname)s %(name)s: %(message)s"},
    },
    "filters": {"secrets": {"()": "config.running.logs.WithoutSecrets"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain" if DEBUG else "json",
            "filters": ["secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    # Its lines name people and addresses; ours say what is needed.
    "loggers": {"axes": {"level": "ERROR"}},
}


def is_key(text: str) -> bool:
    """Whether a text is 32 bytes in base64."""
    try:
        return len(base64.b64decode(text, validate=True)) == 32
    except ValueError:
        return False


def production_or_refuse() -> None:
    """Refuse to start in production on an unsafe value, and say which."""
    wrong = []
    if len(SECRET_KEY) < 50 or SECRET_KEY == INSECURE_DEVELOPMENT_KEY or SECRET_KEY.startswith("django-insecure"):
        wrong.append("SECRET_KEY must be set to a random value of at least 50 characters.")
    if not all(is_key(text) for text in [CHECKPOINT_KEY, *CHECKPOINT_KEYS_BEFORE]):
        wrong.append("CHECKPOINT_KEY and CHECKPOINT_KEYS_BEFORE must be 32 bytes in base64: `openssl rand -base64 32`.")
    if not ALLOWED_HOSTS:
        wrong.append("ALLOWED_HOSTS must name the site's hosts, separated by commas.")
    if "*" in ALLOWED_HOSTS:
        wrong.append("ALLOWED_HOSTS must not be '*'.")
    if wrong:
        raise ImproperlyConfigured("The site does not start with DEBUG off: " + " ".join(wrong))


if not DEBUG:
    production_or_refuse()
