"""What the codes of the rooms stand for over the API; in an answer the room says it in its own words, with its numbers."""

from lindung.api.problems import KINDS, Kind
from lindung.contributions.statement_problems import SENTENCES
from lindung.law.text import Text

OF_ROOMS = {
    "agreement.year_not_ready": Kind(
        409,
        Text(
            "Dokumen tahun anggaran bulan itu belum lengkap.",
            "Papers of the month's budget year are missing.",
        ),
    ),
    "agreement.over": Kind(
        409,
        Text(
            "Kerja sama ini sudah berakhir atau dihentikan; tidak ada orang baru yang masuk.",
            "This agreement is over; nobody new comes in.",
        ),
    ),
    "bill.too_far_ahead": Kind(
        409,
        Text("Bulan ini terlalu jauh ke depan untuk ditagih.", "This month is too far ahead to be billed."),
    ),
    "bill.outside_agreement": Kind(
        409,
        Text("Bulan ini di luar masa kerja sama.", "This month lies outside the period of the agreement."),
    ),
    "bill.nobody": Kind(409, Text("Tidak ada peserta pada bulan ini.", "Nobody is a member in this month.")),
    "bill.paid": Kind(
        409, Text("Tagihan ini sudah lunas dengan SP2D lain.", "Another order has paid this bill already.")
    ),
    "bill.cancelled": Kind(
        409,
        Text(
            "Tagihan ini dibatalkan. Susun tagihan baru untuk bulan itu.",
            "This bill was cancelled. Draw a new one for the month.",
        ),
    ),
    "payment.no_amount": Kind(409, Text("Nilai harus lebih dari nol.", "The amount must be more than zero.")),
    "bill.of_its_people": Kind(
        409,
        Text(
            "Orang dalam kerja sama ini membayar sendiri; tagihannya per orang.",
            "The people of this agreement pay for themselves, each by a bill of their own.",
        ),
    ),
    "bill.not_final": Kind(
        409,
        Text(
            "Tagihan ini masih draf atau sudah digantikan; yang dibayar hanya tagihan yang ditetapkan.",
            "This bill is a draft or was superseded; only a final bill is paid.",
        ),
    ),
    "payment.other_purse": Kind(
        409,
        Text(
            "Satu pembayaran hanya untuk tagihan satu kerja sama atau satu peserta.",
            "One payment is for bills of one agreement or one member.",
        ),
    ),
    "payment.rejected": Kind(
        409,
        Text(
            "Catatan ini sudah ditolak. Catat lagi dengan isi yang benar.",
            "This record was rejected. Record it again as it should be.",
        ),
    ),
    "payment.confirmed": Kind(
        409,
        Text(
            "Pembayaran ini sudah disahkan, jadi tidak bisa ditolak.",
            "This payment is confirmed, so it cannot be rejected.",
        ),
    ),
    "payment.no_reason": Kind(409, Text("Tulis alasannya.", "Write the reason.")),
    "payment.order_taken": Kind(
        409,
        Text(
            "Nomor SP2D ini sudah dicatat dengan tanggal, nilai atau tagihan lain.",
            "This order number is recorded already with another date, amount or bill.",
        ),
    ),
    "payment.in_future": Kind(
        409, Text("Tanggal SP2D belum tiba.", "The date of the order has not come yet.")
    ),
    "payment.before_budget_year": Kind(
        409,
        Text(
            "SP2D lebih tua daripada tahun anggaran bulan itu.",
            "The order is older than the budget year of the month.",
        ),
    ),
    "payment.over_budget": Kind(
        409, Text("Anggaran tahun itu tidak cukup.", "The budget of that year does not reach.")
    ),
    "payment.same_person": Kind(
        409,
        Text(
            "Orang lain, bukan pencatatnya, yang harus mengesahkan.",
            "Somebody else than the recorder has to confirm.",
        ),
    ),
    "payment.nobody_acts": Kind(
        409,
        Text(
            "SP2D dicatat dan disahkan oleh orang, bukan oleh sistem.",
            "Orders are recorded and confirmed by people, not by the system.",
        ),
    ),
    "month.too_early": Kind(
        409,
        Text(
            "Bulan iuran pertama tidak boleh sebelum bulan ini atau sebelum kerja sama mulai.",
            "The first month cannot lie before this month or before the agreement.",
        ),
    ),
    "month.too_far": Kind(
        409,
        Text(
            "Bulan iuran pertama terlalu jauh ke depan. Periksa tahunnya.",
            "The first month lies too far ahead. Check the year.",
        ),
    ),
    "month.after_agreement": Kind(
        409,
        Text("Kerja sama sudah berakhir pada bulan itu.", "The agreement is over by that month."),
    ),
    "law.none_for_date": Kind(
        409, Text("Tidak ada aturan tersimpan untuk hari itu.", "No law is stored for that day.")
    ),
    "roster.being_read": Kind(
        409,
        Text(
            "Daftar ini sedang diperiksa ulang. Tunggu sampai selesai, lalu ulangi.",
            "The list is being checked anew. Wait until that is done and send again.",
        ),
    ),
    "roster.segment_not_chosen": Kind(
        422,
        Text(
            "Kerja sama ini punya beberapa kelompok pekerja. Sebutkan kelompoknya di segment.",
            "The agreement has several groups of workers. Name the group in segment.",
        ),
    ),
    "reveal.reason_missing": Kind(
        422, Text("Tulis untuk apa NIK ini diperlukan.", "Write what the NIK is needed for.")
    ),
}
"""By their codes, with the HTTP status they are sent with."""

OF_STATEMENTS = {
    code: Kind(422, text.filled(where="-"))
    for code, text in SENTENCES.items()
    if code.startswith("statement.")
} | {
    "statement.not_your_city": Kind(
        409,
        Text(
            "Kota ini bukan urusan Anda, atau sebutkan city.", "This city is not yours, or name it in city."
        ),
    ),
    "statement.account_taken": Kind(
        409, Text("Rekening ini dipakai kota lain.", "Another city uses this account.")
    ),
    "statement.other_format": Kind(
        409,
        Text(
            "Hari-hari rekening ini sudah masuk dalam format lain.",
            "Days of this account are in already in another format.",
        ),
    ),
    "line.not_waiting": Kind(409, Text("Baris ini tidak menunggu lagi.", "The line does not wait any more.")),
    "line.proposal_gone": Kind(
        409, Text("Usul ini tidak berlaku lagi.", "This proposal does not hold any more.")
    ),
    "line.parts_differ": Kind(
        409,
        Text("Bagiannya tidak sama dengan uang baris ini.", "The parts are not the money of the line."),
    ),
    "line.other_city": Kind(409, Text("Tagihan itu milik kota lain.", "That bill belongs to another city.")),
}
"""Of bank statements and their lines."""

CODES = KINDS | OF_ROOMS | OF_STATEMENTS
"""Every code with a sentence; the faults of files have theirs in the room that reads them."""
