"""Django settings; everything that differs per installation comes from the environment (config/env.py)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

from config.env import env
from config.issuers import issuers
from config.stores import connection_settings

BASE_DIR = Path(__file__).resolve().parent.parent
API_VERSION = "0.1.0"

SECRET_KEY = env.text("SECRET_KEY", None, "Random text of 50 characters or more; signs sessions and forms.")
DEBUG = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["127.0.0.1", "localhost"], "Host names the service answers to.")
PUBLIC_URL = env.text(
    "PUBLIC_URL", "http://127.0.0.1:8000", "Address under which users reach the service, without a slash."
)

INSTALLED_APPS = [
    "web",
    "config.administration_app.Administration",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "config",
    "accounts",
    "factors",
    "interventions",
    "monitoring",
]
AUTH_USER_MODEL = "accounts.User"
# a second factor or the provider of a municipality comes in here (docs/adr/0016)
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL, LOGIN_REDIRECT_URL = "sign-in", "mine"
SESSION_COOKIE_AGE = env.number("SESSION_SECONDS", 8 * 3600, "How long somebody stays logged in.")
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https:")
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "config.pages.csrf_failure"

# counted in Valkey: no names and no addresses of people are kept in a store
AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = env.number("SIGN_IN_ATTEMPTS", 5, "Wrong passwords for one name from one address before a lock.")
AXES_COOLOFF_TIME = timedelta(
    seconds=env.number("SIGN_IN_LOCK_SECONDS", 900, "How long that lock holds, counted from the last attempt.")
)
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "config.api.quota.address"
AXES_LOCKOUT_TEMPLATE = "web/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

BEFORE_DJANGO = ["monitoring.api.kept_profiles.KeptProfiles"]
"""WSGI middleware round Django (config/wsgi.py): answers in which Django's own handling would be most of the cost."""
MIDDLEWARE = [
    "config.middleware.RequestId",
    "config.middleware.BehindWall",
    "config.middleware.PublicHeaders",
    "config.middleware.Cors",
    "config.middleware.Language",
    "config.middleware.FaultsAreProblems",
    "django.middleware.common.CommonMiddleware",
    "config.middleware.ExportsWrittenDown",
    "config.middleware.EntityTag",
    "config.middleware.Sessions",
    "config.middleware.Forms",
    "config.middleware.People",
    "config.middleware.Messages",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
STATIC_URL = "/assets/"
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]
ROOT_URLCONF = "config.urls"
APPEND_SLASH = False
WSGI_APPLICATION = "config.wsgi.application"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DATABASES = {
    "default": connection_settings(
        env.text(
            "DATABASE_URL",
            None,
            "Store of models, interventions and accounts, as its app role (owns nothing).",
        )
    ),
    "monitoring": connection_settings(
        env.text("MONITORING_DATABASE_URL", None, "Monitoring store, as its app role (owns nothing).")
    ),
}
OWNER_URLS = {
    "default": env.text("DATABASE_OWNER_URL", "", "The same store as its owner; only migrate_stores uses it."),
    "monitoring": env.text(
        "MONITORING_DATABASE_OWNER_URL", "", "The same store as its owner; only migrate_stores uses it."
    ),
}
DATABASE_ROUTERS = ["config.routers.StoreRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL", None, "Valkey or Redis: cache and broker.")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "factorenmodel",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]

SECURITY_CONTACT = env.text(
    "SECURITY_CONTACT", "mailto:beheer@example.org", "Whom to tell of a weakness (mailto: or https:), in security.txt."
)
AUDIT_DAYS = env.number("AUDIT_DAYS", 2557, "How long the audit is kept (7 years), by remove_expired.")
IDEMPOTENCY_DAYS = env.number("IDEMPOTENCY_DAYS", 7, "How long answers are kept for repeats; a day at the least.")
JOB_DAYS = env.number("JOB_DAYS", 365, "How long finished jobs are kept.")
RECEIPT_DAYS = env.number("RECEIPT_DAYS", 2557, "How long receipts of deliveries are kept (7 years); reports stay.")
OBSERVATION_FILE_DAYS = env.number(
    "OBSERVATION_FILE_DAYS", 2557, "How long the report on a loaded file with observations is kept; figures stay."
)
DOCUMENT_FILE_DAYS = env.number(
    "DOCUMENT_FILE_DAYS", 365, "How long files of working versions are kept; those of editions stay for good."
)
QUOTA_CLIENT = env.number("QUOTA_CLIENT", 6000, "Requests a minute that one client or person may make.")
QUOTA_ORGANISATION = env.number(
    "QUOTA_ORGANISATION", 12000, "Requests a minute of all clients of one organisation or municipality together."
)
QUOTA_SIGN_IN = env.number("QUOTA_SIGN_IN", 30, "Attempts to log in a minute from one address.")
QUOTA_ANONYMOUS = env.number("QUOTA_ANONYMOUS", 6000, "Requests a minute from one address without a key.")
BEHIND_PROXY = env.flag(
    "BEHIND_PROXY", False, "A trusted proxy writes X-Forwarded-For; without one that header means nothing."
)

OAUTH_ISSUERS = issuers(
    env.words(
        "OAUTH_ISSUERS", [],
        "Issuers whose access tokens (JWT) machine clients may use: pairs `issuer keys-url`, as in "
        "`https://login.example.org/realm https://login.example.org/realm/certs`; keys over https. Empty: keys only.",
    )
)  # fmt: skip
OAUTH_AUDIENCE = env.text("OAUTH_AUDIENCE", f"{PUBLIC_URL}/v1", "What a token must name as its audience (`aud`).")
OAUTH_TOKEN_URL = env.text(
    "OAUTH_TOKEN_URL", "https://login.example.org/token", "Where clients get a token; named in the OpenAPI document."
)
OAUTH_TOKEN_TYPES = env.words(
    "OAUTH_TOKEN_TYPES", ["at+jwt"], "Accepted `typ` of a token; add `JWT` for an issuer that writes no at+jwt."
)
OAUTH_TOKEN_SECONDS = env.number("OAUTH_TOKEN_SECONDS", 3600, "Longest life of a token, from `iat` to `exp`.")
OAUTH_LEEWAY_SECONDS = env.number("OAUTH_LEEWAY_SECONDS", 30, "How far clocks of issuer and service may differ.")
OAUTH_KEYS_SECONDS = env.number("OAUTH_KEYS_SECONDS", 600, "After so long the keys of an issuer are fetched anew.")
OAUTH_REFETCH_SECONDS = env.number(
    "OAUTH_REFETCH_SECONDS", 60, "Shortest time between two fetches of one issuer's keys, all processes together."
)
OAUTH_STALE_SECONDS = env.number(
    "OAUTH_STALE_SECONDS", 86400, "How long known keys go on while their issuer does not answer."
)

DATA_UPLOAD_MAX_MEMORY_SIZE = env.number("MAX_BODY_BYTES", 20 * 1024 * 1024, "Largest request body accepted, in bytes.")
FILE_UPLOAD_HANDLERS = [
    "config.form_files.WithinLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
BODIES_AT_ONCE = env.number(
    "BODIES_AT_ONCE", 3, "Request bodies a web process waits for at once: fewer than its --blocking-threads (4)."
)
MAX_FILE_BYTES = env.number("MAX_FILE_BYTES", 128 * 1024 * 1024, "Largest file with observations accepted, in bytes.")
PROFILE_MEMORY_BYTES = env.number(
    "PROFILE_MEMORY_BYTES", 128 * 1024 * 1024, "Memory that each web process keeps for profiles it sent before."
)
REGISTER_MILLISECONDS = env.number(
    "REGISTER_MILLISECONDS", 5000, "How long a kept profile may show names and ranks after the register changed them."
)

CORS_ALLOWED_ORIGINS = env.words("CORS_ALLOWED_ORIGINS", [], "Origins whose pages may call the API from a browser.")
CORS_URLS_REGEX = r"^/v1/.*$"
CORS_EXPOSE_HEADERS = [
    "Link",
    "Location",
    "ETag",
    "API-Version",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
]

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["config.api.access.StatedAccess"],
    "DEFAULT_RENDERER_CLASSES": ["config.api.formats.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.api.formats.JsonParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "config.api.formats.Negotiation",
    "DEFAULT_SCHEMA_CLASS": "config.api.openapi.ResourceSchema",
    "EXCEPTION_HANDLER": "config.api.problems.handle",
    "UNAUTHENTICATED_USER": "config.api.access.anonymous",
    "COERCE_DECIMAL_TO_STRING": False,
    "URL_FORMAT_OVERRIDE": "format",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Factorenmodel",
    "DESCRIPTION": "Sturen op wat werkt: factorenmodel, rangschikking, indicatoren, interventies en uitkomsten.",
    "VERSION": API_VERSION,
    "OAS_VERSION": "3.1.1",
    "CONTACT": {
        "name": "Factorenmodel",
        "url": "https://github.com/factorenmodel/factorenmodel",
        "email": env.text(
            "CONTACT_EMAIL", "beheer@example.org", "Mail address in the OpenAPI document and security.txt."
        ),
    },
    "LICENSE": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    "SERVERS": [{"url": "/v1"}],
    "SCHEMA_PATH_PREFIX": "/v1",
    "SCHEMA_PATH_PREFIX_TRIM": True,
    "SERVE_PUBLIC": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "IndicatorLinkTargetEnum": ["factor", "domain", "goal"],
        "ResultTargetEnum": "monitoring.api.results.TARGETS",
        "RoleEnum": "accounts.roles.CODES",
        "IndicatorLinkRoleEnum": ["prevalence", "measures", "context"],
        "SocietalResultKindEnum": ["content", "process", "precondition"],
        "ImprovementActionStatusEnum": ["open", "busy", "done", "dropped"],
        "CoverageVerdictEnum": "interventions.codes.VERDICTS",
        "FactorKindEnum": "factors.ranking.model.KINDS",
        "KnownOrNotEnum": "factors.closed_lists.KNOWN_OR_NOT",
        "LifeDomainEnum": "factors.closed_lists.LIFE_DOMAINS",
        "LifePhaseEnum": "factors.closed_lists.LIFE_PHASES",
        "PriorityPartEnum": "interventions.codes.PRIORITY_PARTS",
        "WorkDirectionEnum": "interventions.codes.DIRECTIONS",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.api.openapi.complete_responses",
    ],
}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 1, "max_retries": 0}
SWEEP_SECONDS = env.number("SWEEP_SECONDS", 5, "How often beat looks for work that no wake-up announced.")
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}}
    for name in (
        "factors.tasks.compute_stale_rankings",
        "factors.tasks.make_rankings",
        "factors.tasks.follow_default",
        "factors.tasks.follow_monitoring",
        "interventions.tasks.make_documents",
        "monitoring.tasks.follow_default",
        "monitoring.tasks.refresh_aggregates",
        "monitoring.tasks.load_observation_files",
        "monitoring.tasks.make_releases",
        "monitoring.tasks.work_out_corrections",
        "monitoring.tasks.fold_series",
    )
}
CELERY_BEAT_SCHEDULE["accounts.tasks.write_key_use"] = {"task": "accounts.tasks.write_key_use", "schedule": 60}

DISCLOSURE_MINIMUM = env.number(
    "DISCLOSURE_MINIMUM", 10, "Smallest count that a release may show; CBS names no single threshold, 10 is ours."
)

RELEASE_EVERY = env.text(
    "RELEASE_EVERY", "", "Release by schedule after each month, quarter or year; empty: only when a steward asks."
)
RELEASE_DELAY_DAYS = env.number(
    "RELEASE_DELAY_DAYS", 42, "Days after such a period before its release is made, for reports that come late."
)
if RELEASE_EVERY:
    CELERY_BEAT_SCHEDULE["monitoring.tasks.ask_for_due_releases"] = {
        "task": "monitoring.tasks.ask_for_due_releases", "schedule": 3600, "options": {"expires": 3600},
    }  # fmt: skip

CHECK_HOURS = env.number("CHECK_HOURS", 24, "How often the working aggregates are compared with a rebuild.")
CELERY_BEAT_SCHEDULE["monitoring.tasks.check_aggregates"] = {
    "task": "monitoring.tasks.check_aggregates", "schedule": CHECK_HOURS * 3600,
}  # fmt: skip

REFERENCE_COMMANDS = [
    "load_code_lists",
    "load_factor_models",
    "load_interventions",
    "load_areas",
    "load_figures",
]
DEMO_COMMANDS = [
    "load_demo_accounts",
    "load_demo_interventions",
    "load_demo_figures",
    "load_demo_rankings",
    "load_demo_outcomes",
    "load_demo_results",
    "compute_rankings",
    "load_demo_cycle",
]
DEMO_KEYS_FILE = env.text("DEMO_KEYS_FILE", "", "Where the demo writes the keys it made; empty: no demo keys.")
CODE_COMMIT = env.text("CODE_COMMIT", "", "Commit that runs; stands beside each ranking snapshot.")
RUN_DIR = env.text("RUN_DIR", "", "Folder for files of this run; empty: none are written.")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        }
    },
    "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
    # config.middleware.RequestId logs each request itself
    # axes would log names; the audit says who by id
    "loggers": {"django.request": {"level": "ERROR"}, "axes": {"level": "CRITICAL"}},
    "root": {
        "handlers": ["stdout"],
        "level": env.text("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR."),
    },
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
