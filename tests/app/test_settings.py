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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "99999"), ("port", "-1"), ("port", "eighty"), ("queue", "-1"), ("queue", "0"), ("rate", "-5"),
        ("connections", "0"), ("store_days", "nan"), ("store_days", "-1"), ("store_days", "inf"),
        ("store_megabytes", "0"), ("upload_megabytes", "0"), ("upload_megapixels", "-3"), ("metrics_port", "70000"),
        ("log_format", "xml"), ("store", "ftp://elsewhere"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("way", ["option", "environment"])
def test_a_setting_that_cannot_be_is_told_with_its_value(
    name: str, value: str, way: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    option = "--" + name.replace("_", "-")
    if way == "environment":
        monkeypatch.setenv(f"LENTE_{name.upper()}", value)
    with pytest.raises(SystemExit) as ended:
        Settings.parse([f"{option}={value}"] if way == "option" else [])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert option in said
    assert value in said


def test_the_defaults_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    for one in fields(Settings):
        if not isinstance(one.default, bool):
            monkeypatch.setenv(f"LENTE_{one.name.upper()}", str(one.default))
    assert Settings.parse() == Settings()
