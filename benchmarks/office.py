"""Measures how long officers wait for a page while the whole office works, on the Jambi example.

    .venv/bin/python -m benchmarks.office                     50 officers, 5 s of thought, two minutes
    .venv/bin/python -m benchmarks.office --officers 5 --seconds 20

Each officer has a session of her own and walks like a reader: she opens a page, thinks, and follows one of the links
it shows. The server is the one that `./lindung demo` starts, with its own database, in a folder of its own that is
removed at the end; the officers run on the same two cores.
"""

import argparse
import html
import http.client
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

PORT = 8377
_LINK = re.compile(r'href="(/[^"#]*|\?[^"#]*)"')
_NOT_FOLLOWED = re.compile(r"^/(static|akun|masuk|ganti-bahasa|api)/|/(unduh|ekspor|dokumen|berkas)")
"""Doors out, other people's business, and files: an officer at work reads pages."""
_NUMBER = re.compile(r"\d+")


class Visit(NamedTuple):
    """One page that was opened: its address without numbers, the answer's status, milliseconds, bytes on the line.

    ``at`` are the seconds since the work began when the page was asked for.
    """

    page: str
    status: int
    ms: float
    size: int
    at: float


def main() -> None:
    """Let the office work and print what its people waited, as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--officers", type=int, default=50)
    parser.add_argument("--think", type=float, default=5.0, help="seconds between two pages, on average")
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--starting", type=int, default=20, help="the first seconds after the start of the server, told apart"
    )
    options = parser.parse_args()
    with example() as home:
        cookies = sessions(home, options.officers)
        with ruler(options.seconds) as measured:
            visits = worked(cookies, think=options.think, seconds=options.seconds, seed=options.seed)
    told = report(visits, starting=options.starting) | {"same_work_ms": _spread(measured)}
    print(json.dumps(told, indent=2, ensure_ascii=False))


@contextmanager
def ruler(seconds: int) -> Iterator[list[float]]:
    """The processor time of one fixed piece of work, twice a second beside the officers: how steady the machine is."""
    measured: list[float] = []
    command = [sys.executable, "-c", _FIXED_WORK, str(seconds * 2)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as beside:
        yield measured
        measured += map(float, beside.communicate()[0].split())


_FIXED_WORK = """
import sys, time
for _ in range(int(sys.argv[1])):
    time.sleep(0.5)
    begun = time.process_time()
    sum(range(500_000))
    print((time.process_time() - begun) * 1000)
"""


@contextmanager
def example() -> Iterator[Path]:
    """The Jambi example, served."""
    home = Path(tempfile.mkdtemp(prefix="lindung-bench-"))
    home.chmod(0o755)
    environment = os.environ | {"LINDUNG_HOME": str(home / "state")}
    command = [sys.executable, "-m", "lindung", "demo", "--port", str(PORT), "--json"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield Path(json.loads(_answer(server))["state"])
    finally:
        server.terminate()
        server.wait(timeout=60)
        stop = [*command[:3], "demo", "stop"]
        subprocess.run(stop, env=environment, check=False, stdout=subprocess.DEVNULL)
        shutil.rmtree(home)


def _answer(server: subprocess.Popen[str]) -> str:
    """What the server says once it is ready: JSON over several lines, closed by a brace of its own."""
    lines: list[str] = []
    for line in server.stdout or ():
        lines.append(line)
        if line.rstrip() == "}":
            break
    return "".join(lines)


def sessions(home: Path, officers: int) -> list[str]:
    """A session cookie for each officer, the people of the example in turn."""
    os.environ["LINDUNG_HOME"] = str(home)
    from lindung.engine import provision

    provision.ready()
    from django.test import Client

    from lindung.access import second_factor
    from lindung.access.models import User
    from lindung.access.scope import Actor, SystemScope, system_scope
    from lindung.cli.demo.story import PEOPLE

    cookies = []
    with system_scope(SystemScope.DEMO, actor=Actor(None, "benchmark")):
        names = [username for username, *_ in PEOPLE]
        for number in range(officers):
            client = Client()
            user = User.objects.get(username=names[number % len(names)])
            client.force_login(user)
            session = client.session
            second_factor.note_passed(session, user)
            session.save()
            cookies += [f"{cookie.key}={cookie.value}" for cookie in client.cookies.values()]
    return cookies


def worked(cookies: list[str], *, think: float, seconds: int, seed: int) -> list[Visit]:
    """Everybody works at once for so many seconds."""
    visits: list[Visit] = []
    begun = time.monotonic()
    hours = begun, begun + seconds
    officers = [
        threading.Thread(target=_work, args=[cookie, random.Random(seed + number), think, hours, visits])
        for number, cookie in enumerate(cookies)
    ]
    for officer in officers:
        officer.start()
    for officer in officers:
        officer.join()
    return visits


def _work(
    cookie: str, chance: random.Random, think: float, hours: tuple[float, float], visits: list[Visit]
) -> None:
    begun, end = hours
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    page = "/"
    time.sleep(chance.uniform(0, think))
    while time.monotonic() < end:
        at = time.monotonic() - begun
        visit, links = _opened(connection, page, cookie, at)
        visits.append(visit)
        page = chance.choice(links) if links else "/"
        if visit.status == 302:  # a browser follows at once
            continue
        time.sleep(chance.expovariate(1 / think))


def _opened(
    connection: http.client.HTTPConnection, page: str, cookie: str, at: float
) -> tuple[Visit, list[str]]:
    started = time.perf_counter()
    answer = _asked(connection, page, cookie)
    body = answer.read()
    ms = (time.perf_counter() - started) * 1000
    path = page.partition("?")[0]
    found = [html.unescape(link) for link in _LINK.findall(body.decode("utf-8", "replace"))]
    links = [path + link if link.startswith("?") else link for link in found]
    if answer.status == 302:
        return Visit(_NUMBER.sub("N", path), 302, ms, len(body), at), [answer.headers["Location"]]
    name = _NUMBER.sub("N", path)
    return Visit(name, answer.status, ms, len(body), at), [x for x in links if not _NOT_FOLLOWED.search(x)]


def _asked(connection: http.client.HTTPConnection, page: str, cookie: str) -> http.client.HTTPResponse:
    """The answer; a connection that the server has closed meanwhile is opened again, as a browser does."""
    headers = {"Cookie": cookie, "Accept": "text/html"}
    try:
        connection.request("GET", page, headers=headers)
        return connection.getresponse()
    except http.client.RemoteDisconnected:
        connection.close()
        connection.request("GET", page, headers=headers)
        return connection.getresponse()


def report(visits: list[Visit], *, starting: int) -> dict[str, object]:
    """Milliseconds over everything and for each page, once the server has answered for so many seconds; before, apart."""
    counted = [visit for visit in visits if visit.at >= starting]
    pages: dict[str, list[float]] = defaultdict(list)
    for visit in counted:
        pages[visit.page].append(visit.ms)
    return {
        "pages_opened": len(visits),
        "statuses": dict(Counter(visit.status for visit in visits)),
        "ms_while_starting": _spread([visit.ms for visit in visits if visit.at < starting]),
        "ms": _spread([visit.ms for visit in counted]),
        "by_page": {page: _spread(found) for page, found in sorted(pages.items())},
    }


def _spread(ms: list[float]) -> dict[str, float]:
    ordered = sorted(ms)
    at = {name: ordered[min(len(ordered) - 1, int(share * len(ordered)))] for name, share in _SHARES}
    return {"count": len(ms), "median": round(statistics.median(ms), 1)} | {
        name: round(value, 1) for name, value in at.items()
    }


_SHARES = (("p95", 0.95), ("p99", 0.99))

if __name__ == "__main__":
    main()
