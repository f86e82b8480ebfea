"""Where scenes happen: offices, a kitchen at night, a machine room, a street."""

from __future__ import annotations

from tools.demo_media import icons, props
from tools.demo_media.svg import dot, group, num, rect, shape, stroke

OFFICE, WARM, LEAF, NIGHT = "#d9e9f1", "#f3dcca", "#dbecdf", "#2c4a5c"


def _skyline(x: float, y: float, width: float, height: float, colour: str) -> str:
    parts = []
    heights = (0.3, 0.58, 0.46, 0.8, 0.4, 0.4)
    step = width / len(heights)
    for index, share in enumerate(heights):
        tall = height * share
        parts.append(rect(x + index * step, y + height - tall, step + 0.5, tall, colour))
    return "".join(parts)


def pane(x: float, y: float, width: float, height: float, sky: str = "#c8dfeb",
         town: str = "#b2cfde", frame: str = "#e6f0f5") -> str:  # fmt: skip
    """Draw a window with the town in it."""
    return (
        rect(x, y, width, height, sky, 6)
        + _skyline(x, y + height * 0.35, width, height * 0.65, town)
        + stroke(f"M{num(x + width / 2)} {num(y)}v{num(height)}", frame, 5)
    )


def meeting_room(wall: str = OFFICE) -> str:
    """Draw a meeting room: a window and a plant on the table's far side, no table yet."""
    return rect(0, 0, 640, 360, wall) + pane(176, 30, 288, 150) + props.plant(322, 226)


def back_office(wall: str = WARM, sky: str = "#fae3c8", town: str = "#e7c5a6",
                frame: str = "#fbf1e6") -> str:  # fmt: skip
    """Draw a customer's office: a shelf of folders and a window whose sky can change."""
    folders = "".join(
        rect(38 + 15 * n, 26 - (n * 5 % 8), 11, 40 + (n * 5 % 8), colour, 2)
        for n, colour in enumerate(
            ("#c9754a", "#e2a94f", "#4f9a78", "#5a8fb0", "#c9754a", "#e9cda9")
        )
    )
    return (
        rect(0, 0, 640, 360, wall)
        + pane(400, 34, 170, 130, sky, town, frame)
        + folders
        + rect(26, 66, 116, 7, "#b98a62", 3)
    )


def kitchen() -> str:
    """Draw the founder's kitchen at night, with the moon in its window."""
    return (
        rect(0, 0, 640, 360, NIGHT)
        + rect(452, 36, 126, 106, "#1f3644", 6)
        + dot(550, 76, 19, "#f5e3b8")
        + dot(542, 71, 16, "#1f3644")
        + stroke("M515 36v106", "#3d5d70", 5)
        + rect(52, 76, 132, 8, "#3d5d70", 3)
        + rect(64, 48, 22, 28, "#4b7086", 4)
        + rect(94, 56, 34, 20, "#6f5a48", 4)
        + dot(152, 64, 12, "#4b7086")
    )


def machine_room(wall: str = "#dfe6e4") -> str:
    """Draw a machine room: pipes, a tank, a gauge."""
    pipe = "#9fb0b3"
    return (
        rect(0, 0, 640, 360, wall)
        + stroke("M-10 54H420V120", pipe, 18)
        + stroke("M-10 92H360V150", "#b9c6c6", 12)
        + stroke("M560-10V130", "#c98a62", 14)
        + rect(468, 120, 150, 160, "#7f979d", 22)
        + rect(468, 162, 150, 10, "#6d868d")
        + group(icons.gauge(-30), x=543, y=216, scale=1.1)
        + group(_valve(), x=420, y=128)
    )


def _valve() -> str:
    return (
        rect(-16, -8, 32, 18, "#7f979d", 4)
        + '<circle cx="0" cy="-16" r="14" fill="none" stroke="#c0501c" stroke-width="5"/>'
        + stroke("M-13-16h26M0-29v26", "#c0501c", 3.5)
    )


def street(light: str = "#e6f0f4") -> str:
    """Draw the front of a customer's building, with its door and the sheet beside it."""
    windows = "".join(
        rect(300 + 62 * (n % 4), 44 + 56 * (n // 4), 38, 34, "#d3e5ee", 3) for n in range(8)
    )
    return (
        rect(0, 0, 640, 360, light)
        + shape("M0 190q60-40 120-6t130-14 60-10v200H0Z", "#cfe1d6")
        + rect(268, 18, 290, 270, "#f3e6d4", 4)
        + windows
        + rect(372, 164, 84, 124, "#5a7f92", 4)
        + rect(380, 172, 32, 116, "#bcdcec", 2)
        + rect(416, 172, 32, 116, "#bcdcec", 2)
        + group(icons.paper(True), x=498, y=216, scale=1.1)
        + rect(0, 288, 640, 72, "#d8d2c4")
        + rect(0, 284, 640, 8, "#c7c0b0")
    )


def plain(colour: str, spot: str, x: float = 320, y: float = 160, radius: float = 190) -> str:
    """Draw an empty ground with one soft disc behind what matters."""
    return rect(0, 0, 640, 360, colour) + dot(x, y, radius, spot)
