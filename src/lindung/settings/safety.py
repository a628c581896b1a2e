"""What a browser may and may not do with our pages.

LINDUNG_HOSTS names the public addresses of the service, separated by commas. With them, cookies travel by https
only and a reverse proxy is expected in front that ends TLS and sets X-Forwarded-Proto. Without them only this
machine itself is served.
"""

import os

from csp.constants import NONE, SELF

from lindung.formats.unreadable import LIMITS

LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
PUBLIC_HOSTS = [host.strip() for host in os.environ.get("LINDUNG_HOSTS", "").split(",") if host.strip()]
IS_PUBLIC = bool(PUBLIC_HOSTS)

ALLOWED_HOSTS = [*PUBLIC_HOSTS, *LOOPBACK]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in PUBLIC_HOSTS]

SESSION_COOKIE_NAME = "__Host-lindung" if IS_PUBLIC else "lindung"
SESSION_COOKIE_SECURE = IS_PUBLIC
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
CSRF_COOKIE_NAME = "__Host-lindung-form" if IS_PUBLIC else "lindung-form"
CSRF_COOKIE_SECURE = IS_PUBLIC
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "lindung.access.too_late.token_refused"
LANGUAGE_COOKIE_NAME = "lindung-language"
LANGUAGE_COOKIE_SECURE = IS_PUBLIC
LANGUAGE_COOKIE_SAMESITE = "Lax"

SECURE_SSL_REDIRECT = IS_PUBLIC
SECURE_HSTS_SECONDS = 31_536_000 if IS_PUBLIC else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_PUBLIC
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_PUBLIC else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# A list of people is held in memory until it is sealed and never lies in clear in the temporary folder. A request
# above the limit arrives without its file; the page that takes lists says so.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = LIMITS.max_file_bytes

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        # data: is for the QR code of the second factor, drawn by the server into the page.
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
