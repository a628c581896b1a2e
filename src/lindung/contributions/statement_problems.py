"""Why a bank statement was not taken, or one of its lines cannot be matched, in words that say what to do next."""

from lindung.engine.refusals import Refusal
from lindung.formats.unreadable import Unreadable
from lindung.law.text import Text
from lindung.membership import problems

SENTENCES = {
    "statement.unknown_format": Text(
        "Berkas ini bukan rekening koran yang kami kenal. Unduh MT940, camt.053, Excel atau CSV dari bank.",
        "This is no statement we know. Download MT940, camt.053, Excel or CSV from the bank.",
    ),
    "statement.version": Text(
        "camt.053 versi {where} belum bisa dibaca. Minta bank mengirim versi 02 atau 08.",
        "camt.053 version {where} cannot be read yet. Ask the bank for version 02 or 08.",
    ),
    "statement.cut": Text(
        "Rekening koran ini terpotong: saldo awal ditambah semua baris tidak sama dengan saldo akhir. Unduh lagi.",
        "This statement is cut: opening balance and lines do not make the closing balance. Download it again.",
    ),
    "statement.no_balance": Text(
        "Saldo awal atau saldo akhir tidak ada di berkas ini. Unduh rekening koran yang lengkap.",
        "The opening or closing balance is missing. Download the whole statement.",
    ),
    "statement.gap": Text(
        "Di tengah berkas ada hari yang hilang: saldo akhir satu bagian bukan saldo awal bagian berikutnya. Unduh lagi.",
        "A day is missing inside the file: one part does not begin with what the last ended with. Download it again.",
    ),
    "statement.several_accounts": Text(
        "Berkas ini memuat lebih dari satu rekening. Unduh satu berkas untuk tiap rekening.",
        "The file holds more than one account. Download one file for each.",
    ),
    "statement.no_account": Text(
        "Nomor rekening tidak tertulis di berkas. Isi nomor rekeningnya, lalu kirim lagi.",
        "The file does not name its account. Fill in the account number and send it again.",
    ),
    "statement.other_account": Text(
        "Berkas ini milik rekening lain daripada yang Anda isi. Periksa nomor rekeningnya.",
        "The file is of another account than you wrote. Check the number.",
    ),
    "statement.no_header": Text(
        "Judul kolom tidak dikenali. Pastikan ada baris judul seperti Tanggal, Keterangan, Debit, Kredit, Saldo.",
        "The headings are not recognised. There must be a row such as Tanggal, Keterangan, Debit, Kredit, Saldo.",
    ),
    "statement.no_column": Text(
        "Kolom {where} tidak ada. Unduh rekening koran dengan semua kolom.",
        "The column {where} is missing. Download the statement with all columns.",
    ),
    "statement.date": Text(
        "Tanggal di baris {where} tidak terbaca. Periksa urutan tanggal yang dipilih.",
        "The date in row {where} cannot be read. Check which order of dates you chose.",
    ),
    "statement.amount": Text(
        "Jumlah uang di baris {where} tidak terbaca, atau debit dan kredit terisi sekaligus. Periksa berkasnya.",
        "The amount in row {where} cannot be read, or is both debit and credit. Check the file.",
    ),
    "statement.doubtful_numbers": Text(
        "Angka {where} bisa dibaca dua cara. Pilih cara bank menulis angka, lalu kirim lagi.",
        "The number {where} can be read in two ways. Choose how the bank writes numbers and send it again.",
    ),
    "statement.doubtful_dates": Text(
        "Tanggal {where} bisa dibaca dua cara. Pilih urutan tanggalnya, lalu kirim lagi.",
        "The date {where} can be read in two ways. Choose the order of dates and send it again.",
    ),
    "statement.order": Text(
        "Saldo berjalan tidak cocok mulai baris {where}. Unduh rekening koran apa adanya, jangan diurutkan ulang.",
        "The running balance breaks at row {where}. Download the statement as it is; do not sort it anew.",
    ),
    "statement.line": Text(
        "Ada baris yang tidak sesuai formatnya (baris {where}). Unduh lagi dari bank.",
        "A line breaks the format (line {where}). Download it from the bank again.",
    ),
    "statement.no_lines": Text(
        "Tidak ada transaksi di rekening koran ini. Tidak ada yang perlu dimasukkan.",
        "There is no booking in this statement. There is nothing to bring in.",
    ),
    "file.not_a_workbook": Text(
        "Berkas ini bukan rekening koran yang kami kenal. Unduh MT940, camt.053, Excel atau CSV dari bank.",
        "This is no statement we know. Download MT940, camt.053, Excel or CSV from the bank.",
    ),
}

FAULTS = {
    "line.cents": Text(
        "Jumlahnya bukan rupiah bulat; iuran selalu rupiah bulat. Uangnya tetap di bank dan tidak dibukukan di sini.",
        "Not whole rupiah; contributions always are. The money stays at the bank and is not booked here.",
    ),
    "line.pending": Text(
        "Bank belum membukukannya. Baris ini masuk lagi dengan rekening koran berikutnya.",
        "The bank has not booked it yet. It comes again with the next statement.",
    ),
    "line.zero": Text("Tidak bernilai apa-apa.", "Worth nothing."),
    "line.future": Text(
        "Tanggal bukunya belum tiba. Periksa jam dan tanggal bank, lalu unduh lagi sesudah hari itu.",
        "Its booking date has not come. Check the bank's clock, and download it again after that day.",
    ),
    "line.old": Text(
        "Tanggal bukunya lebih dari sepuluh tahun lalu. Periksa tahunnya.",
        "Its booking date is more than ten years ago. Check the year.",
    ),
}
"""Why a line cannot be matched, by its stable code."""


class StatementUnreadable(Refusal):
    """The file is not believed; nothing was stored. `code` is one of the codes of the formats."""

    code = "statement.unreadable"

    def __init__(self, why: Unreadable) -> None:
        said = SENTENCES.get(why.code)
        where = why.where or "-"
        text = problems.message(why.code, why.where) if said is None else said.filled(where=where)
        super().__init__(text, field=_FIELDS.get(why.code, "file"), code=why.code)


_FIELDS = {
    "statement.no_account": "account",
    "statement.other_account": "account",
    "statement.doubtful_numbers": "decimals",
    "statement.doubtful_dates": "days",
}
