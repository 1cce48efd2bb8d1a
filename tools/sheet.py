"""Writes the sheet of the pictures that come along: `python -m tools.sheet`, whenever one of them changes."""

from PIL import Image, ImageOps

from lente.app.pictures.samples import CELL, SAMPLES, SHEET


def main() -> None:
    width, height = CELL
    whole = Image.new("RGB", (width * len(SAMPLES), height))
    for i, sample in enumerate(SAMPLES.values()):
        whole.paste(ImageOps.fit(Image.fromarray(sample.read()), CELL, Image.Resampling.BOX), (i * width, 0))
    whole.save(SHEET, "WEBP", quality=80, method=6)


if __name__ == "__main__":
    main()
