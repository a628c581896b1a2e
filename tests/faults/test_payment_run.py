"""A payment run that is hurt: each rupiah once, whatever dies. `payment_run` is the long one, with its report in docs."""

import os
import secrets
import sys

import pytest

from faults.payment_run import disturbed_run, sound
from faults.site import TARGETS, schedule

pytestmark = [pytest.mark.faults, pytest.mark.slow]
SEED = int(os.environ.get("LINDUNG_SEED") or secrets.randbelow(1_000_000))
PEOPLE, FAULTS = (125_000, 200) if os.environ.get("LINDUNG_FULL") == "1" else (2_000, 4)


def test_a_payment_run_that_is_hurt_again_and_again_ends_by_itself_with_each_rupiah_once(
    server: object,
) -> None:
    sys.stdout.write(f"LINDUNG_SEED={SEED}\n")
    report = disturbed_run(people=PEOPLE, faults=FAULTS, seed=SEED)
    assert sound(report, PEOPLE) == [], report
    assert report["faults"] == FAULTS


def test_the_same_seed_hurts_the_same_and_every_kind_of_process() -> None:
    drawn = schedule(7, 200)
    assert drawn == schedule(7, 200) != schedule(8, 200)
    assert {fault.target for fault in drawn} == set(TARGETS)
    assert {fault.action for fault in drawn} == {"kill -9", "SIGSTOP"}
