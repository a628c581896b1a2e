"""The lines of the disability table in words, and which of them are measured, counted or hold another."""

from collections.abc import Mapping

from lindung.law.text import Text


def _sided(code: str, indonesian: str, english: str) -> dict[str, Text]:
    """A line that the table has for the right and for the left."""
    return {
        code.replace("SIDE", side): Text(indonesian.replace("SIDE", sisi), english.replace("SIDE", side))
        for side, sisi in (("right", "kanan"), ("left", "kiri"))
    }


LABELS: Mapping[str, Text] = {
    **_sided("SIDE_arm_from_shoulder", "lengan SIDE dari sendi bahu", "SIDE arm from the shoulder"),
    **_sided("SIDE_arm_from_elbow", "lengan SIDE dari atau di atas siku", "SIDE arm from or above the elbow"),
    **_sided("SIDE_hand_from_wrist", "tangan SIDE dari pergelangan", "SIDE hand from the wrist"),
    "both_legs_from_groin": Text("kedua kaki dari pangkal paha", "both legs from the groin"),
    "one_leg_from_groin": Text("sebelah kaki dari pangkal paha", "one leg from the groin"),
    "both_feet_from_ankle": Text("kedua kaki dari mata kaki", "both feet from the ankle"),
    "one_foot_from_ankle": Text("sebelah kaki dari mata kaki", "one foot from the ankle"),
    "both_eyes": Text("kedua mata", "both eyes"),
    "one_eye": Text("sebelah mata", "one eye"),
    "near_diplopia": Text("penglihatan ganda jarak dekat", "double vision at near distance"),
    "hearing_both_ears": Text("pendengaran kedua telinga", "hearing of both ears"),
    "hearing_one_ear": Text("pendengaran sebelah telinga", "hearing of one ear"),
    **_sided("SIDE_thumb", "ibu jari tangan SIDE", "SIDE thumb"),
    **_sided("SIDE_index_finger", "telunjuk tangan SIDE", "SIDE index finger"),
    **_sided("other_SIDE_finger", "satu jari lain tangan SIDE", "one other SIDE finger"),
    **_sided(
        "first_phalanx_SIDE_index", "ruas pertama telunjuk SIDE", "first phalanx of the SIDE index finger"
    ),
    **_sided(
        "first_phalanx_other_SIDE_finger",
        "ruas pertama satu jari lain tangan SIDE",
        "first phalanx of one other SIDE finger",
    ),
    "big_toe": Text("ibu jari kaki", "big toe"),
    "index_toe": Text("telunjuk kaki", "index toe"),
    "other_toe": Text("satu jari kaki lain", "one other toe"),
    "scalp_torn_off": Text("kulit kepala terkelupas", "scalp torn off"),
    "impotence": Text("impotensi", "impotence"),
    "leg_shorter_under_5cm": Text("kaki memendek kurang dari 5 cm", "leg shorter by less than 5 cm"),
    "leg_shorter_5_to_under_7_5cm": Text(
        "kaki memendek 5 cm sampai kurang dari 7,5 cm", "leg shorter by 5 cm to less than 7.5 cm"
    ),
    "leg_shorter_7_5cm_or_more": Text("kaki memendek 7,5 cm atau lebih", "leg shorter by 7.5 cm or more"),
    "one_ear_lobe": Text("daun telinga sebelah", "one ear lobe"),
    "both_ear_lobes": Text("daun telinga kedua belah", "both ear lobes"),
    "hearing_both_per_10_db": Text(
        "pendengaran kedua telinga berkurang, tiap 10 desibel", "hearing of both ears less, per 10 decibel"
    ),
    "hearing_one_per_10_db": Text(
        "pendengaran sebelah telinga berkurang, tiap 10 desibel", "hearing of one ear less, per 10 decibel"
    ),
    "nose": Text("hidung", "nose"),
    "septum_perforated": Text("sekat rongga hidung berlubang", "perforated nasal septum"),
    "smell": Text("daya penciuman", "sense of smell"),
    "colour_vision": Text("penglihatan warna", "colour vision"),
    "work_capacity_51_to_70": Text("kemampuan kerja hilang 51-70%", "51-70% of work capacity lost"),
    "work_capacity_26_to_50": Text("kemampuan kerja hilang 26-50%", "26-50% of work capacity lost"),
    "work_capacity_10_to_25": Text("kemampuan kerja hilang 10-25%", "10-25% of work capacity lost"),
    "mental_incapacity": Text("kemampuan kerja mental hilang tetap", "permanent mental incapacity"),
    "visual_efficiency_per_10": Text("daya lihat berkurang, tiap 10%", "visual efficiency less, each 10%"),
    "visual_field_per_10": Text("lapang pandang berkurang, tiap 10%", "visual field less, each 10%"),
}
"""Every code of the table, in the order of the annex."""

VISUAL_EFFICIENCY = "visual_efficiency_per_10"
RANGED = frozenset({"scalp_torn_off"})
"""Lines whose value is assessed between a least and a greatest."""

MEASURED: Mapping[str, int] = {
    "hearing_both_per_10_db": 12,
    "hearing_one_per_10_db": 12,
    VISUAL_EFFICIENCY: 10,
    "visual_field_per_10": 10,
}
"""Lines that count by tens of decibel or percent: how many tens at most; audiometers end at 120 decibel."""

MOST: Mapping[str, int] = {
    **MEASURED,
    **dict.fromkeys(_sided("other_SIDE_finger", "", ""), 3),
    **dict.fromkeys(_sided("first_phalanx_other_SIDE_finger", "", ""), 3),
    "big_toe": 2,
    "index_toe": 2,
    "other_toe": 6,
}
"""How many times a line can count on one body; every other line once."""

COUNTED = frozenset(MOST) - frozenset(MEASURED)
"""Lines of fingers and toes: the same line written twice is two of them."""

BOTH: Mapping[str, str] = {
    "one_leg_from_groin": "both_legs_from_groin",
    "one_foot_from_ankle": "both_feet_from_ankle",
    "one_eye": "both_eyes",
    "hearing_one_ear": "hearing_both_ears",
    "one_ear_lobe": "both_ear_lobes",
}
"""Lines of one of a pair, with the line for both."""

_LEG_SHORTER = ("leg_shorter_under_5cm", "leg_shorter_5_to_under_7_5cm", "leg_shorter_7_5cm_or_more")
_CAPACITY = ("work_capacity_10_to_25", "work_capacity_26_to_50", "work_capacity_51_to_70")

BANDS = frozenset(_LEG_SHORTER + _CAPACITY)
"""Lines that already say how much is lost, so that no lost share of a function need be told."""


def _inner() -> dict[str, tuple[str, ...]]:
    fingers = ("SIDE_thumb", "SIDE_index_finger", "other_SIDE_finger")
    phalanges = ("first_phalanx_SIDE_index", "first_phalanx_other_SIDE_finger")
    arm = {
        "SIDE_arm_from_shoulder": ("SIDE_arm_from_elbow", "SIDE_hand_from_wrist", *fingers, *phalanges),
        "SIDE_arm_from_elbow": ("SIDE_hand_from_wrist", *fingers, *phalanges),
        "SIDE_hand_from_wrist": (*fingers, *phalanges),
        "SIDE_index_finger": ("first_phalanx_SIDE_index",),
    }
    return {
        whole.replace("SIDE", side): tuple(part.replace("SIDE", side) for part in parts)
        for side in ("right", "left")
        for whole, parts in arm.items()
    }


_TOES = ("big_toe", "index_toe", "other_toe")
_SIGHT = (VISUAL_EFFICIENCY, "visual_field_per_10", "colour_vision", "near_diplopia")
_HEARING = ("hearing_both_per_10_db", "hearing_one_per_10_db")
HOLDS: Mapping[str, tuple[str, ...]] = {
    **_inner(),
    "both_legs_from_groin": (
        "one_leg_from_groin", "both_feet_from_ankle", "one_foot_from_ankle", *_TOES, *_LEG_SHORTER,
    ),
    "both_feet_from_ankle": ("one_foot_from_ankle", *_TOES),
    "both_eyes": ("one_eye", *_SIGHT),
    "hearing_both_ears": ("hearing_one_ear", *_HEARING),
    "hearing_both_per_10_db": ("hearing_one_per_10_db",),
    "both_ear_lobes": ("one_ear_lobe",),
    "nose": ("septum_perforated",),
    _LEG_SHORTER[2]: _LEG_SHORTER[:2],
    _LEG_SHORTER[1]: _LEG_SHORTER[:1],
    _CAPACITY[2]: _CAPACITY[:2],
    _CAPACITY[1]: _CAPACITY[:1],
}  # fmt: skip
"""What a larger loss already holds: the same part of the body is not counted twice."""

UNLISTED: Mapping[str, Text] = {
    code: Text(
        "Ruas pertama ibu jari tidak ada dalam tabel yang dibaca. Tanyakan nilainya kepada BPJS "
        "Ketenagakerjaan.",
        "The first phalanx of the thumb is not listed in the table that was read. Ask BPJS Ketenagakerjaan "
        "for its value.",
    )
    for code in ("first_phalanx_right_thumb", "first_phalanx_left_thumb")
}


def other_side(code: str) -> str:
    """The line of the other side, for a left-handed worker; the same line where the table knows no side."""
    swap = {"right": "left", "left": "right"}
    return "_".join(swap.get(word, word) for word in code.split("_"))
