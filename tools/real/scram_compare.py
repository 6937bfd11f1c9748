#!/usr/bin/env python3
"""Recomputes fault trees with SCRAM: tools/real/scram_compare.py SYSD DESIGN...

Exports every flow of each design as Open-PSA, lets Debian's `scram` compute its probability on its own
decision diagram, and compares it with the report's unavailability. SCRAM prints six digits, so the
comparison is relative to 1e-5. Exits 1 at a difference.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

# A diagram of SCRAM over many replicas takes minutes; such trees are counted and said.
SECONDS = 20


def main(sysd, designs):
    compared = differing = slow = 0
    for design in designs:
        report = subprocess.run([sysd, "report", design, "--format", "json"], capture_output=True, text=True)
        if report.returncode != 0:
            continue
        flows = json.loads(report.stdout)["flows"]
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sysd, "export", "open-psa", design, "-o", folder], capture_output=True)
            for tree in sorted(pathlib.Path(folder).glob("*.xml")):
                ours = flows[tree.stem]["unavailability"]
                if not ours:
                    continue
                result = tree.with_suffix(".out")
                try:
                    subprocess.run(
                        ["scram", "--bdd", "--probability", "true", "--limit-order", "1", str(tree), "-o", str(result)],
                        capture_output=True, timeout=SECONDS, check=True)
                except subprocess.TimeoutExpired:
                    slow += 1
                    continue
                except subprocess.CalledProcessError as error:
                    print(f"failed {design} {tree.stem}: {error.stderr[:200]}", file=sys.stderr)
                    differing += 1
                    continue
                found = xml.parse(result).find(".//sum-of-products")
                theirs = float(found.get("probability")) if found is not None else None
                compared += 1
                if theirs is None or abs(theirs - ours) > 1e-5 * ours:
                    differing += 1
                    print(f"failed {design} {tree.stem}: scram {theirs}, sysd {ours}", file=sys.stderr)
    print(f"{compared - differing} passed, {differing} failed, {slow} too large for scram in {SECONDS} s")
    return 1 if differing or not compared else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
