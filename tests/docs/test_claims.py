"""Every sentence that claims something has what carries it."""

import pytest

from tools import claims


def test_every_sentence_is_marked_and_every_mark_names_what_is_there() -> None:
    assert list(claims.faults()) == []


def test_the_list_is_what_the_marks_make() -> None:
    assert claims.WRITTEN.read_text(encoding="utf-8") == claims.written()


@pytest.mark.parametrize(
    ("carrier", "why"),
    [
        ("definition", ""),
        ("card vae_2d.kl_nats", ""),
        ("card vae_2d_beta_0.1.kl_nats", ""),
        ("card vae_2d.nothing", "no such figure"),
        ("card nobody.kl_nats", "no such figure"),
        ("tests/docs/test_claims.py::test_what_is_not_there_carries_nothing", ""),
        ("tests/docs/test_claims.py::test_what_is_not", "no such test"),
        ("tests/js/frame/typeset.test.js::an 8, an 11 and an 18, but a 7 and a 1", ""),
        ("tests/js/frame/typeset.test.js::an 8", "no such test"),
        ("tests/nowhere.py::test_a", "no such test file"),
        ("tools/claims.py::main", "no such test file"),
    ],
)
def test_what_is_not_there_carries_nothing(carrier: str, why: str) -> None:
    assert claims.missing(carrier) == why


def test_a_new_sentence_is_refused_until_it_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    new = "Every network is always right about everything"
    monkeypatch.setattr(claims, "places", lambda: {new: ["static/js/digits/page.js"]})
    assert f"not marked: {new}" in list(claims.faults())
    monkeypatch.setattr(claims, "places", lambda: {new: ["app/errors.py"]})
    assert f"not marked: {new}" not in list(claims.faults())
