"""axe-core in a page, through the browser's debugger, since the page's policy forbids scripts from elsewhere."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

RUN = """axe.run(document, {{
  resultTypes: ["violations"], preload: false, rules: {{ "target-size": {{ enabled: true }}, {rules} }},
}}).then(({{ violations }}) => violations.flatMap(({{ id, nodes }}) =>
  nodes.map(({{ target, html, failureSummary }}) =>
    [id, target.flat(9).join(" "), html.slice(0, 120), failureSummary].join(" | "))))"""


@cache
def _source() -> str:
    return SOURCE.read_text(encoding="utf-8")


def violations(page: Page, contrast: bool = True) -> list[str]:
    """What axe-core finds in the page as it is now, shadow trees included; rule, place, markup and reason of each."""
    rules = "" if contrast else '"color-contrast": { enabled: false }'
    session = page.context.new_cdp_session(page)
    try:
        if not _evaluate(session, "'axe' in globalThis"):
            _evaluate(session, _source() + ";true")
        found: list[str] = _evaluate(session, RUN.format(rules=rules))
        return found
    finally:
        session.detach()


def _evaluate(session: Any, expression: str) -> Any:
    answer = session.send("Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True})
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"]["value"]
