"""Pictures that are computed: each function gives (H, W, 3), 0..255, the same on every machine.

Scenes with edges are drawn at three times their size and averaged down, so that their edges are as soft as a camera's.
"""

from typing import Any

import numpy as np
from PIL import Image, ImageDraw

Picture = np.ndarray[Any, np.dtype[np.uint8]]
Plane = np.ndarray[Any, np.dtype[Any]]

_FINER = 3


def face() -> Picture:
    """A face of 32 x 32 pixels in grey: small enough to read all its numbers."""
    image = Image.new("L", (320, 320), 214)
    draw = ImageDraw.Draw(image)
    draw.ellipse((20, 250, 300, 460), fill=96)
    draw.rectangle((130, 210, 190, 280), fill=150)
    draw.ellipse((70, 20, 250, 220), fill=52)
    draw.ellipse((88, 55, 232, 255), fill=186)
    draw.pieslice((80, 20, 240, 150), 180, 360, fill=52)
    draw.polygon([(84, 85), (236, 85), (236, 110), (190, 92), (120, 112), (84, 118)], fill=52)
    for x in (125, 195):
        draw.line((x - 20, 128, x + 20, 126), fill=60, width=9)
        draw.ellipse((x - 17, 140, x + 17, 162), fill=244)
        draw.ellipse((x - 9, 141, x + 9, 161), fill=24)
    draw.polygon([(160, 150), (144, 190), (172, 192)], fill=150)
    draw.chord((128, 190, 192, 232), 10, 170, fill=92)
    shaded = np.asarray(image.resize((32, 32), Image.Resampling.BOX), dtype=np.float64)
    light = np.linspace(1.06, 0.86, 32)
    return _picture(np.repeat((shaded * light)[..., None], 3, axis=2) / 255)


def seven() -> Picture:
    """A seven with a bar as somebody might write it, white on black, 28 x 28 as the digits of MNIST."""
    image = Image.new("L", (280, 280), 0)
    draw = ImageDraw.Draw(image)
    for line in (
        [(76, 66), (120, 62), (160, 62), (206, 58), (182, 104), (158, 150), (140, 186), (130, 224)],
        [(104, 146), (150, 140), (192, 138)],
    ):
        draw.line(line, fill=255, width=26, joint="curve")
        for x, y in line:
            draw.ellipse((x - 13, y - 13, x + 13, y + 13), fill=255)
    small = np.asarray(image.resize((28, 28), Image.Resampling.BOX), dtype=np.float64)
    return _picture(np.repeat(small[..., None], 3, axis=2) / 255)


def skyline() -> Picture:
    """Houses with lit windows before the sky at dusk."""
    width, height = 480, 320
    sky = _gradient(height, [(0.10, 0.13, 0.34), (0.42, 0.26, 0.52), (0.96, 0.52, 0.36), (1.0, 0.80, 0.48)])
    scene = np.repeat(sky[:, None, :], width, axis=1)
    y, x = np.mgrid[:height, :width]
    sun = np.clip((34 - np.hypot(x - 330, y - 150)) / 2, 0, 1)[..., None]
    glow = np.exp(-np.hypot(x - 330, y - 150) / 90)[..., None]
    scene = scene + 0.25 * glow * np.array([1.0, 0.7, 0.4])
    scene = scene * (1 - sun) + sun * np.array([1.0, 0.93, 0.72])
    random = np.random.default_rng(7)
    for depth, shade in enumerate((0.36, 0.22, 0.10)):
        _houses(scene, random, shade, 130 + 34 * depth, 26 + 12 * depth)
    return _picture(scene)


def balls() -> Picture:
    """A matt, a shiny and a striped ball on a table, lit from the left."""
    y, x = _places(320, 480)
    scene = np.concatenate([_wall(x, y)[: 190 * _FINER], _table(x, y)[190 * _FINER :]])
    for cx, cy, radius, colour, shine, stripes in (
        (128, 182, 74, (0.86, 0.22, 0.16), 0.15, 0),
        (262, 206, 62, (0.16, 0.42, 0.74), 0.9, 0),
        (376, 222, 52, (0.96, 0.78, 0.22), 0.35, 9),
    ):
        below = slice((cy + radius // 3) * _FINER, None)
        scene[below] *= 1 - 0.62 * _shadow(x[below], y[below], cx, cy, radius)[..., None]
        box = _box(cx, cy, radius)
        inside, ball = _ball(x[box], y[box], (cx, cy), radius, colour, shine, stripes)
        scene[box] = np.where(inside[..., None], ball, scene[box])
    return _picture(_averaged(scene))


def colour_wheel() -> Picture:
    """All hues around, saturation outwards, on white."""
    side = 384
    y, x = (np.mgrid[:side, :side] - (side - 1) / 2) / (side * 0.46)
    radius, hue = np.hypot(x, y), np.arctan2(-y, x) / (2 * np.pi) % 1
    spokes = np.abs((hue[..., None] * 6 - np.array([0, 2, 4]) + 3) % 6 - 3)
    pure = np.clip(2 - spokes, 0, 1)
    colours = 1 - np.clip(radius, 0, 1)[..., None] * (1 - pure)
    edge = np.clip((1 - radius) * side * 0.46 + 0.5, 0, 1)[..., None]
    return _picture(colours * edge + (1 - edge))


def rings() -> Picture:
    """Rings that grow finer outwards, up to two pixels for a black and a white one (a zone plate)."""
    side = 384
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    wave = 0.5 + 0.5 * np.cos(np.pi * (x**2 + y**2) / side)
    return _picture(np.repeat(wave[..., None], 3, axis=2))


def chessboard() -> Picture:
    """A chessboard that runs to the horizon."""
    width, height, horizon = 480, 320, 110
    y, x = _places(height, width)
    across, along = _on_board(x, y, horizon)
    dark = _averaged(((np.floor(across) + np.floor(along)) % 2)[..., None])
    board = 0.01 * (dark * np.array([24, 15, 11]) + (1 - dark) * np.array([95, 89, 78]))
    y, x = np.mgrid[:height, :width] + 0.5
    haze = np.clip(7 / np.maximum(y - horizon, 0.5), 0, 1)[..., None]
    sky = np.array([0.58, 0.76, 0.92]) + (y / horizon)[..., None] * np.array([0.28, 0.16, 0.04])
    ground = board * (1 - haze) + haze * np.array([0.86, 0.92, 0.96])
    return _picture(np.where((y > horizon)[..., None], ground, sky))


def _on_board(x: Plane, y: Plane, horizon: float) -> tuple[Plane, Plane]:
    """Where on the board one looks: a place below the horizon is the nearer the lower it is."""
    depth = 1 / np.maximum(y - horizon, 0.5)
    return (x - 240) * depth * 2.4, depth * 260


def _places(height: int, width: int) -> tuple[Plane, Plane]:
    """Row and column of every place of the finer picture, in pixels of the final one."""
    y, x = np.mgrid[: height * _FINER, : width * _FINER].astype(np.float32) / _FINER
    return y, x


def _houses(scene: Plane, random: np.random.Generator, shade: float, tallest: int, widest: int) -> None:
    height, width = scene.shape[:2]
    left = -8
    while left < width:
        right = left + int(random.integers(widest // 2, widest))
        top = height - int(random.integers(tallest // 3, tallest)) + (3 - round(shade * 10)) * 6
        columns = slice(max(left, 0), right)
        scene[top:, columns] = np.array([0.72, 0.55, 0.95]) * shade
        for y in range(top + 6, height - 4, 9):
            for x in range(left + 4, right - 5, 8):
                if random.random() < 0.38 - shade / 2 and x >= 0:
                    scene[y : y + 4, x : x + 3] = np.array([1.0, 0.84, 0.48]) * random.uniform(0.75, 1.0)
        left = right + int(random.integers(0, 5))


def _shadow(x: Plane, y: Plane, cx: float, cy: float, radius: float) -> Plane:
    across, along = (x - cx - radius * 0.5) / radius, (y - cy - radius * 0.86) / (radius * 0.24)
    shade: Plane = np.exp(-(across**2) - along**2)
    return shade


def _box(cx: int, cy: int, radius: int) -> tuple[slice, slice]:
    rows, columns = (slice((centre - radius) * _FINER, (centre + radius) * _FINER) for centre in (cy, cx))
    return rows, columns


def _ball(
    x: Plane, y: Plane, at: tuple[float, float], radius: float, colour: tuple[float, ...], shine: float, stripes: int
) -> tuple[Plane, Plane]:
    """Where the ball is, and its colours: Lambert's diffuse and Phong's specular light."""
    u, v = (x - at[0]) / radius, (y - at[1]) / radius
    inside = u**2 + v**2 < 1
    w = np.sqrt(np.clip(1 - u**2 - v**2, 0, 1))
    light = np.array([-0.52, -0.62, 0.587])
    facing = np.clip(u * light[0] + v * light[1] + w * light[2], 0, 1)
    mirrored = np.clip(2 * facing * w - light[2], 0, 1)
    paint = np.broadcast_to(np.array(colour), (*x.shape, 3))
    if stripes:
        white = np.sin(stripes * (0.8 * u + 0.6 * v)) > 0
        paint = np.where(white[..., None], np.array([0.96, 0.95, 0.92]), paint)
    bounced = 0.10 * np.clip(v, 0, 1)
    return inside, paint * (0.16 + 0.84 * facing + bounced)[..., None] + shine * (mirrored**40)[..., None]


def _wall(x: Plane, y: Plane) -> Plane:
    bright = 0.92 - 0.30 * x / 480 - 0.10 * y / 320
    wall: Plane = np.multiply.outer(bright, np.array([0.80, 0.86, 0.86]))
    return wall


def _table(x: Plane, y: Plane) -> Plane:
    grain = 0.04 * np.sin(y * 0.9 + 2.2 * np.sin(x / 61) + 1.3 * np.sin(x / 23 + y / 9))
    bright = 0.98 - 0.22 * x / 480 + grain
    table: Plane = np.multiply.outer(bright, np.array([0.74, 0.55, 0.37]))
    return table


def _gradient(count: int, colours: list[tuple[float, float, float]]) -> Plane:
    places = np.linspace(0, count - 1, len(colours))
    return np.stack([np.interp(np.arange(count), places, channel) for channel in zip(*colours, strict=True)], axis=1)


def _averaged(scene: Plane) -> Plane:
    height, width = scene.shape[0] // _FINER, scene.shape[1] // _FINER
    coarse: Plane = scene.reshape(height, _FINER, width, _FINER, -1).mean(axis=(1, 3))
    return coarse


def _picture(scene: Plane) -> Picture:
    return np.round(np.clip(scene, 0, 1) * 255).astype(np.uint8)
