"""axe-core in a page, through the browser's debugger, since the page's policy forbids scripts from elsewhere."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

SOURCE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
ALL = {"rules": {"target-size": {"enabled": True}}}
CONTRAST = {"runOnly": ["color-contrast"]}
ALL_BUT_CONTRAST = {"rules": {**ALL["rules"], "color-contrast": {"enabled": False}}}

RUN = """options => axe.run(document, { resultTypes: ["violations"], preload: false, ...options })
  .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, html, failureSummary }) =>
    [id, target.flat(9).join(" "), html.slice(0, 120), failureSummary].join(" | "))))"""


@cache
def _source() -> str:
    return SOURCE.read_text(encoding="utf-8")


def violations(page: Page, options: dict[str, Any] = ALL) -> list[str]:
    """What axe-core finds in the page as it is now, shadow trees included; rule, place, markup and reason of each."""
    session = page.context.new_cdp_session(page)
    try:
        if not _evaluate(session, "'axe' in globalThis"):
            _evaluate(session, _source() + ";true")
        found: list[str] = _evaluate(session, f"({RUN})({json.dumps(options)})")
        return found
    finally:
        session.detach()


def violations_light_and_dark(page: Page) -> list[str]:
    """All rules in the theme that the page has, and contrast in the other one."""
    found = violations(page)
    turn = "document.querySelector('#theme').click()"
    page.evaluate(turn)
    found += violations(page, CONTRAST)
    page.evaluate(turn)
    return found


def _evaluate(session: CDPSession, expression: str) -> Any:
    answer = session.send("Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True})
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"]["value"]
