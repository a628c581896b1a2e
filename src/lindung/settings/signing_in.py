"""How people sign in: a password that is not a common one, then a code; nobody signs up by himself."""

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

# Memory-hard, so that stolen hashes are costly to try; the second reads what older versions wrote.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    # Django's own list of 20,000 common passwords; ASVS 6.2.4 asks for 3,000.
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
    {"NAME": "lindung.access.passwords.NotMadeOfContextWords"},
    {"NAME": "lindung.access.guessable.NotRegular"},
]

SESSION_ENGINE = "lindung.access.sessions"
SESSION_SAVE_EVERY_REQUEST = False

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "lindung.access.signing_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
# The cookie ends with the browser; the session itself ends by SessionLifeMiddleware.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Sign-in is counted by lindung.access.guessing, in one statement; allauth's counters read and then write, and
# those by address alone would lock out an office. What is left are limits per signed-in user.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}

MFA_ADAPTER = "lindung.access.second_factor.MFAAdapter"
MFA_FORMS = {
    "authenticate": "lindung.access.codes.AuthenticateForm",
    "reauthenticate": "lindung.access.codes.ReauthenticateForm",
    "activate_totp": "lindung.access.codes.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Lindung"
# Telephones drift; a used code is refused for longer than this keeps it good.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
