"""Painting on a wall in metres: windows, doors, arches, lettering. The origin is the wall's lower left corner."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

TEXELS_PER_M = 64
_OVER = 2  # painted at twice the size and then halved, because Pillow's shapes have hard edges

Paint = tuple[int, ...]
GLASS, FRAME, STONE = (52, 66, 82), (240, 238, 230), (205, 192, 165)


def texels(width_m: float, height_m: float) -> tuple[int, int]:
    """(height, width) in texels of a wall in metres."""
    return round(height_m * TEXELS_PER_M), round(width_m * TEXELS_PER_M)


class Canvas:
    """A wall of width_m x height_m whose ground is a material; x runs to the right and z upwards, in metres."""

    def __init__(self, width_m: float, height_m: float, ground: np.ndarray | Paint):
        self.size = round(width_m * TEXELS_PER_M), round(height_m * TEXELS_PER_M)
        big = (self.size[0] * _OVER, self.size[1] * _OVER)
        if isinstance(ground, tuple):
            self.image = Image.new("RGBA", big, ground)
        else:
            rows, columns = -(-self.size[1] // ground.shape[0]), -(-self.size[0] // ground.shape[1])
            tiled = np.tile(ground, (rows, columns, 1))[: self.size[1], : self.size[0]]
            self.image = Image.fromarray(tiled).resize(big, Image.Resampling.NEAREST).convert("RGBA")
        self.draw = ImageDraw.Draw(self.image)
        self._scale = TEXELS_PER_M * _OVER

    def _at(self, x: float, z: float) -> tuple[float, float]:
        return x * self._scale, self.image.height - z * self._scale

    def _span(self, x: float, z: float, width: float, height: float) -> list[tuple[float, float]]:
        (left, bottom), (right, top) = self._at(x, z), self._at(x + width, z + height)
        return [(left, top), (max(left, right - 1), max(top, bottom - 1))]

    def rect(self, x: float, z: float, width: float, height: float, paint: Paint) -> None:
        """A filled rectangle."""
        self.draw.rectangle(self._span(x, z, width, height), fill=paint)

    def disc(self, x: float, z: float, radius: float, paint: Paint) -> None:
        """A filled circle around (x, z)."""
        self.draw.ellipse(self._span(x - radius, z - radius, 2 * radius, 2 * radius), fill=paint)

    def polygon(self, points: Sequence[tuple[float, float]], paint: Paint) -> None:
        """A filled polygon."""
        self.draw.polygon([self._at(*p) for p in points], fill=paint)

    def line(self, points: Sequence[tuple[float, float]], width: float, paint: Paint) -> None:
        """A line through points, width in metres."""
        self.draw.line(
            [self._at(*p) for p in points], fill=paint, width=max(1, round(width * self._scale)), joint="curve"
        )

    def arch(self, x: float, z: float, width: float, height: float, paint: Paint) -> None:
        """A rectangle with a half-circle on top, height included."""
        radius = width / 2
        self.rect(x, z, width, height - radius, paint)
        self.disc(x + radius, z + height - radius, radius, paint)

    def text(self, x: float, z: float, height: float, words: str, paint: Paint, bold: float = 0.05) -> None:
        """Lettering centred at (x, z); height of the letters in metres."""
        font = ImageFont.load_default(height * self._scale * 1.25)
        stroke = round(bold * height * self._scale)
        self.draw.text(
            self._at(x, z), words, font=font, fill=paint, anchor="mm", stroke_width=stroke, stroke_fill=paint
        )

    def panes(
        self, x: float, z: float, width: float, height: float, columns: int, rows: int, frame: Paint, glass: Paint
    ):
        """Glass behind glazing bars, with a light band that looks like a reflection of the sky."""
        self.rect(x, z, width, height, glass)
        pale = tuple(min(255, c + 46) for c in glass[:3])
        self.polygon([(x, z + 0.45 * height), (x, z + height), (x + 0.75 * width, z + height)], pale)
        self.polygon([(x + width, z + 0.1 * height), (x + width, z + 0.3 * height), (x + 0.6 * width, z)], pale)
        bar = 0.045
        for k in range(columns + 1):
            self.rect(x + (width - bar) * k / columns, z, bar, height, frame)
        for k in range(rows + 1):
            self.rect(x, z + (height - bar) * k / rows, width, bar, frame)

    def window(
        self, x: float, z: float, width: float, height: float, frame: Paint = FRAME, glass: Paint = GLASS,
        bars: tuple[int, int] = (2, 3), surround: Paint | None = None, shutters: Paint | None = None,
        curtain: Paint | None = None,
    ) -> None:  # fmt: skip
        """A window with its reveal's shadow, sill, and if asked for a stone surround, shutters, curtains."""
        if surround:
            self.rect(x - 0.13, z - 0.1, width + 0.26, height + 0.24, surround)
        self.rect(x - 0.03, z - 0.03, width + 0.06, height + 0.06, (38, 36, 36))
        self.panes(x, z, width, height - 0.06, *bars, frame, glass)
        if curtain:
            for side in (x + 0.05, x + width * 0.72):
                self.rect(side, z + 0.05, width * 0.23, height - 0.16, curtain)
        self.rect(x - 0.1, z - 0.1, width + 0.2, 0.08, surround or STONE)
        if shutters:
            dark = tuple(int(c * 0.72) for c in shutters)
            for side in (x - 0.06 - width * 0.46, x + width + 0.06):
                self.rect(side, z - 0.03, width * 0.46, height + 0.06, shutters)
                for k in range(int(height / 0.11)):
                    self.rect(side + 0.05, z + 0.04 + 0.11 * k, width * 0.46 - 0.1, 0.035, dark)

    def arched_window(
        self, x: float, z: float, width: float, height: float, frame: Paint = FRAME, glass: Paint = GLASS,
        surround: Paint = STONE, spokes: int = 4,
    ) -> None:  # fmt: skip
        """A window with a round head: stone surround with a keystone, bars, spokes in the head."""
        radius = width / 2
        centre = (x + radius, z + height - radius)
        self.arch(x - 0.17, z - 0.05, width + 0.34, height + 0.22, surround)
        self.arch(x - 0.02, z, width + 0.04, height + 0.02, (40, 36, 34))
        self.arch(x, z, width, height - 0.04, frame)
        self.arch(x + 0.05, z + 0.05, width - 0.1, height - 0.14, glass)
        self.panes(x + 0.05, z + 0.05, width - 0.1, height - radius - 0.05, 3, 4, frame, glass)
        for k in range(1, spokes):
            angle = np.pi * k / spokes
            tip = (centre[0] + (radius - 0.08) * np.cos(angle), centre[1] + (radius - 0.08) * np.sin(angle))
            self.line([centre, tip], 0.045, frame)
        middle, top = centre[0], z + height
        keystone = [
            (middle - 0.1, top - 0.02),
            (middle + 0.1, top - 0.02),
            (middle + 0.16, top + 0.3),
            (middle - 0.16, top + 0.3),
        ]
        self.polygon(keystone, surround)
        self.rect(x - 0.24, z - 0.16, width + 0.48, 0.13, surround)

    def door(
        self, x: float, z: float, width: float, height: float, paint: Paint, frame: Paint = STONE, light: bool = True
    ):
        """A panelled door with a frame, a knob and, if wanted, a window above."""
        self.rect(x - 0.14, z, width + 0.28, height + 0.16, frame)
        self.rect(x, z, width, height, paint)
        dark, pale = tuple(int(c * 0.66) for c in paint[:3]), tuple(min(255, int(c * 1.25 + 12)) for c in paint[:3])
        body = height - 0.5 if light else height
        for column in (0, 1):
            for low, high in ((0.1, 0.42), (0.5, 0.92)):
                left = x + 0.08 + column * (width / 2 - 0.02)
                self.rect(left, z + body * low, width / 2 - 0.14, body * (high - low), dark)
                self.rect(left + 0.03, z + body * low + 0.03, width / 2 - 0.2, body * (high - low) - 0.06, pale)
        if light:
            self.panes(x + 0.06, z + body + 0.06, width - 0.12, 0.38, 3, 1, frame, (90, 104, 116))
        self.disc(x + width - 0.1, z + body * 0.46, 0.04, (214, 180, 80))

    def finished(self) -> Image.Image:
        """The painting at TEXELS_PER_M."""
        return self.image.resize(self.size, Image.Resampling.BOX)
