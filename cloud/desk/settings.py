"""The desk's settings. Everything that differs between installations comes from the environment."""

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
    # From the bottom: registrations of a lower app come first.
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
    # One-time codes: their keys and recovery codes. The desk has its own pages for them.
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
    # Every page needs a signed-in user with permission; exceptions are marked @login_not_required.
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
    """Return SQLite in the data folder, or PostgreSQL by ``postgresql://user:pw@host:port/name``."""
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
        "ENGINE": "cloud.base.sqlite",
        "NAME": DATA / "desk.sqlite3",
        "TEST": {"NAME": DATA / "test.sqlite3"},
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            # Deleted data is overwritten in the file too.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        },
    }


DATABASES = {"default": _database()}
AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = ["cloud.organisations.backend.DeskBackend"]
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
FORMAT_MODULE_PATH = ["cloud.desk.formats"]
LOCALE_PATHS = [PACKAGE / "locale"]
STATIC_URL = "static/"
STATICFILES_DIRS = [("fonts", Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files")]
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("KOTIRUUTU_DESK_PLAIN_HTTP") != "1"
OTP_TOTP_ISSUER = "Kotiruutu"
# The lifetime of a link to set a password.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
SESSION_COOKIE_AGE = 12 * 3600
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Not worth a warning: missing pages, and visitors who have not signed in.
    "loggers": {"django.request": {"level": "ERROR"}},
}


# A mail server as smtp://user:pw@host:587 (smtps:// for TLS from the start), or console: to print mail.
# Without one nothing is sent, and the log of every help request says so.
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
# The serial port of a modem at the desk; set only on the computer that has it.
DESK_MODEM = os.environ.get("KOTIRUUTU_DESK_MODEM", "")
# How long the audit log is kept.
AUDIT_DAYS = int(os.environ.get("KOTIRUUTU_AUDIT_DAYS", str(12 * 365)))
# For tests with a partner's server on the desk's own machine.
PARTNER_MAY_BE_LOCAL = os.environ.get("KOTIRUUTU_PARTNER_MAY_BE_LOCAL") == "1"
# The monitoring partner's own certificate authority, beside those of the system.
PARTNER_AUTHORITY = os.environ.get("KOTIRUUTU_PARTNER_AUTHORITY", "")
# A page of maps that finds the address at the end of its own; an operator opens it by a click. Empty: none.
MAP_ADDRESS = os.environ.get("KOTIRUUTU_MAP_ADDRESS", "https://www.openstreetmap.org/search?query=")
SIP_CERTIFICATE = os.environ.get("KOTIRUUTU_SIP_CERTIFICATE", "")
SIP_KEY = os.environ.get("KOTIRUUTU_SIP_KEY", "")
# Whether who connects by TLS has to show a certificate of PARTNER_AUTHORITY.
SIP_CLIENTS_NEED_CERTIFICATE = os.environ.get("KOTIRUUTU_SIP_CLIENTS_NEED_CERTIFICATE") == "1"
# The token of Prometheus for /metrics; without one there are no metrics.
METRICS_TOKEN = os.environ.get("KOTIRUUTU_METRICS_TOKEN", "")
# Home Assistant's broker: mqtt://user:password@host:1883, or mqtts:// with TLS. Empty: nothing is sent.
HOME_ASSISTANT = os.environ.get("KOTIRUUTU_HOME_ASSISTANT", "")
# The socket of the signing process, which alone can read the authority's key; else the key is in DATA.
SIGNER_SOCKET = os.environ.get("KOTIRUUTU_SIGNER_SOCKET", "")
# The directory into which ``make_authority`` writes that key.
SIGNER_DIRECTORY = os.environ.get("KOTIRUUTU_SIGNER_DIRECTORY", "")
# The key of encrypted fields: a file that no backup of the database contains.
SECRETS_KEY_FILE = os.environ.get("KOTIRUUTU_SECRETS_KEY_FILE", str(DATA / "secrets.key"))
# The key that identifies this desk to push services: with another one every phone would have to be set up
# again.
PUSH_KEY_FILE = os.environ.get("KOTIRUUTU_PUSH_KEY_FILE", str(DATA / "push.pem"))
# For tests with a push service on the desk's own machine, and its certificate authority.
PUSH_MAY_BE_LOCAL = os.environ.get("KOTIRUUTU_PUSH_MAY_BE_LOCAL") == "1"
PUSH_AUTHORITY = os.environ.get("KOTIRUUTU_PUSH_AUTHORITY", "")
# The desk's public address: the links in its e-mails start with it.
DESK_ADDRESS = os.environ.get("KOTIRUUTU_DESK_ADDRESS", f"https://{ALLOWED_HOSTS[0]}").rstrip("/")
SYSTEM_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"

# The desk's address for devices, as it is in the QR code for a new one.
DEVICE_HOST = os.environ.get("KOTIRUUTU_DEVICE_HOST", os.environ.get("KOTIRUUTU_BROKER_HOST", "localhost"))
DEVICE_PORT = int(os.environ.get("KOTIRUUTU_DEVICE_PORT", "8443"))
ALLOWED_HOSTS.append(DEVICE_HOST)

# The public key that verifies releases; without it none is accepted.
RELEASE_KEY_FILE = Path(os.environ.get("KOTIRUUTU_RELEASE_KEY_FILE", str(DATA / "release.pub")))

# How long after its expiry a certificate may still be renewed by a device that was offline.
RENEWAL_GRACE_DAYS = int(os.environ.get("KOTIRUUTU_RENEWAL_GRACE_DAYS", "180"))
# How long closed help requests and calls are kept; 0 is for ever.
HELP_DAYS = int(os.environ.get("KOTIRUUTU_HELP_DAYS", "3650"))
CALL_DAYS = int(os.environ.get("KOTIRUUTU_CALL_DAYS", "3650"))
# The broker's addresses for devices and for the desk; without a desk port, notifications stay in the process.
BROKER_HOST = os.environ.get("KOTIRUUTU_BROKER_HOST", "localhost")
# Where the desk's own processes reach it by another name: many routers do not lead back to their own address.
BROKER_DESK_HOST = os.environ.get("KOTIRUUTU_BROKER_DESK_HOST", "")
BROKER_DEVICE_PORT = int(os.environ.get("KOTIRUUTU_BROKER_DEVICE_PORT", "8883"))
BROKER_DESK_PORT = int(os.environ.get("KOTIRUUTU_BROKER_DESK_PORT", "0"))
# Further brokers, separated by commas, each with its host, the devices' port and the desk's: docs/scale.md.
OTHER_BROKERS = [
    (host, int(device_port), int(desk_port))
    for each in os.environ.get("KOTIRUUTU_OTHER_BROKERS", "").split(",")
    if each
    for host, device_port, desk_port in [each.rsplit(":", 2)]
]

# The Unix socket of the café's SFU; where nothing listens there, the café is unavailable.
CAFE_ENGINE_SOCKETS = os.environ.get("KOTIRUUTU_CAFE_SOCKETS", "/run/kotiruutu-cafe/janus").split(",")

# STUN and TURN servers of calls, and the secret shared with the TURN server.
STUN_URLS = [url for url in os.environ.get("KOTIRUUTU_STUN_URLS", "").split(",") if url]
TURN_URLS = [url for url in os.environ.get("KOTIRUUTU_TURN_URLS", "").split(",") if url]
TURN_SECRET = os.environ.get("KOTIRUUTU_TURN_SECRET", "")
