"""What is stored about a person: sealed numbers, a name to show, a key to find, and who may see him."""

from django.db import models
from django.db.models.functions import Length

from lindung.access.models import AuditEvent, Organisation, User
from lindung.law.text import Text

models.BinaryField.register_lookup(Length)


class Sex(models.TextChoices):
    """Sex as the identity card states it."""

    MALE = "M", "Laki-laki"
    FEMALE = "F", "Perempuan"


class Person(models.Model):
    """One human being, once, whoever pays for him.

    The NIK and the phone number are sealed (``lindung.access.sealing``) and bound to this row's id; they are
    found by their blind index. Nothing here says who sponsors the person: that is a membership.
    """

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, help_text="the name reduced to what two spellings share")
    birth_place = models.CharField(max_length=100, blank=True)
    birth_date = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex)
    kelurahan_code = models.CharField(max_length=13)
    nik_sealed = models.BinaryField()
    nik_index = models.BinaryField(unique=True)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="person_nik_index_is_a_blind_index", condition=models.Q(nik_index__length=32)
            ),
            models.CheckConstraint(name="person_sex_is_known", condition=models.Q(sex__in=["M", "F"])),
            models.CheckConstraint(
                name="person_phone_sealed_with_its_index",
                condition=models.Q(phone_sealed__isnull=True, phone_index__isnull=True)
                | models.Q(phone_sealed__isnull=False, phone_index__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PersonScope(models.Model):
    """Which sponsor may see a person; written when the sponsor enrols him."""

    pk = models.CompositePrimaryKey("person_id", "sponsor_id")
    person = models.ForeignKey(Person, db_index=False, on_delete=models.PROTECT, related_name="scopes")
    sponsor = models.ForeignKey(Organisation, db_index=False, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.person_id} seen by {self.sponsor_id}"


class PersonCorrection(models.Model):
    """What the register said of a person before and after it was put right, by whom and why. Added, never changed.

    ``before`` and ``after`` hold name, birth_place, birth_date (ISO) and sex; a trigger lets none of them change
    without its entry here. ``revision`` counts a person's corrections from 1.
    """

    person = models.ForeignKey(Person, db_index=False, on_delete=models.PROTECT, related_name="corrections")
    revision = models.IntegerField()
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(max_length=200)
    card_seen = models.BooleanField(default=False, db_default=False)
    corrected_by = models.ForeignKey(
        User, null=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    corrected_by_name = models.CharField(max_length=120)
    corrected_at = models.DateTimeField()
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="person_correction_once_per_revision", fields=["person", "revision"]
            ),
            models.CheckConstraint(name="person_correction_has_a_reason", condition=~models.Q(reason="")),
            models.CheckConstraint(
                name="person_correction_changes_something",
                condition=~models.Q(before=models.F("after")),
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} revision {self.revision}"


class Relation(models.TextChoices):
    """How somebody belongs to a worker's family."""

    SPOUSE = "spouse", "Suami atau istri"
    CHILD = "child", "Anak"
    PARENT = "parent", "Orang tua"
    SIBLING = "sibling", "Saudara kandung"
    OTHER = "other", "Lainnya"


class FamilyMember(models.Model):
    """A member of a worker's family, as form F1A asks; seen by whoever sees the worker. Added, never changed."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="family")
    relation = models.CharField(max_length=8, choices=Relation)
    name = models.CharField(max_length=200)
    birth_date = models.DateField()
    nik_sealed = models.BinaryField(null=True)
    nik_index = models.BinaryField(null=True)
    event = models.ForeignKey(AuditEvent, db_index=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="family_nik_once", fields=["person", "nik_index"]),
            models.CheckConstraint(
                name="family_relation_known", condition=models.Q(relation__in=Relation.values)
            ),
            models.CheckConstraint(name="family_member_has_a_name", condition=~models.Q(name="")),
            models.CheckConstraint(
                name="family_nik_sealed_with_its_index",
                condition=models.Q(nik_sealed__isnull=True, nik_index__isnull=True)
                | models.Q(nik_sealed__isnull=False, nik_index__length=32),
            ),
        ]

    def __str__(self) -> str:
        return self.name


CONSTRAINT_MESSAGES = {
    "person_correction_once_per_revision": Text(
        "Data orang ini baru saja dibetulkan orang lain. Buka lagi, lalu ulangi pembetulan Anda.",
        "Somebody else has just corrected this person. Open the page again and repeat your correction.",
    ),
    "person_correction_has_a_reason": Text(
        "Tulis alasan pembetulan ini.", "Write the reason of this correction."
    ),
    "person_correction_changes_something": Text(
        "Tidak ada yang berubah. Ubah dulu isiannya.", "Nothing changes. Change an entry first."
    ),
    "person_correction_is_kept": Text(
        "Data orang hanya berubah bersama catatan pembetulannya.",
        "A person's data change only together with the record of the correction.",
    ),
    "family_nik_once": Text(
        "NIK ini sudah tercatat dalam keluarga pekerja ini.",
        "This NIK stands in the family of this worker already.",
    ),
    "family_relation_known": Text("Pilih hubungan keluarga.", "Choose how they are related."),
    "family_member_has_a_name": Text("Tulis nama anggota keluarga.", "Write the name of the family member."),
    "family_nik_sealed_with_its_index": Text(
        "NIK anggota keluarga tersimpan tidak lengkap. Isi ulang.",
        "The NIK of the family member was stored incompletely. Enter it again.",
    ),
    "people_person_nik_index_key": Text(
        "NIK ini sudah ada di daftar induk. Buka orangnya, jangan daftarkan lagi.",
        "This NIK is already in the register. Open that person instead of enrolling again.",
    ),
    "person_nik_index_is_a_blind_index": Text(
        "Indeks NIK rusak. Daftarkan ulang baris ini.", "The NIK index is damaged. Enrol this row again."
    ),
    "person_sex_is_known": Text("Isi jenis kelamin dengan L atau P.", "Fill in the sex with L or P."),
    "person_phone_sealed_with_its_index": Text(
        "Nomor HP tersimpan tidak lengkap. Isi ulang nomornya.",
        "The phone number was stored incompletely. Enter it again.",
    ),
}
