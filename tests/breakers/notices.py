"""Who tries to break what is promised about notices and failed tasks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import world
from breaking import copied, write
from lindung.jobs import closing
from lindung.jobs.models import JobClosure, JobFailure
from lindung.notices.models import Channel, Notice, NoticeSetting, State

Breaker = Callable[[Any], object]
"""Takes the stage of tests/test_constraints.py."""

PHONE = {"channel": "sms", "address_sealed": b"x", "address_masked": "+62"}


def notice(**changes: object) -> Breaker:
    """A letter of Jambi under a new key."""
    return write(Notice, **{"key": "new", **changes})


def moved(**changes: object) -> Breaker:
    """The first letter changed."""

    def attempt(stage: Any) -> None:
        with stage.jambi.acting():
            Notice.objects.filter(pk=Notice.objects.order_by("pk")[0].pk).update(**changes)

    return attempt


def sent_by_wire(**changes: object) -> Breaker:
    """A message by SMS, changed in one step from waiting to being sent."""

    def attempt(stage: Any) -> None:
        with stage.jambi.acting():
            row = copied(Notice, key="wire", **PHONE)
            row.save(force_insert=True)
            later = world.at(world.TODAY) + timedelta(minutes=9)
            attempt_of = "00000000-0000-4000-8000-000000000001"
            Notice.objects.filter(pk=row.pk).update(
                **{"state": State.SENDING, "lease_until": later, "attempt": attempt_of, **changes}
            )
            Notice.objects.filter(pk=row.pk).update(state=State.SENT, lease_until=None)

    return attempt


def closed(**changes: object) -> Breaker:
    """A failed task is closed by the officer."""

    def attempt(stage: Any) -> None:
        with stage.jambi.acting():
            copied(JobClosure, **{"job_id": 10**9, **changes}).save(force_insert=True)

    return attempt


BREAKERS: dict[str, Breaker] = {
    "notices_notice_key_key": write(Notice),
    "notice_kind_named": notice(kind="Gosip"),
    "notice_channel_known": notice(channel="drum"),
    "notice_state_known": moved(state="lost"),
    "notice_has_an_address": notice(channel=Channel.SMS),
    "notice_without_nik": notice(body="NIK 1571025203840001"),
    "notice_letter_goes_on_paper": moved(
        state=State.SENDING, attempt="00000000-0000-4000-8000-000000000001", lease_until=world.at(world.TODAY)
    ),
    "notice_sending_under_a_lease": sent_by_wire(lease_until=None),
    "notice_sent_when": sent_by_wire(),
    "notice_says_why": moved(state=State.CANCELLED),
    "notice_handed_over_whole": lambda stage: [
        moved(state=State.PRINTED)(stage),
        moved(state=State.HANDED_OVER)(stage),
    ],
    "notice_begins_waiting": notice(state=State.PRINTED),
    "notice_step_allowed": lambda stage: [
        moved(state=State.CANCELLED, reason="Salah")(stage),
        moved(state=State.WAITING)(stage),
    ],
    "notice_setting_once_per_revision": write(NoticeSetting),
    "notice_setting_of_known_channels": write(NoticeSetting, revision=9, channels=["drum"]),
    "notice_setting_hours_of_a_day": write(NoticeSetting, revision=9, quiet_from=7),
    "job_failure_says_why": lambda stage: write(JobFailure, sentence="")(stage),
    "job_closure_says_why": closed(reason=""),
    "jobs_jobclosure_job_id_key": lambda stage: [closed()(stage), closed()(stage)],
}


def told(place: world.City) -> None:
    """The rows a stage needs: a city that tells people, a letter that waits, a task that failed and was closed."""
    with place.acting() as officer:
        NoticeSetting.objects.create(
            sponsor=place.sponsor,
            revision=1,
            is_on=True,
            channels=["letter"],
            quiet_from=20,
            quiet_until=7,
            set_by_id=officer.user_id,
            set_at=world.at(world.TODAY),
            event_id=world.event(place),
        )
        Notice.objects.create(
            key="cover.paid:2025-06:person:1",
            kind="cover.paid",
            channel=Channel.LETTER,
            sponsor=place.sponsor,
            kelurahan_code=world.THE_HOK,
            to_name="Siti Aminah",
            title="Iuran Anda sudah dibayar",
            body="Iuran Anda sudah dibayar.",
            created_at=world.at(world.TODAY),
            not_before=world.at(world.TODAY),
            event_id=world.event(place),
        )
        JobFailure.objects.create(
            job_id=1, task="notices.deliver", attempt=1, error="TimeoutError", sentence="Lain.", sentence_en="Other.",
            at=world.at(world.TODAY),
        )  # fmt: skip
        closing.keep(
            job_id=1,
            reason="Sudah selesai",
            by=officer,
            now=world.at(world.TODAY),
            event_id=world.event(place),
        )
