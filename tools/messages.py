"""Lists what each language still has to translate, and what its catalogues hold that nothing says any more.

python -m tools.messages                    exits with 1 where something is missing or left over
python -m tools.messages --template pt      prints what is missing in a language, ready to be translated
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import normalize

from lente.app.i18n import SOURCE_LANGUAGE, languages
from lente.app.paths import ROOT

METHODS = [("app/**.py", "python"), ("models/**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
# Babel's own reader loses calls inside nested template strings.
IN_SCRIPTS = re.compile(r'''\b(?:t|N_)\(\s*"((?:[^"\\]|\\.)*)"''')
KEYWORDS = {"_": None, "N_": None, "t": None, "gettext": None}
OPTIONS = {
    "templates/**.html": {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"},
}


def said() -> set[str]:
    """Every message that a template, a script or the server can show."""
    return set(places())


def places() -> dict[str, list[str]]:
    """Every message, in the order of the sources, with the files that say it, as paths from the root."""
    found: dict[str, list[str]] = {}
    for place, message in _extracted():
        if message and place not in found.setdefault(message, []):
            found[message].append(place)
    return found


def _extracted() -> Iterator[tuple[str, str]]:
    for folder in ("app", "models", "templates"):
        methods = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in METHODS]
        options = {pattern.removeprefix(f"{folder}/"): option for pattern, option in OPTIONS.items()}
        found = extract_from_dir(Path(ROOT, folder), methods, options, KEYWORDS, directory_filter=lambda _: True)
        for file, _, message, _, _ in found:
            for one in [message] if isinstance(message, str) else message:
                yield f"{folder}/{file}", one
    for script in sorted(Path(ROOT, "static/js").rglob("*.js")):
        place = script.relative_to(ROOT).as_posix()
        for one in IN_SCRIPTS.findall(script.read_text(encoding="utf-8")):
            yield place, json.loads(f'"{one}"')


def missing(code: str) -> list[str]:
    return sorted(said() - set(languages()[code].messages))


def template(code: str) -> str:
    """A .po file with everything that `code` does not say yet, in the order of the sources."""
    known = languages()[code].messages if code in languages() else {}
    head = f'msgid ""\nmsgstr ""\n"Language: {code}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    wanted = [message for message in places() if message not in known]
    return head + "".join(f'\nmsgid {normalize(message)}\nmsgstr ""\n' for message in wanted)


def left_over(code: str) -> list[str]:
    return sorted(set(languages()[code].messages) - said())


def main() -> None:
    if sys.argv[1:2] == ["--template"] and len(sys.argv) == 3:
        print(template(sys.argv[2]), end="")
        return
    wrong = 0
    for code in languages():
        if code == SOURCE_LANGUAGE:
            continue
        for title, messages in (("missing", missing(code)), ("left over", left_over(code))):
            wrong += len(messages)
            for message in messages:
                print(f"{code} {title}: {message}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
