"""Takes the pictures of the README: every page, on a laptop and on a phone, in both languages.

python tools/screenshots.py        writes docs/screenshots/*.jpeg
"""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from lente.app.pages.routes import HOME, PAGES
from lente.benchmarks.browser import chromium

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "screenshots"
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "lente", "serve", "--port", "0"]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server,
        sync_playwright() as playwright,
    ):
        assert server.stdout is not None
        address = server.stdout.readline().split()[3].rstrip("/")
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for page in [HOME, *PAGES]:
            shoot(browser, address + page.path("en"), FOLDER / f"{page.noun}.jpeg", LAPTOP, "light")
            shoot(browser, address + page.path("es"), FOLDER / f"{page.noun}-phone.jpeg", PHONE, "dark")
        browser.close()
        server.terminate()


def shoot(browser: Browser, address: str, file: Path, viewport: dict[str, int], scheme: str) -> None:
    """One picture, once nothing more is being loaded."""
    page = browser.new_page(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    page.screenshot(path=file, type="jpeg", quality=82)
    page.close()
    print(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
