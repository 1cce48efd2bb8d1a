"""The audit tells what is known from what could not be asked."""

from tools.audit import Audit, read_npm, read_python, told


def test_what_could_not_be_looked_up_is_no_clean_bill() -> None:
    left_out = {"dependencies": [{"name": "a", "skip_reason": "Dependency not found"}]}
    assert "NOT AUDITED" in told("Python", read_python(left_out))
    assert "NOT AUDITED" in told("npm", read_npm({"error": {"summary": "unreachable"}}))
    assert "NOT AUDITED" in told("npm", None)


def test_what_is_known_is_named_with_its_mended_version() -> None:
    wrong = {"id": "PYSEC-1", "fix_versions": ["2.1"]}
    packages = [{"name": "a", "version": "2.0", "vulns": [wrong]}, {"name": "b", "version": "1", "vulns": []}]
    audit = read_python({"dependencies": packages})
    assert audit == Audit(2, 2, ["a 2.0: PYSEC-1, mended in 2.1"])
    assert "PYSEC-1" in told("Python", audit)
    counts = {"metadata": {"dependencies": {"total": 3}}}
    found = read_npm({"vulnerabilities": {"lit": {"severity": "high"}}, **counts})
    assert found == Audit(3, 3, ["lit: high"])
    assert "nothing wrong is known" in told("npm", read_npm({"vulnerabilities": {}, **counts}))
