"""Pictures of none of the classes, made from noise, strokes, shapes and parts of photographs.

With them a network learns to be unsure. Hendrycks, Mazeika and Dietterich, "Deep anomaly detection with outlier
exposure", 2018: https://arxiv.org/abs/1812.04606. Every maker takes a photograph (3, H, W) in 0..1, for its size and
its textures, and gives a picture of that shape.
"""

import math
import random

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw
from torch import Tensor


def nothings(x: Tensor) -> Tensor:
    """(B, 3, H, W) in 0..1 to as many pictures of nothing, each by a maker chosen at random."""
    makers = (noise, clouds, strokes, drawing, shapes, discs, jigsaw, detail, texture, silhouettes)
    return torch.stack([random.choice(makers)(picture) for picture in x])


def noise(picture: Tensor) -> Tensor:
    """Independent pixels about a random colour."""
    mean, deviation = torch.rand(3, 1, 1), random.uniform(0, 0.6)
    return (mean + deviation * torch.randn_like(picture)).clamp(0, 1)


def clouds(picture: Tensor) -> Tensor:
    """Smooth noise: a few random pixels, enlarged."""
    coarse = random.choice((1, 2, 4, 8, 16, 32))
    return enlarged(torch.rand(3, coarse, coarse), picture)


def strokes(picture: Tensor) -> Tensor:
    """A few bent lines on plain paper, with sharp edges."""
    size = picture.shape[-1]
    paper, ink = random.choice((("white", "black"), ("black", "white"), (random_colour(), random_colour())))
    image = Image.new("RGB", (size, size), paper)
    for _ in range(random.randint(1, 6)):
        points = [random_point(size) for _ in range(random.randint(2, 7))]
        ImageDraw.Draw(image).line(points, fill=ink, width=random.randint(1, size // 8), joint="curve")
    return pixels(image)


def drawing(picture: Tensor) -> Tensor:
    """One or two curves and ellipses of a thick pen, drawn small and enlarged, hence with soft edges."""
    size = random.randint(20, 48)
    image = Image.new("L", (4 * size, 4 * size))
    pen = ImageDraw.Draw(image)
    for _ in range(random.randint(1, 3)):
        width = random.randint(size // 4, size)
        if random.random() < 0.5:
            pen.arc(random_box(4 * size), random.uniform(0, 360), random.uniform(0, 360), fill=255, width=width // 2)
        else:
            pen.line([random_point(4 * size) for _ in range(random.randint(2, 4))], 255, width // 2, "curve")
    ink = enlarged(pixels(image.resize((size, size), Image.Resampling.BOX).convert("RGB")), picture)
    paper, colour = random.choice(((torch.ones(3), torch.zeros(3)), (torch.zeros(3), torch.ones(3)), torch.rand(2, 3)))
    return torch.lerp(paper[:, None, None].expand_as(ink), colour[:, None, None].expand_as(ink), ink)


def shapes(picture: Tensor) -> Tensor:
    """Plain polygons, ellipses and bars over a soft background."""
    image = as_image(clouds(picture))
    pen, size = ImageDraw.Draw(image), picture.shape[-1]
    for _ in range(random.randint(1, 8)):
        kind = random.randrange(3)
        if kind == 0:
            pen.polygon([random_point(size) for _ in range(random.randint(3, 6))], fill=random_colour())
        elif kind == 1:
            pen.ellipse(random_box(size), fill=random_colour())
        else:
            pen.rectangle(random_box(size), fill=random_colour())
    return pixels(image)


def discs(picture: Tensor) -> Tensor:
    """Many discs, lit from one side, as coins, balls or plates would be."""
    height, width = picture.shape[-2:]
    canvas = clouds(picture)
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    angle, light = random.uniform(0, 2 * math.pi), random.uniform(0, 0.7)
    for _ in range(random.randint(1, 12)):
        y, x, radius = random.uniform(0, height), random.uniform(0, width), random.uniform(0.05, 0.4) * width
        v, u = (rows - y) / radius, (columns - x) / radius
        shade = 1 - light * (0.5 + 0.5 * (u * math.cos(angle) + v * math.sin(angle)))
        canvas = torch.where(u * u + v * v < 1, torch.rand(3, 1, 1) * shade, canvas)
    return canvas.clamp(0, 1)


def jigsaw(picture: Tensor) -> Tensor:
    """The photograph cut into 3x3 to 8x8 pieces, shuffled."""
    count = random.randint(3, 8)
    side = picture.shape[-1] // count
    pieces = [
        picture[:, row * side : (row + 1) * side, column * side : (column + 1) * side]
        for row in range(count)
        for column in range(count)
    ]
    random.shuffle(pieces)
    rows = [torch.cat(pieces[i : i + count], 2) for i in range(0, count * count, count)]
    return enlarged(torch.cat(rows, 1), picture)


def detail(picture: Tensor) -> Tensor:
    """A hundredth to a twentieth of the photograph, enlarged: a surface rather than a thing."""
    side = round(picture.shape[-1] * random.uniform(0.1, 0.22))
    top, left = (random.randint(0, picture.shape[-1] - side) for _ in range(2))
    return enlarged(picture[:, top : top + side, left : left + side], picture)


def texture(picture: Tensor) -> Tensor:
    """The photograph's frequencies, each as strong as it was, in places of chance."""
    phase = torch.fft.rfft2(torch.rand(picture.shape[-2:])).angle()
    waves = torch.fft.rfft2(picture).abs() * torch.exp(1j * phase)
    waves[:, 0, 0] = waves[:, 0, 0].abs()
    picture = torch.fft.irfft2(waves, picture.shape[-2:])
    return picture.clamp(0, 1)


def silhouettes(picture: Tensor) -> Tensor:
    """Blobs with the surface of one photograph before the blurred colours of the same: things without a name."""
    size = picture.shape[-1]
    background = enlarged(F.interpolate(picture[None], (5, 5), mode="area")[0], picture)
    image = Image.new("RGB", (size, size))
    pen = ImageDraw.Draw(image)
    for _ in range(random.randint(1, 4)):
        (x, y), radius = random_point(size), random.uniform(0.1, 0.4) * size
        corners = [(a, radius * random.uniform(0.5, 1.3)) for a in np.linspace(0, 2 * math.pi, 9)[:-1]]
        stretch = random.uniform(0.3, 1.5)
        pen.polygon([(x + r * math.cos(a), y + stretch * r * math.sin(a)) for a, r in corners], fill="white")
    surface = random.choice((detail, texture, jigsaw))(picture)
    return torch.where(pixels(image) > 0.5, surface, background)


def enlarged(part: Tensor, picture: Tensor) -> Tensor:
    """(3, h, w) to the size of `picture`."""
    return F.interpolate(part[None], picture.shape[-2:], mode="bilinear")[0]


def pixels(image: Image.Image) -> Tensor:
    """(3, H, W) in 0..1."""
    return torch.from_numpy(np.array(image)).permute(2, 0, 1) / 255


def as_image(picture: Tensor) -> Image.Image:
    """(3, H, W) in 0..1 as a picture to draw on."""
    return Image.fromarray((picture * 255).byte().permute(1, 2, 0).contiguous().numpy())


def random_colour() -> tuple[int, int, int]:
    return random.randrange(256), random.randrange(256), random.randrange(256)


def random_point(size: int) -> tuple[float, float]:
    return random.uniform(0, size), random.uniform(0, size)


def random_box(size: int) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a box inside a square, or partly so."""
    (x, y), width, height = random_point(size), random.uniform(0.05, 0.7) * size, random.uniform(0.05, 0.7) * size
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2
