"""What access stores about other systems: their keys, the tokens they hold, and the cities a partner serves."""

import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from lindung.law.text import Text

TOKEN_LIFE = datetime.timedelta(minutes=15)
"""How long a token of the API is good for; the database refuses a longer one."""


class ServedCity(models.Model):
    """A partner's system (organisation of kind integrator) works for a city, while `ended_at` is empty."""

    integrator = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="served")
    city = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="served_city_once", fields=["integrator", "city"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="served_city_end_whole",
                condition=Q(ended_by__isnull=True, ended_at__isnull=True)
                | Q(ended_by__isnull=False, ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.integrator_id} serves {self.city_id}"


class ApiClient(models.Model):
    """The key of a machine: it acts as one user, and may do what is listed and that user's role allows.

    Only the hash of the secret is kept. A key is withdrawn for good: who needs one again gets a new one.
    `change` is what two administrators agreed on; it holds in the house of that change alone. `last_used_at` is when
    it last fetched a token.
    """

    client_id = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    user = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="api_clients")
    permissions = ArrayField(models.CharField(max_length=40))
    secret_hash = models.BinaryField(max_length=32)
    created_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    revoked_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    change = models.OneToOneField(
        "access.AccountChange", null=True, on_delete=models.PROTECT, related_name="api_client"
    )
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="api_client_made_by_another", condition=~Q(created_by=F("user"))),
            models.CheckConstraint(name="api_client_may_do_something", condition=Q(permissions__len__gt=0)),
            models.CheckConstraint(
                name="api_client_revocation_whole",
                condition=Q(revoked_by__isnull=True, revoked_at__isnull=True)
                | Q(revoked_by__isnull=False, revoked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.client_id


class ApiToken(models.Model):
    """What a machine shows at each call, for a quarter of an hour; only its hash is kept."""

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="tokens")
    token_hash = models.BinaryField(max_length=32, unique=True)
    permissions = ArrayField(models.CharField(max_length=40))
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # The sweep of tokens that are over.
            models.Index(fields=["expires_at"], name="api_token_by_expiry"),
        ]
        constraints = [
            models.CheckConstraint(
                name="api_token_lives_a_quarter_hour",
                condition=Q(expires_at__gt=F("issued_at")) & Q(expires_at__lte=F("issued_at") + TOKEN_LIFE),
            ),
        ]

    def __str__(self) -> str:
        return f"token of client {self.client_id}"


CLIENT_MESSAGES = {
    "served_city_once": Text("Mitra ini sudah melayani kota itu.", "This partner serves that city already."),
    "served_city_end_whole": Text(
        "Siapa yang mengakhiri dan kapan ditulis bersama.", "Who ended it and when belong together."
    ),
    "served_city_of_an_integrator": Text(
        "Hanya sistem mitra yang melayani kota. Pilih organisasi mitra dan satu kota.",
        "Only a partner's system serves a city. Choose an integrator and a city.",
    ),
    "served_city_in_own_name": Text(
        "Yang memberi atau mengakhiri harus Anda sendiri.", "Give or end it in your own name."
    ),
    "access_apiclient_client_id_key": Text(
        "Pengenal klien ini sudah ada. Buat klien sekali lagi.",
        "This client id exists already. Create the client once more.",
    ),
    "api_client_made_by_another": Text(
        "Kunci API untuk akun sendiri tidak boleh dibuat sendiri. Minta administrator lain.",
        "Nobody makes an API key for his own account. Ask another administrator.",
    ),
    "api_client_may_do_something": Text(
        "Pilih sedikitnya satu izin untuk kunci ini.", "Choose at least one permission for this key."
    ),
    "api_client_revocation_whole": Text(
        "Siapa yang mencabut dan kapan ditulis bersama.", "Who revoked it and when belong together."
    ),
    "api_client_in_own_name": Text(
        "Yang membuat atau mencabut kunci harus Anda sendiri.", "Make or revoke a key in your own name."
    ),
    "api_client_revoked_for_good": Text(
        "Kunci yang dicabut tidak hidup lagi. Buat kunci baru.",
        "A revoked key does not come back. Make a new one.",
    ),
    "access_apiclient_change_id_key": Text(
        "Kunci dari usulan ini sudah dibuat, dan rahasianya hanya tampil sekali. Bila hilang, cabut kuncinya dan usulkan yang baru.",
        "The key of this request was made, and its secret is shown once only. When it is lost, revoke the key and ask for a new one.",
    ),
    "api_client_of_an_approved_change": Text(
        "Kunci dibuat setelah administrator lain menyetujui usulannya, persis seperti yang diusulkan.",
        "A key is made after another administrator has approved the request, exactly as it was asked for.",
    ),
    "access_apitoken_token_hash_key": Text(
        "Token ini sudah ada. Minta token sekali lagi.", "This token exists already. Ask for another."
    ),
    "api_token_lives_a_quarter_hour": Text(
        "Token berlaku paling lama 15 menit. Minta token baru.",
        "A token lives for 15 minutes at most. Ask for a new one.",
    ),
}
"""What to tell whom the database refuses; `models.py` takes them over."""
