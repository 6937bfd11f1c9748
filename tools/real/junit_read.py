#!/usr/bin/env python3
"""Reads JUnit XML with junitparser, and holds it against the shape that Jenkins' xunit plugin takes
(junit-10.xsd): tools/real/junit_read.py FILE... Exits 1 at a difference."""
import sys
import xml.etree.ElementTree as xml

from junitparser import JUnitXml

ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id",
                  "package", "file", "log", "url"},
    "testcase": {"name", "time", "classname", "group"},
    "failure": {"type", "message"},
    "skipped": {"type", "message"},
    "system-out": set(),
}
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testcase"},
    "testcase": {"failure", "skipped", "system-out"},
}


def faults(node):
    extra = set(node.keys()) - ATTRIBUTES.get(node.tag, set())
    if node.tag not in ATTRIBUTES or extra:
        yield f"<{node.tag}> has {sorted(extra)}"
    for child in node:
        if child.tag not in CHILDREN.get(node.tag, set()):
            yield f"<{child.tag}> in <{node.tag}>"
        yield from faults(child)


def main(files):
    cases = failed = 0
    for name in files:
        for fault in faults(xml.parse(name).getroot()):
            print(f"failed {name}: {fault}", file=sys.stderr)
            failed += 1
        read = JUnitXml.fromfile(name)
        there = [case for suite in read for case in suite]
        failures = sum(1 for case in there for r in case.result if type(r).__name__ == "Failure")
        if (read.tests, read.failures) != (len(there), failures):
            print(f"failed {name}: counts {read.tests} and {read.failures}, has {len(there)} and {failures}", file=sys.stderr)
            failed += 1
        cases += len(there)
    print(f"{cases} cases read, {failed} failed")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
