"""Digits on paper and drawings that fill their picture, as people bring them, through the API."""

import io
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from safetensors.numpy import load

from lente.app.pictures.samples import SAMPLES
from tests.app.digits.handwriting import HANDS, HEIGHT, WIDTH, Paper, Points, Shot, Values, drawing, hands, photograph

NOTHING: list[Points] = [[(0.0, 0.0), (0.0, 0.0)]]
PALE, DARK = (158, 184, 214), (70, 95, 150)


def ask(client: TestClient, picture: bytes, query: str = "", **headers: str) -> Any:
    return client.post(f"/api/digits{query}", files={"file": ("digit", picture)}, headers=headers)


def read(client: TestClient, picture: bytes) -> int | str:
    """The digit that is read, or the code of the refusal."""
    answer = ask(client, picture, accept="application/json").json()
    return answer["error"]["code"] if "error" in answer else answer["digit"]


def png(values: Values) -> bytes:
    file = io.BytesIO()
    Image.fromarray(values).save(file, "PNG")
    return file.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("fall", [0, 0.35])
@pytest.mark.parametrize("pen", [9, 22])
@pytest.mark.parametrize(("paper", "least"), [("plain", 20), ("lined", 18), ("squared", 18)])
def test_twenty_shapes_are_read_on_paper(client: TestClient, paper: Paper, least: int, pen: int, fall: float) -> None:
    wrong = {}
    for i, (digit, strokes) in enumerate(hands()):
        shot = Shot(paper, pen, fall, line=DARK if i % 2 else PALE, turned=(i % 5) - 2.0)
        found = read(client, photograph(strokes, shot, seed=i))
        if found != digit:
            wrong[f"{digit}, hand {i % 2}"] = found
    assert 20 - len(wrong) >= least, wrong


@pytest.mark.slow
def test_chalk_on_a_board_in_uneven_light_is_light_ink(client: TestClient) -> None:
    chalk = Shot("squared", 16, 0.35, ink=(232, 234, 228), line=(78, 98, 88), sheet=(44, 58, 52))
    for digit, variants in HANDS.items():
        assert read(client, photograph(variants[0], chalk, seed=digit)) == digit


def test_what_was_taken_for_ink_is_the_pen_s_alone(client: TestClient) -> None:
    shot = Shot("squared", 16, 0.3, line=DARK, turned=2.0)
    ink = load(ask(client, photograph(HANDS[5][0], shot, seed=1), "?steps=true").content)["ink"]
    plain = replace(shot, paper="plain", fall=0.0, turned=0.0)
    sheet = np.asarray(Image.open(io.BytesIO(photograph(HANDS[5][0], plain, seed=1))).convert("L"))
    drawn = cv2.resize(np.uint8(sheet < 130) * np.float32(1), ink.shape[::-1], interpolation=cv2.INTER_AREA)
    assert ink[drawn > 0.9].min() > 0.4, "every stroke is ink"
    around = cv2.dilate(drawn, np.ones((9, 9))) > 0
    assert ink[~around].max() == 0, "and nothing else is"


@pytest.mark.parametrize("paper", ["plain", "lined", "squared"])
@pytest.mark.parametrize("fall", [0, 0.35])
def test_paper_without_a_digit_is_refused(client: TestClient, paper: Paper, fall: float) -> None:
    empty = Shot(paper, 1, fall, ink=Shot().sheet, line=DARK)
    assert read(client, photograph(NOTHING, empty, seed=1)) == "no_digit"


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - {"sample-seven"}))
def test_a_picture_of_anything_else_is_refused(client: TestClient, name: str) -> None:
    assert read(client, png(SAMPLES[name].read())) == "no_digit"


def test_a_scan_of_squared_paper_is_no_drawing(client: TestClient) -> None:
    """Without light or noise the paper is as even as a drawing's; the squares are still not the pen's."""
    scan = np.full((HEIGHT, WIDTH), 255, np.uint8)
    scan[12::38] = scan[13::38] = scan[:, 20::38] = scan[:, 21::38] = 150
    drawn = drawing(HANDS[3][0], (WIDTH, HEIGHT), pen=14, high=400)
    assert read(client, png(np.minimum(scan, 255 - drawn))) == 3


@pytest.mark.parametrize("dark_on_light", [False, True])
def test_a_drawing_may_fill_its_picture(client: TestClient, dark_on_light: bool) -> None:
    """Drawn with a broad pen and cut out along its ink, as a digit of MNIST is: half of it and more is ink."""
    shares = []
    for digit in (0, 2, 3, 5, 8):
        whole = drawing(HANDS[digit][0], (700, 700), pen=110, high=400)
        rows, columns = np.flatnonzero(whole.any(1)), np.flatnonzero(whole.any(0))
        cut = whole[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        shares.append((cut > 127).mean())
        assert read(client, png(255 - cut if dark_on_light else cut)) == digit
    assert min(shares) > 0.4
    assert max(shares) > 0.5
