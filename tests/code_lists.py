"""The branch's own list behind a kode iuran, as tests bring one in."""

from datetime import date

import world
from lindung.contributions import code_list_import
from lindung.contributions.code_list_records import CodeList
from lindung.contributions.models import Bill


def listed(place: world.City, drawn: Bill, *workers: world.Worker, on: date = world.TODAY) -> CodeList:
    """A list of these workers behind the bill's kode iuran, which is in already; its last line names nobody we know."""
    lines = [f"'{worker.nik},{worker.name},16800" for worker in workers]
    content = "\r\n".join(["NIK,Nama,Iuran", *lines, "'1571025203849999,Orang Lain,16800", ""]).encode()
    with place.acting(on=on) as officer:
        return code_list_import.receive(
            bill_id=drawn.pk,
            name="rincian.csv",
            content=content,
            code="",
            said_on=on,
            by=officer,
            now=world.at(on),
        )
