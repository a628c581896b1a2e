"""The page of background tasks: failures with their reason, tried again or closed, the queue and the calendar."""

from django.test import Client

from database import fetched
from lindung.access.models import AuditEvent, Role
from lindung.access.scope import SystemScope, system_scope
from lindung.engine import clock
from lindung.jobs.models import JobClosure, JobFailure
from lindung.notices.delivering import DELIVERER
from web.conftest import SignIn
from web.told import fail
from web.village import Village

PATH = "/pekerjaan-latar/"


def once(client: Client, path: str = PATH) -> str:
    return str(client.get(path).context["form"]["once"].value())


def status(job: int) -> tuple[str, int]:
    return fetched("SELECT status::text, attempts FROM procrastinate_jobs WHERE id = %s", job)[0]  # type: ignore[return-value]  # as the query says


def test_it_says_why_a_task_failed_and_nothing_of_its_data(village: Village, signed_in: SignIn) -> None:
    job = fail(args='{"roster_id": 77441}')
    JobFailure.objects.create(
        job_id=job, task="notices.deliver", attempt=1, error="ReadTimeout", sentence="Penyedia diam.",
        sentence_en="The provider is silent.", at=clock.now(),
    )  # fmt: skip
    page = signed_in(Role.ADMINISTRATOR).get(PATH).content.decode()
    assert "Penyedia diam." in page
    assert "Mengirim pemberitahuan yang menunggu" in page
    assert "77441" not in page
    assert "ReadTimeout" not in page


def test_failures_of_the_same_work_are_one_line(village: Village, signed_in: SignIn) -> None:
    fail(args='{"timestamp": 1}')
    fail(args='{"timestamp": 2}')
    fail(args='{"roster_id": 3}')
    found = signed_in(Role.BRANCH_HEAD).get(PATH).context["failed"]
    assert [each.times for each in found] == [1, 2]


def test_it_is_tried_again_from_the_start(village: Village, signed_in: SignIn) -> None:
    older, newest = fail(), fail()
    client = signed_in(Role.ADMINISTRATOR)
    sent = {"once": once(client)}
    for _ in range(2):
        assert client.post(f"{PATH}{newest}/coba-lagi/", sent).status_code == 302
    assert status(newest) == ("todo", 0)
    assert status(older)[0] == "failed"
    page = client.get(PATH)
    assert page.context["failed"] == []
    assert "Tidak ada pekerjaan yang gagal" in page.content.decode()
    with system_scope(SystemScope.MAINTENANCE, actor=DELIVERER):
        assert AuditEvent.objects.filter(action="job.tried_again").count() == 1


def test_it_is_closed_with_a_reason(village: Village, signed_in: SignIn) -> None:
    job = fail()
    client, path = signed_in(Role.BRANCH_HEAD), f"{PATH}{job}/tutup/"
    key = once(client, path)
    assert client.post(path, {"once": key, "reason": "NIK 1571025203840001"}).status_code == 422
    assert client.post(path, {"once": key, "reason": "Sudah dikerjakan dengan tangan"}).status_code == 302
    assert JobClosure.objects.get(job_id=job).reason == "Sudah dikerjakan dengan tangan"
    assert status(job)[0] == "failed"
    late = client.post(path, {"once": "pressed-later-again", "reason": "Lagi"})
    assert late.status_code == 422
    assert "tidak lagi menunggu keputusan" in late.content.decode()


def test_a_number_that_no_task_has_is_refused(village: Village, signed_in: SignIn) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    assert client.post(f"{PATH}999999999/coba-lagi/", {"once": once(client)}).status_code == 409


def test_it_shows_the_calendar_of_the_month(village: Village, signed_in: SignIn) -> None:
    page = signed_in(Role.ADMINISTRATOR).get(PATH).content.decode()
    assert "Menyusun tagihan bulan berjalan" in page
    assert "1 Desember 2026" in page
    assert "Setiap menit" in page


def test_a_city_officer_has_no_business_there(village: Village, signed_in: SignIn) -> None:
    assert signed_in(Role.CITY_OFFICER).get(PATH).status_code == 403
