"""The desk's settings. Everything that differs between places comes from the environment."""

import os
from pathlib import Path

import fontpkg_atkinson_hyperlegible
from django.core.exceptions import ImproperlyConfigured

from cloud.base import languages

PACKAGE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("KOTIRUUTU_DESK_DATA", "build/desk")).resolve()
SECRET_KEY = os.environ.get("KOTIRUUTU_DESK_SECRET", "")
if not SECRET_KEY:
    raise ImproperlyConfigured("KOTIRUUTU_DESK_SECRET is not set: any long random text that nobody knows")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("KOTIRUUTU_DESK_HOSTS", "localhost,127.0.0.1").split(",")

INSTALLED_APPS = [
    # From the bottom: what is registered by a lower app comes first.
    "cloud.base.apps.BaseConfig",
    "cloud.pki",
    "cloud.organisations.apps.OrganisationsConfig",
    "cloud.proposals.apps.ProposalsConfig",
    "cloud.people.apps.PeopleConfig",
    "cloud.delivery.apps.DeliveryConfig",
    "cloud.notices.apps.NoticesConfig",
    "cloud.devices.apps.DevicesConfig",
    "cloud.screens.apps.ScreensConfig",
    "cloud.releases.apps.ReleasesConfig",
    "cloud.calendar.apps.CalendarConfig",
    "cloud.help.apps.HelpConfig",
    "cloud.partner.apps.PartnerConfig",
    "cloud.calls.apps.CallsConfig",
    "cloud.push.apps.PushConfig",
    "cloud.family.apps.FamilyConfig",
    "cloud.queue.apps.QueueConfig",
    "cloud.cafe.apps.CafeConfig",
    "cloud.messages.apps.MessagesConfig",
    "cloud.album.apps.AlbumConfig",
    "cloud.audit.apps.AuditConfig",
    "cloud.link",
    "cloud.desk.apps.DeskConfig",
    "django_htmx",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # One-time codes: their keys and spare codes. The desk's own pages ask for them.
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "cloud.desk.middleware.small_files_whole",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cloud.desk.middleware.sliding_session",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cloud.desk.middleware.own_language",
    "cloud.audit.actor.record_who",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cloud.desk.middleware.careful_headers",
    "cloud.desk.middleware.refuse_parts_without_session",
    # Every page needs a signed-in user who may; what does not says so with @login_not_required.
    "cloud.organisations.access.RoleRequiredMiddleware",
]
ROOT_URLCONF = "cloud.desk.urls"
ASGI_APPLICATION = "cloud.desk.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cloud.desk.shell.shell",
            ]
        },
    }
]
FORM_RENDERER = "cloud.desk.rendering.DeskRenderer"


def _database() -> dict[str, object]:
    """SQLite beside the other data, or PostgreSQL by one setting: ``postgresql://user:pw@host:port/name``."""
    from urllib.parse import unquote, urlsplit

    url = urlsplit(os.environ.get("KOTIRUUTU_DESK_DATABASE", ""))
    if url.scheme == "postgresql":
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path.lstrip("/"),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": url.port or "",
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "desk.sqlite3",
        "TEST": {"NAME": DATA / "test.sqlite3"},
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            # What is deleted is overwritten in the file too.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        },
    }


DATABASES = {"default": _database()}
AUTH_USER_MODEL = "organisations.User"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "cloud.organisations.passwords.GuessableValidator"},
]
USE_TZ = True
TIME_ZONE = "Europe/Helsinki"
LANGUAGE_CODE = "fi"
LANGUAGES = languages.LANGUAGES
LOCALE_PATHS = [PACKAGE / "locale"]
STATIC_URL = "static/"
STATICFILES_DIRS = [("fonts", Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files")]
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("KOTIRUUTU_DESK_PLAIN_HTTP") != "1"
OTP_TOTP_ISSUER = "Kotiruutu"
# A link to choose a password works for so long.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
SESSION_COOKIE_AGE = 12 * 3600
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Pages that are not there, and visitors who have not signed in, are no news.
    "loggers": {"django.request": {"level": "ERROR"}},
}


# A mail server as smtp://user:pw@host:587 (smtps:// for TLS from the start), or console: to print mail.
# Without one nothing is sent, and the log of every request for help says so.
def _mail() -> tuple[str, dict[str, object]]:
    from urllib.parse import unquote, urlsplit

    url = urlsplit(os.environ.get("KOTIRUUTU_DESK_MAIL", ""))
    if url.scheme not in ("smtp", "smtps"):
        printed = "django.core.mail.backends.console.EmailBackend"
        return printed if url.scheme == "console" else "cloud.desk.mail.EmailBackend", {}
    server: dict[str, object] = {
        "HOST": url.hostname or "localhost",
        "PORT": url.port or (465 if url.scheme == "smtps" else 587),
        "HOST_USER": unquote(url.username or ""),
        "HOST_PASSWORD": unquote(url.password or ""),
        "USE_SSL": url.scheme == "smtps",
        "USE_TLS": url.scheme == "smtp" and url.hostname not in ("localhost", "127.0.0.1"),
    }
    return "django.core.mail.backends.smtp.EmailBackend", server


EMAIL_BACKEND, _server = _mail()
EMAIL_HOST, EMAIL_PORT = _server.get("HOST", ""), _server.get("PORT", 0)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _server.get("HOST_USER", ""), _server.get("HOST_PASSWORD", "")
EMAIL_USE_SSL, EMAIL_USE_TLS = _server.get("USE_SSL", False), _server.get("USE_TLS", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("KOTIRUUTU_DESK_MAIL_FROM", "kotiruutu@localhost")
# The serial port of a modem at the desk; only the computer that has it names it.
DESK_MODEM = os.environ.get("KOTIRUUTU_DESK_MODEM", "")
# So long the record of changes is kept.
AUDIT_DAYS = int(os.environ.get("KOTIRUUTU_AUDIT_DAYS", str(12 * 365)))
# For trials with a partner's server on the desk's own machine.
PARTNER_MAY_BE_LOCAL = os.environ.get("KOTIRUUTU_PARTNER_MAY_BE_LOCAL") == "1"
# A certificate authority of the monitoring partner's own, beside those of the system.
PARTNER_AUTHORITY = os.environ.get("KOTIRUUTU_PARTNER_AUTHORITY", "")
# Prometheus shows this token at /metrics; without one there are no metrics.
METRICS_TOKEN = os.environ.get("KOTIRUUTU_METRICS_TOKEN", "")
# Home Assistant's broker: mqtt://user:password@host:1883, or mqtts:// with TLS. Empty: it is told nothing.
HOME_ASSISTANT = os.environ.get("KOTIRUUTU_HOME_ASSISTANT", "")
# The key of what is sealed in the database: a file that no backup of the database contains.
SECRETS_KEY_FILE = os.environ.get("KOTIRUUTU_SECRETS_KEY_FILE", str(DATA / "secrets.key"))
# The key by which push services know this desk: with another one every phone would have to be set up again.
PUSH_KEY_FILE = os.environ.get("KOTIRUUTU_PUSH_KEY_FILE", str(DATA / "push.pem"))
# For trials with a push service on the desk's own machine, and its certificate authority.
PUSH_MAY_BE_LOCAL = os.environ.get("KOTIRUUTU_PUSH_MAY_BE_LOCAL") == "1"
PUSH_AUTHORITY = os.environ.get("KOTIRUUTU_PUSH_AUTHORITY", "")
# Where people outside reach the desk: the links in its e-mails begin with it.
DESK_ADDRESS = os.environ.get("KOTIRUUTU_DESK_ADDRESS", f"https://{ALLOWED_HOSTS[0]}").rstrip("/")
SYSTEM_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"

# Where devices reach the desk, as it stands in the QR code for a new one.
DEVICE_HOST = os.environ.get("KOTIRUUTU_DEVICE_HOST", os.environ.get("KOTIRUUTU_BROKER_HOST", "localhost"))
DEVICE_PORT = int(os.environ.get("KOTIRUUTU_DEVICE_PORT", "8443"))

# The public half of the key that signs releases; without it none is taken in.
RELEASE_KEY_FILE = Path(os.environ.get("KOTIRUUTU_RELEASE_KEY_FILE", str(DATA / "release.pub")))

# So long after its end a device that was away may still have its certificate renewed.
RENEWAL_GRACE_DAYS = int(os.environ.get("KOTIRUUTU_RENEWAL_GRACE_DAYS", "180"))
# Calls for help that are closed, and calls, are kept for so long; 0 is for ever.
HELP_DAYS = int(os.environ.get("KOTIRUUTU_HELP_DAYS", "3650"))
CALL_DAYS = int(os.environ.get("KOTIRUUTU_CALL_DAYS", "3650"))
# Where devices and the desk's own parts meet the broker; without a desk port, hints stay in the process.
BROKER_HOST = os.environ.get("KOTIRUUTU_BROKER_HOST", "localhost")
BROKER_DEVICE_PORT = int(os.environ.get("KOTIRUUTU_BROKER_DEVICE_PORT", "8883"))
BROKER_DESK_PORT = int(os.environ.get("KOTIRUUTU_BROKER_DESK_PORT", "0"))
# More of them, by commas, each with its host, the devices' port and the desk's: docs/scale.md.
OTHER_BROKERS = [
    (host, int(device_port), int(desk_port))
    for each in os.environ.get("KOTIRUUTU_OTHER_BROKERS", "").split(",")
    if each
    for host, device_port, desk_port in [each.rsplit(":", 2)]
]

# The Unix socket of the café's engine; where nothing listens there, the café cannot be reached.
CAFE_ENGINE_SOCKET = os.environ.get("KOTIRUUTU_CAFE_SOCKET", "/run/kotiruutu-cafe/janus")

# Calls: where the two ends may find each other and be carried, and the secret shared with the TURN server.
STUN_URLS = [url for url in os.environ.get("KOTIRUUTU_STUN_URLS", "").split(",") if url]
TURN_URLS = [url for url in os.environ.get("KOTIRUUTU_TURN_URLS", "").split(",") if url]
TURN_SECRET = os.environ.get("KOTIRUUTU_TURN_SECRET", "")
