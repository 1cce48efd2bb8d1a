"""The browser in which the pages are measured, tested and pictured."""

import shutil

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
NAMES = ("chromium-headless-shell", "chromium", "google-chrome", "chrome")


def chromium() -> str | None:
    """Where Chromium is; rather the one without windows, which opens a page four times as fast. None: not installed."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)
