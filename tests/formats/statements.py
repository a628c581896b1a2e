"""Bank statements as banks write them, made of the same few lines, for tests of every format."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

ACCOUNT = "1110005556667"
NOVEMBER = date(2026, 11, 1)


class Wire(NamedTuple):
    """One booking to write: rupiah, positive in, negative out."""

    on: date
    rupiah: int
    text: str = "SETORAN"
    reference: str = "NONREF"
    bank: str = ""
    cents: int = 0

    @property
    def sen(self) -> int:
        """What it moves, in sen."""
        return self.rupiah * 100 + (self.cents if self.rupiah > 0 else -self.cents)


SITI = Wire(date(2026, 11, 2), 16_800, "TRF SITI AMINAH IURAN", "TRX001", "B001")
BUDI = Wire(date(2026, 11, 3), 33_600, "SETORAN PAK BUDI", "TRX002", "B002")
FEE = Wire(date(2026, 11, 3), -6_500, "BIAYA ADM", "NONREF", "B003")
THREE = (SITI, BUDI, FEE)


def mt940(
    lines: Sequence[Wire] = THREE, *, opening: int = 1_000_000, account: str = ACCOUNT, currency: str = "IDR"
) -> bytes:
    """An MT940 of these lines."""
    closing = opening * 100 + sum(line.sen for line in lines)
    text = [":20:STMT1", f":25:{account}", ":28C:00001/001", f":60F:C261101{currency}{opening},00"]
    for line in lines:
        mark = "C" if line.rupiah > 0 else "D"
        bank = f"//{line.bank}" if line.bank else ""
        amount = f"{abs(line.rupiah)},{line.cents:02}"
        text += [f":61:{line.on:%y%m%d%m%d}{mark}{amount}NTRF{line.reference}{bank}", f":86:{line.text}"]
    sign = "C" if closing >= 0 else "D"
    text += [f":62F:{sign}261130{currency}{abs(closing) // 100},{abs(closing) % 100:02}", "-"]
    return "\r\n".join(text).encode()


def camt(
    lines: Sequence[Wire] = THREE,
    *,
    version: str = "08",
    opening: int = 1_000_000,
    account: str = ACCOUNT,
    currency: str = "IDR",
    status: str = "BOOK",
    head: str = "",
) -> bytes:
    """A camt.053 of these lines."""
    closing = opening * 100 + sum(line.sen for line in lines)
    entries = "".join(_entry(line, version, currency, status) for line in lines)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
        "<GrpHdr><MsgId>1</MsgId><CreDtTm>2026-11-30T23:00:00</CreDtTm></GrpHdr><Stmt><Id>1</Id>"
        f"<Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>{currency}</Ccy></Acct>"
        f"{_balance('OPBD', opening * 100, currency)}{_balance('CLBD', closing, currency)}{entries}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _balance(kind: str, sen: int, currency: str) -> str:
    mark = "CRDT" if sen >= 0 else "DBIT"
    value = f"{abs(sen) // 100}.{abs(sen) % 100:02}"
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{value}</Amt>'
        f"<CdtDbtInd>{mark}</CdtDbtInd><Dt><Dt>2026-11-30</Dt></Dt></Bal>"
    )


def _entry(line: Wire, version: str, currency: str, status: str) -> str:
    mark = "CRDT" if line.rupiah > 0 else "DBIT"
    said = status if version == "02" else f"<Cd>{status}</Cd>"
    party = "<Nm>SITI AMINAH</Nm>" if version == "02" else "<Pty><Nm>SITI AMINAH</Nm></Pty>"
    return (
        f'<Ntry><Amt Ccy="{currency}">{abs(line.rupiah)}.{line.cents:02}</Amt><CdtDbtInd>{mark}</CdtDbtInd>'
        f"<Sts>{said}</Sts><BookgDt><Dt>{line.on}</Dt></BookgDt><ValDt><Dt>{line.on}</Dt></ValDt>"
        f"<AcctSvcrRef>{line.bank}</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>{line.reference}</EndToEndId></Refs>"
        f"<RltdPties><Dbtr>{party}</Dbtr></RltdPties><RmtInf><Ustrd>{line.text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def table(
    lines: Sequence[Wire] = THREE, *, opening: int = 1_000_000, indonesian: bool = True, balance: bool = True
) -> bytes:
    """A csv as a bank lets people download it: Tanggal, Keterangan, Debit, Kredit, Saldo."""
    rows = [["Tanggal", "Keterangan", "No. Referensi", "Debit", "Kredit", *(["Saldo"] if balance else [])]]
    running = opening * 100
    for line in lines:
        running += line.sen
        moved = money(abs(line.sen), indonesian)
        row = [
            f"{line.on:%d/%m/%Y}",
            line.text,
            line.bank,
            *(["", moved] if line.rupiah > 0 else [moved, ""]),
        ]
        rows.append([*row, *([money(running, indonesian)] if balance else [])])
    body = "\r\n".join(";".join(row) for row in rows)
    return f"No. Rekening : {ACCOUNT}\r\n{body}\r\n".encode()


def money(sen: int, indonesian: bool = True) -> str:
    """Sen as a bank writes rupiah: "1.234.567,00", or "1,234,567.00"."""
    text = f"{sen // 100:,}.{sen % 100:02}"
    return text.translate(str.maketrans(".,", ",.")) if indonesian else text
