"""Settings are data with help."""

from dataclasses import fields
from pathlib import Path

import pytest

from lente.app.settings import Settings


@pytest.mark.parametrize("name", [one.name for one in fields(Settings)])
def test_a_setting_says_what_it_is(name: str) -> None:
    setting = next(one for one in fields(Settings) if one.name == name)
    assert len(setting.metadata["help"]) > 20


def test_an_option_beats_the_environment_beats_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.parse().port == 8000
    monkeypatch.setenv("LENTE_PORT", "9000")
    monkeypatch.setenv("LENTE_STORE", "/somewhere")
    assert Settings.parse().port == 9000
    assert Settings.parse(["--port", "9001"]).port == 9001
    assert Settings.parse().store == Path("/somewhere")
