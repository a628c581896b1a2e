"""`lindung work`: the process beside the web workers that does what nobody waits for."""

import os

import click
import django

from lindung.cli.speaking import say, words
from lindung.engine import provision
from lindung.law.text import Text


@click.command(
    help=words(
        Text(
            "Kerjakan tugas yang menunggu (memeriksa daftar besar) sampai Ctrl-C. `serve` dan `demo` sudah "
            "menjalankannya sendiri.",
            "Do the tasks that wait (judging large lists) until Ctrl-C. `serve` and `demo` run one by themselves.",
        )
    )
)
@click.option("--once", is_flag=True, help=words(Text("Selesaikan lalu berhenti.", "Do them, then end.")))
@click.option("--beside", is_flag=True, hidden=True)
def work(once: bool, beside: bool) -> None:
    """Make the database ready, then work; `beside` a site that has made it ready, and only as long as that lives."""
    if beside:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lindung.settings")
        django.setup()
    else:
        provision.ready()
    from lindung.jobs import running

    if once:
        running.run_waiting()
        return
    if beside:
        running.stop_with_the_parent()
    else:
        say(Text("Siap bekerja (berhenti dengan Ctrl-C).", "Ready to work (stop it with Ctrl-C)."))
    running.run_until_stopped()
