"""The few words that several pages share, in Indonesian and English."""

from lindung.law.text import Text

WEEKDAYS = (
    Text("Senin", "Monday"),
    Text("Selasa", "Tuesday"),
    Text("Rabu", "Wednesday"),
    Text("Kamis", "Thursday"),
    Text("Jumat", "Friday"),
    Text("Sabtu", "Saturday"),
    Text("Minggu", "Sunday"),
)

PROGRAMMES = {
    "jkk": Text("kecelakaan kerja", "employment injury"),
    "jkm": Text("kematian", "death"),
    "jht": Text("tabungan hari tua", "old-age savings"),
    "jp": Text("pensiun", "pension"),
    "jkp": Text("kehilangan pekerjaan", "unemployment"),
}
