"""Bytes to a picture, safely: what a file holds is found out from its bytes, and checked before it is decoded.

A picture is a uint8 array (H, W, 3): upright, RGB, on paper. Samples are interpreted in one order: which end is white,
sign, depth, transparency. Nothing here needs torch, so that the first page doesn't either.
"""

import io
import logging
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageChops, ImageCms, ImageFile, ImageOps, ImageStat, TiffImagePlugin

from lente.app.errors import BadPicture, LenteError, TooLarge
from lente.app.i18n import N_
from lente.app.pictures.av1 import largest_frame
from lente.app.pictures.formats import ACCEPTED, FORMATS, channels_and_bits, description, is_accepted, name

if TYPE_CHECKING:
    from tifffile import TiffPage

Picture = np.ndarray[Any, np.dtype[np.uint8]]
Tensor = np.ndarray[Any, np.dtype[np.float32]]
Values = np.ndarray[Any, np.dtype[Any]]

MOST_SCANS = 1000
MOST_SCANNED = 2_000_000_000  # pixels, each as often as a scan passes over it
MOST_RUN_LENGTH = 4_000_000  # pixels: Pillow reads these in Python, a second and a half at worst

# Bytes for each pixel while a file is decoded, as measured: what its decoder takes, and what is made of that.
_PIXEL_BYTES = {"JPEG": 6, "MPO": 6, "GIF": 8, "BMP": 8, "PNG": 7, "AVIF": 12, "WEBP": 21, "JPEG2000": 21}
_PIXEL_BYTES_OF_OTHERS = 16
_PIXEL_BYTES_MORE = 5  # where a JPEG is turned, written in several scans, or of ink, a PNG transparent or deep
_ORIENTATION = 0x0112
_BAND = 1 << 20
_decoding = threading.Lock()


@dataclass(frozen=True)
class Limits:
    """The largest file and the largest picture accepted."""

    megabytes: float = 20
    megapixels: float = 25


@dataclass(frozen=True)
class _Samples:
    """How a file means its samples: how many bits each, of which kind ("u", "i", "f"), and whether 0 is white.

    `swapped` where Pillow gives their bytes in the wrong order.
    """

    bits: int
    kind: str = "u"
    negative: bool = False
    swapped: bool = False


def read_picture(data: bytes, limits: Limits | None = None) -> Picture:
    """The picture in `data` as (H, W, 3), 0..255: upright, first frame, transparency on paper.

    Raises:
        BadPicture: not a picture of an accepted format, one of pixels that are not read, or a damaged one.
        TooLarge: more bytes or more pixels than `limits` allows.
    """
    return np.ascontiguousarray(np.asarray(decoded(data, limits or Limits())))


def decoded(
    data: bytes, limits: Limits, begin: Callable[[float, int], object] = lambda _megapixels, _bytes: None
) -> Image.Image:
    """What `read_picture` gives, as Pillow has it.

    `begin` is told before it is decoded how many megapixels it has, and how many bytes decoding it takes.
    """
    check_bytes(len(data), limits)
    with _quietly():
        opened = [_open(data, limits)]
        format, (width, height) = opened[0].format, opened[0].size
        _check_pixels(width, height, limits)
        begin(width * height / 1e6, width * height * _pixel_bytes(opened[0]))
        try:
            _check_work(opened[0], data, limits)
            return rgb(opened.pop())  # held by nobody here: what it is made from may go
        except LenteError:
            raise
        except MemoryError as error:
            raise too_heavy(name(format)) from error
        except Exception as error:  # a damaged file makes decoders raise nearly anything
            raise damaged(name(format)) from error


def too_heavy(format: str) -> TooLarge:
    """What is said of a file whose pixels take more memory than it may have."""
    template = N_(
        "The {format} file needs too much memory while it is decoded. "
        "Make the picture smaller, or save it as JPEG, and send it again."
    )
    return TooLarge("picture_too_heavy", template, format=format)


def too_slow(format: str) -> TooLarge:
    """What is said of a file whose pixels take more of a processor's time than it may have."""
    template = N_(
        "The {format} file takes too long to decode. Make the picture smaller, or save it as JPEG, and send it again."
    )
    return TooLarge("picture_too_slow", template, format=format)


def check_bytes(count: int, limits: Limits) -> None:
    """Refuses a file of `count` bytes that is empty or larger than the limit."""
    if count == 0:
        raise BadPicture("picture_empty", N_("The file is empty. {accepted} are accepted."), accepted=ACCEPTED)
    if count > limits.megabytes * 1e6:
        template = N_(
            "The file has {found:.1f} MB; at most {most:g} MB are accepted. "
            "Make the picture smaller, or save it as JPEG, and send it again."
        )
        raise TooLarge("picture_too_many_bytes", template, found=count / 1e6, most=limits.megabytes)


def rgb(image: Image.Image) -> Image.Image:
    """`image` upright, in RGB: transparency on paper, CMYK and LAB through their profiles, deep greys in 0..255.

    RGB values are kept as the file has them, whatever its profile says, so that they are the ones other programs show.
    Where something is transparent, the paper is white, or black if what can be seen differs clearly more from that.
    """
    samples = _samples(image)
    image.load()
    with suppress(Exception):  # a picture with broken metadata is still a picture
        if image.getexif().get(_ORIENTATION, 1) != 1:
            image = ImageOps.exif_transpose(image)
    return _on_paper(_in_colour(image, samples))


def to_tensor(picture: Picture) -> Tensor:
    """(H, W, C), 0..255, as (C, H, W), 0..1."""
    planes = picture.transpose(2, 0, 1)
    return np.divide(planes, np.float32(255), dtype=np.float32, order="C")


def resized(picture: Picture, longest: int) -> Picture:
    """`picture` with its longer side at most `longest` pixels, averaged down; never enlarged."""
    height, width = picture.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX, reducing_gap=3.0))


def encoded(picture: Picture, format: str) -> bytes:
    """`picture` as the bytes of a "JPEG" (quality 90, no colour subsampling), "PNG" or lossless "WEBP" file."""
    options: dict[str, dict[str, Any]] = {
        "JPEG": {"quality": 90, "subsampling": 0},
        "PNG": {"compress_level": 1},
        "WEBP": {"lossless": True, "method": 0, "quality": 20},  # of effort
    }
    file = io.BytesIO()
    Image.fromarray(picture).save(file, format, **options[format])
    return file.getvalue()


def _open(data: bytes, limits: Limits) -> Image.Image:
    formats = (*FORMATS, _heic()) if data[4:8] == b"ftyp" else FORMATS
    try:
        image = Image.open(io.BytesIO(data), formats=formats)
    except Image.DecompressionBombError as error:
        template = N_(
            "The picture has too many pixels; at most {most:g} million pixels are accepted. "
            "Make it smaller and send it again."
        )
        raise TooLarge("picture_too_many_pixels", template, most=limits.megapixels) from error
    except Exception as error:  # see read_picture
        found = description(data)
        if found == "TIFF":
            return _open_tiff(data, limits)
        raise _refusal(data, found) from error
    return _open_tiff(data, limits) if _is_misread(image) else image


def _heic() -> str:
    """Pillow's name for HEIC, once it has learnt to read it; not at the start, which that would delay."""
    from pi_heif import HeifImageFile, register_heif_opener

    register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=2)
    return str(HeifImageFile.format)


def _refusal(data: bytes, found: str) -> BadPicture:
    """Why `data`, which is `found`, is not read."""
    if not is_accepted(found):
        template = N_("The file is not a picture that can be read here ({found}). {accepted} are accepted.")
        return BadPicture("picture_unknown", template, found=found, accepted=ACCEPTED)
    channels, bits = channels_and_bits(data) or (1, 8)
    if channels not in (1, 3, 4):
        return _too_many_channels(found, channels)
    deep = found == "JPEG" and bits > 8
    return _not_read(found, f"{channels} × {bits} bit") if deep else damaged(found)


def damaged(format: str) -> BadPicture:
    """What is said of a file that cannot be decoded."""
    template = N_("The {format} file is damaged or incomplete: it cannot be decoded.")
    return BadPicture("picture_damaged", template, format=format)


def _too_many_channels(format: str, channels: int) -> BadPicture:
    template = N_(
        "The {format} file has {channels} numbers for each pixel; 1 (grey), 3 (red, green, blue) or 4 (transparency "
        "too, or CMYK) are accepted. Choose three of them and save those."
    )
    return BadPicture("picture_channels", template, format=format, channels=channels)


def _not_read(format: str, found: str) -> BadPicture:
    template = N_(
        "The {format} file keeps its pixels in a way that is not read here ({found}). "
        "Grey and RGB are accepted, as PNG or as TIFF without compression."
    )
    return BadPicture("picture_pixels", template, format=format, found=found)


def _check_pixels(width: int, height: int, limits: Limits) -> None:
    if width * height <= limits.megapixels * 1e6:
        return
    template = N_(
        "The picture has {width} × {height} pixels; at most {most:g} million pixels are accepted. "
        "Make it smaller, {fitting_width} × {fitting_height} at most, and send it again."
    )
    scale = (limits.megapixels * 1e6 / (width * height)) ** 0.5
    fitting = {"fitting_width": max(1, int(width * scale)), "fitting_height": max(1, int(height * scale))}
    values = {"width": width, "height": height, "most": limits.megapixels, **fitting}
    raise TooLarge("picture_too_many_pixels", template, **values)


def _check_work(image: Image.Image, data: bytes, limits: Limits) -> None:
    """Refuses what takes far longer, or far more memory, than its pixels do, where the format tells beforehand."""
    if image.format in ("JPEG", "MPO"):
        _check_scans(data.count(b"\xff\xda"), image.width * image.height)
    elif image.format == "AVIF":
        _check_pixels(*largest_frame(data), limits)
    elif isinstance(image, TiffImagePlugin.TiffImageFile):
        width, height = (int(image.tag_v2.get(tag, 0)) for tag in (322, 323))  # of a tile
        _check_pixels(width, height, limits)
    elif isinstance(image, ImageFile.ImageFile) and image.tile and image.tile[0][0] == "bmp_rle":
        _check_run_lengths(image.width * image.height)


def _check_scans(found: int, pixels: int) -> None:
    most = min(MOST_SCANS, max(16, MOST_SCANNED // max(1, pixels)))
    if found > most:
        template = N_(
            "The JPEG file is written in {found} scans, one over the other; for its size at most {most} are accepted. "
            "Save it again as an ordinary JPEG."
        )
        raise TooLarge("picture_scans", template, found=found, most=most)


def _pixel_bytes(image: Image.Image) -> int:
    more = []
    if image.format in ("JPEG", "MPO"):
        more = [image.mode == "CMYK", "progressive" in image.info]
        with suppress(Exception):  # see rgb
            more.append(image.getexif().get(_ORIENTATION, 1) != 1)
    elif image.format == "PNG":
        more = [image.has_transparency_data or image.mode.startswith("I")]
    return _PIXEL_BYTES.get(str(image.format), _PIXEL_BYTES_OF_OTHERS) + _PIXEL_BYTES_MORE * sum(more)


def _check_run_lengths(pixels: int) -> None:
    if pixels > MOST_RUN_LENGTH:
        template = N_(
            "The BMP file is compressed by run lengths and has {found} pixels; at most {most} of this kind are "
            "accepted. Save it as PNG and send it again."
        )
        raise TooLarge("picture_run_lengths", template, found=pixels, most=MOST_RUN_LENGTH)


def _is_misread(image: Image.Image) -> bool:
    """Whether Pillow would mix channels up: those that lie one after the other, where they are deep or transparent."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return False
    tags = image.tag_v2
    bits = tags.get(258, (1,))
    if tags.get(284) != 2 or len(bits) == 1:
        return False
    return image.mode in ("LA", "La") or (tags.get(259, 1) == 1 and (max(bits) > 8 or 338 in tags))


def _open_tiff(data: bytes, limits: Limits) -> Image.Image:
    """A TIFF of numbers that Pillow doesn't know, such as colours in floating point, in 8 bits.

    Uncompressed ones alone, so that none has more bytes than its file.
    """
    from tifffile import TiffFile

    logging.getLogger("tifffile").setLevel(logging.CRITICAL)  # the refusal says what is wrong with an upload
    try:
        page = TiffFile(io.BytesIO(data)).pages.first
        width, height, channels = int(page.imagewidth), int(page.imagelength), int(page.samplesperpixel)
        if not (0 < width < 2**32 and 0 < height < 2**32 and 0 < channels < 2**16):
            raise ValueError("no size that a TIFF can have")
        described = _layout(page)[:50]
        extra = channels - (3 if page.photometric == 2 else 1)
        readable = page.compression == 1 and page.photometric in (0, 1, 2) and page.imagedepth == 1
        readable = readable and _is_whole(page) and page.dtype is not None and page.dtype.kind in "uif"
    except Exception as error:  # see read_picture
        raise damaged("TIFF") from error
    _check_pixels(width, height, limits)
    if extra > 1:
        raise _too_many_channels("TIFF", channels)
    if not readable or extra < 0:
        raise _not_read("TIFF", described)
    try:
        if page.nbytes > len(data):
            raise ValueError("fewer bytes than pixels")
        return _from_page(page, extra)
    except Exception as error:  # see read_picture
        raise damaged("TIFF") from error


def _is_whole(page: "TiffPage") -> bool:
    """Whether each number has as many bits as one of NumPy's."""
    return page.dtype is not None and page.bitspersample == 8 * page.dtype.itemsize


def _layout(page: "TiffPage") -> str:
    kind = page.dtype.name if page.dtype and _is_whole(page) else f"{page.bitspersample} bit"
    named = [getattr(one, "name", str(one)) for one in (page.photometric, page.compression)]
    return ", ".join([f"{page.samplesperpixel} × {kind}", *named])


def _from_page(page: "TiffPage", extra: int) -> Image.Image:
    values = page.asarray(maxworkers=1)
    if values.ndim == 3 and page.planarconfig == 2:
        values = values.transpose(1, 2, 0)
    values = values.reshape(page.imagelength, page.imagewidth, page.samplesperpixel)
    colours = values[..., :-1] if extra else values
    samples = _Samples(values.dtype.itemsize * 8, values.dtype.kind, page.photometric == 0)
    planes = list(np.moveaxis(_eight_bits(colours, samples), 2, 0))
    alpha_kind = int(page.extrasamples[0]) if extra and page.extrasamples else 0
    if alpha_kind:
        planes.append(_opacity(values[..., -1]))
    mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[len(planes)]
    image = Image.merge(mode.replace("A", "a") if alpha_kind == 1 else mode, [Image.fromarray(one) for one in planes])
    orientation = page.tags.get(274)
    image.getexif()[_ORIENTATION] = int(orientation.value) if orientation else 1
    return image


def _opacity(alpha: Values) -> Picture:
    most = 1.0 if alpha.dtype.kind in "bf" else float(np.iinfo(alpha.dtype).max)
    return np.round(np.clip(np.nan_to_num(alpha.astype(np.float64)) / most, 0, 1) * 255).astype(np.uint8)


def _samples(image: Image.Image) -> _Samples:
    """How the file of `image`, which is not loaded yet, means its samples."""
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        return _samples_of_tiff(image.tag_v2)
    if image.format == "PNG" and isinstance(image, ImageFile.ImageFile) and image.tile:
        bits = str(image.tile[0][3]).rpartition(";")[2].rstrip("B")  # Pillow gives 2 and 4 as 8, and 16 of RGB too
        return _Samples(int(bits) if bits.isdigit() else 8)
    if image.mode == "CMYK":  # Pillow turns every JPEG's ink around, which is right for Adobe's alone
        return _Samples(8, negative=image.format in ("JPEG", "MPO") and "adobe" not in image.info)
    deep = {"F": _Samples(32, "f"), "I": _Samples(32, "i")}
    return deep.get(image.mode, _Samples(16 if image.mode.startswith("I;16") else 8))


def _samples_of_tiff(tags: TiffImagePlugin.ImageFileDirectory_v2) -> _Samples:
    bits, kind = int(tags.get(258, (1,))[0]), {2: "i", 3: "f"}.get(tags.get(339, (1,))[0], "u")
    native = tags.prefix == b"II" or tags.get(259, 1) == 1
    swapped = not native and (bits == 32 or (bits == 16 and kind == "i"))  # by libtiff and once more by Pillow
    return _Samples(bits, kind, tags.get(262) == 0, swapped)


def _in_colour(image: Image.Image, samples: _Samples) -> Image.Image:
    """`image` with 8 bits for each channel, as RGB or, where something may be transparent, RGBA."""
    if image.mode.startswith(("I", "F")) or (image.mode == "L" and samples.kind == "i"):
        return _deep_grey(image, samples)
    if image.mode in ("CMYK", "LAB"):
        return _through_profile(image, samples.negative)
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    if "transparency" in image.info:
        image.info["transparency"] = _in_eight_bits(image.info["transparency"], image.mode, samples.bits)
    if image.mode == "RGBA":  # to convert it would be to copy it
        return image
    return (image.convert("LA") if image.mode == "La" else image).convert("RGBA")


def _deep_grey(image: Image.Image, samples: _Samples) -> Image.Image:
    values = np.asarray(image)
    if samples.swapped:
        values = values.astype(f"{values.dtype.kind}{samples.bits // 8}").byteswap()
    if values.dtype.kind == "i" and samples.kind == "u":
        values = values.view(np.uint32)  # Pillow has no such mode, and puts them where signed ones belong
    elif values.dtype == np.uint8:
        values = values.view(np.int8)
    grey = Image.fromarray(_eight_bits(values, samples))
    transparent = image.info.get("transparency")
    if not isinstance(transparent, int):
        return grey.convert("RGB")
    grey.putalpha(Image.fromarray(np.where(values == transparent, 0, 255).astype(np.uint8)))
    return grey.convert("RGBA")


def _eight_bits(values: Values, samples: _Samples) -> Picture:
    """`values` in 0..255, 255 white: up to 16 bits by their whole range, others by the smallest that holds them all."""
    whole = samples.kind == "u" and samples.bits <= 16
    low, high = (0.0, 2.0**samples.bits - 1) if whole else _range(values, samples.kind)
    scale, grey = 255 / (high - low) if high > low else 0.0, np.empty(values.shape, np.uint8)
    for band in _bands(values):
        scaled = (_numbers(values[band]) - low) * scale
        grey[band] = np.round(255 - scaled if samples.negative else scaled)
    return grey


def _bands(values: Values) -> Iterator[slice]:
    """Some rows after others, so that what is made of each needs little memory."""
    rows = max(1, _BAND * len(values) // max(1, values.size))
    return (slice(first, first + rows) for first in range(0, len(values), rows))


def _numbers(values: Values) -> Values:
    return np.nan_to_num(values.astype(np.float64), posinf=0, neginf=0)


def _range(values: Values, kind: str) -> tuple[float, float]:
    found = [(band.min(), band.max()) for band in (_numbers(values[rows]) for rows in _bands(values))]
    low, high = (float(end) for end in (min(one[0] for one in found), max(one[1] for one in found)))
    for top in (1.0, 255.0, 65535.0) if kind in "bf" else (255.0, 65535.0):
        if low >= 0 and high <= top:
            return 0.0, top
    return low, high


def _in_eight_bits(transparent: Any, mode: str, bits: int) -> Any:
    """The value or colour of a PNG that stands for nothing, as Pillow has the pixels.

    Of colours with 16 bits Pillow keeps the upper 8, so that those of the same upper bits are taken for it too.
    """
    if mode == "L" and bits < 8:
        return (transparent & (2**bits - 1)) * 255 // (2**bits - 1)
    return tuple(value >> 8 for value in transparent) if mode == "RGB" and bits == 16 else transparent


def _through_profile(image: Image.Image, negative: bool) -> Image.Image:
    profile = image.info.get("icc_profile")
    image = ImageChops.invert(image) if negative else image
    if image.mode == "CMYK" and not profile:
        return image.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile)) if profile else ImageCms.createProfile("LAB")
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        converted = None
    return converted or image.convert("RGB")


def _on_paper(image: Image.Image) -> Image.Image:
    """`image`, RGB or RGBA, on white; on black where its visible pixels differ from that by a quarter more."""
    if image.mode == "RGB":
        return image
    visible = light = 0.0
    for _, part in _parts(image):
        alpha = part.getchannel("A")
        visible += ImageStat.Stat(alpha).sum[0]
        light += ImageStat.Stat(ImageChops.multiply(part.convert("L"), alpha)).sum[0]
    level = 0 if light > 1.25 * (visible - light) else 255
    whole = Image.new("RGB", image.size)
    for top, part in _parts(image):
        paper = Image.new("RGBA", part.size, (level, level, level, 255))
        whole.paste(Image.alpha_composite(paper, part).convert("RGB"), (0, top))
    return whole


def _parts(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """Some rows of `image` after others, and which is the first of them."""
    rows = max(1, _BAND // image.width)
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(top + rows, image.height)))


@contextmanager
def _quietly() -> Iterator[None]:
    """Pillow without warnings. One at a time: the filters are the process' own, and so is the memory."""
    with _decoding, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
