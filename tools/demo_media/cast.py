"""Everyone of the demo world, as drawn: the people who log in, and the customers of the stories."""

from __future__ import annotations

from tools.demo_media.people import CALM, SMILE, WARM, Look, Mood

_FAIR = ("#f6d3b3", "#e6b994")
_LIGHT = ("#f2c9a5", "#e2b08a")
_TAN = ("#eabf98", "#d8a67d")
_OLIVE = ("#dfae82", "#c99468")
_BROWN = ("#b9835a", "#9c6a45")

COOL, SUNNY, GREEN, SAND, LILAC = "#d8e7ef", "#f6dcc8", "#dbecdf", "#efe6d2", "#e6e0ef"


def _look(
    hair: str,
    colour: str,
    tone: tuple[str, str],
    wear: str = "suit",
    cloth: str = "#2f6d8f",
    accent: str = "#ffffff",
    *extras: str,
    jaw: str = "oval",
    brow: str = "#3a2c26",
) -> Look:
    skin, shade = tone
    return Look(hair, colour, skin, shade, jaw, wear, cloth, accent, extras, brow)


LOOKS: dict[str, Look] = {
    # Honami
    "miura": _look(
        "lowbun", "#3a2f2a", _FAIR, "blouse", "#6b7f8c", "#ffffff", "half-glasses", jaw="slim"
    ),
    "hasegawa": _look(
        "bangs", "#6a4634", _FAIR, "dress", "#c9825a", "#f6e7cf", "round-glasses", jaw="round"
    ),
    "okada": _look("swept", "#4c4541", _TAN, "tie", "#33485a", "#a8553a", "lines", jaw="square"),
    "shiraishi": _look("bob", "#2b2523", _FAIR, "suit", "#a8553a"),
    "fujii": _look(
        "receding",
        "#8d8781",
        _LIGHT,
        "tie",
        "#4f6472",
        "#2f6d8f",
        "glasses",
        "lines",
        jaw="round",
        brow="#6d655f",
    ),
    "kondo": _look("center", "#2f2622", _LIGHT, "knit", "#56806d", "#3f6655", jaw="slim"),
    "ishii": _look("wavy", "#5a4030", _TAN, "suit", "#445f8a", "#fbe9d7", "earrings"),
    "yoshida": _look(
        "crew", "#211d1c", _OLIVE, "polo", "#3d5f73", "#f1ede4", "beard", jaw="square"
    ),
    # Mirai Sales Partners
    "nishimura": _look(
        "straight", "#33291f", _LIGHT, "suit", "#4d566e", "#f4e3dc", "earrings", "lines", jaw="slim"
    ),
    "ito": _look("crop", "#26211f", _TAN, "suit", "#3f7a5c"),
    "takahashi": _look("pony", "#3b2d27", _LIGHT, "suit", "#2f6d8f"),
    "morita": _look("long", "#40302a", _FAIR, "suit", "#7a6a9a"),
    "sasaki": _look("pixie", "#4a3a30", _LIGHT, "suit", "#8a6b3f", jaw="slim"),
    "ogawa": _look("fringe", "#3a2b22", _LIGHT, "suit", "#5a6f8c"),
    "hayashi": _look(
        "crop", "#1f1b1a", _FAIR, "tie", "#5b6a4d", "#c9a04a", "round-glasses", jaw="round"
    ),
    # Hokuto Associates
    "sakamoto": _look(
        "bald",
        "#7b756f",
        _TAN,
        "tie",
        "#39424a",
        "#4f7a8c",
        "moustache",
        "lines",
        jaw="round",
        brow="#6d655f",
    ),
    "nguyen": _look("straight", "#1d1918", _OLIVE, "blouse", "#2f7f7a", "#fdf6ea", jaw="round"),
    "matsumoto": _look("curly", "#2c2320", _OLIVE, "roll", "#7b4a58", "#935b6a", "freckles"),
    # Saikai Communications
    "kawaguchi": _look(
        "pixie",
        "#b7b0a8",
        _LIGHT,
        "roll",
        "#3e5c52",
        "#55776b",
        "half-glasses",
        "lines",
        brow="#857d75",
    ),
    "patel": _look("side", "#231c19", _BROWN, "suit", "#35608a", "#f3ede2", "beard", jaw="square"),
    # Customers, and the founder's family
    "founder": _look("bun", "#54463f", _FAIR, "suit", "#35586b", "#ffffff", "lines"),
    "father": _look("side", "#4f4a46", _TAN, "jacket", "#5d6f63", "#4a594f", "lines", jaw="square"),
    "child": _look("bangs", "#54463f", _FAIR, "knit", "#c7704b", "#f1d9c4", jaw="round"),
    "kimura": _look("bob", "#5b4338", _LIGHT, "suit", "#3c7f86"),
    "nakamura": _look(
        "side", "#7d7771", _TAN, "tie", "#4d565c", "#7b3b3b", "glasses", "lines", brow="#6d655f"
    ),
    "uehara": _look("bangs", "#2e2a2b", _LIGHT, "knit", "#8b5f6d", "#f3e2dc", "lines", jaw="slim"),
    "suda": _look(
        "crew",
        "#b5afa8",
        _OLIVE,
        "jacket",
        "#4f6c78",
        "#39525d",
        "cap",
        "lines",
        jaw="square",
        brow="#8d867f",
    ),
    "hirano": _look(
        "swept", "#2d2522", _OLIVE, "jacket", "#7a6a4a", "#5f5239", "lanyard", jaw="square"
    ),
    "inoue": _look(
        "lowbun",
        "#6e6660",
        _FAIR,
        "suit",
        "#59506e",
        "#f5efe6",
        "glasses",
        "lines",
        "earrings",
        brow="#6d655f",
    ),
    "clerk": _look(
        "bangs", "#4a3b36", _TAN, "blouse", "#6a7f5f", "#fbf5ea", "round-glasses", jaw="slim"
    ),
    "president": _look(
        "receding",
        "#cfcac3",
        _FAIR,
        "tie",
        "#3a3f52",
        "#b06a3c",
        "lines",
        jaw="square",
        brow="#a39b92",
    ),
    "veteran": _look(
        "bald",
        "#8d8781",
        _TAN,
        "jacket",
        "#3c7f86",
        "#2c6268",
        "moustache",
        "lines",
        jaw="round",
        brow="#6d655f",
    ),
    "seller": _look("swept", "#3a2b22", _LIGHT, "suit", "#5a6f8c", "#ffffff", jaw="slim"),
    "young": _look("center", "#2a221f", _LIGHT, "jacket", "#3c7f86", "#2c6268", "helmet"),
}

PORTRAITS: dict[str, tuple[str, Mood]] = {
    "miura": (COOL, WARM),
    "hasegawa": (SAND, SMILE),
    "okada": (COOL, CALM),
    "shiraishi": (SUNNY, SMILE),
    "fujii": (GREEN, WARM),
    "kondo": (SAND, CALM),
    "ishii": (LILAC, SMILE),
    "yoshida": (GREEN, WARM),
    "nishimura": (LILAC, WARM),
    "ito": (GREEN, SMILE),
    "takahashi": (COOL, SMILE),
    "morita": (COOL, CALM),
    "sasaki": (GREEN, CALM),
    "ogawa": (SAND, CALM),
    "hayashi": (SUNNY, WARM),
    "sakamoto": (SAND, WARM),
    "nguyen": (SUNNY, SMILE),
    "matsumoto": (GREEN, SMILE),
    "kawaguchi": (COOL, WARM),
    "patel": (SUNNY, SMILE),
    "founder": (SUNNY, CALM),
    "kimura": (COOL, SMILE),
    "nakamura": (SAND, WARM),
    "uehara": (GREEN, WARM),
    "suda": (SUNNY, SMILE),
    "hirano": (COOL, CALM),
}
