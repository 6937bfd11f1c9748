#!/usr/bin/env python3
"""Recomputes fault trees with SCRAM: tools/real/scram_compare.py SYSD DESIGN...

Exports every flow of each design, and of 200 random ones, as Open-PSA; lets Debian's `scram` compute its
probability on its own decision diagram and its minimal cut sets, and compares both with the report. SCRAM
prints six digits, so the comparison of numbers is relative to 1e-5; cut sets must be equal, up to order 3.
Exits 1 at a difference.
"""
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

# A diagram of SCRAM over many replicas takes minutes; such trees are counted and said.
SECONDS = 20
# As far as the report lists cut sets, and at most as many of them.
ORDER = 3
LISTED = 1000
RANDOM = 200


class Tally:
    def __init__(self):
        self.passed = self.failed = self.slow = 0

    def fail(self, text):
        self.failed += 1
        print(f"failed {text}", file=sys.stderr)


def compare(sysd, design, name, tally):
    report = subprocess.run([sysd, "report", design, "--format", "json"], capture_output=True, text=True)
    if report.returncode != 0:
        # A naive design may have errors of the language; a random one may not.
        if name is not None:
            tally.fail(f"{name}: {report.stderr[:300]}")
        return
    flows = json.loads(report.stdout)["flows"]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sysd, "export", "open-psa", design, "-o", folder], capture_output=True)
        for tree in sorted(pathlib.Path(folder).glob("*.xml")):
            where = f"{name or design} {tree.stem}"
            flow = flows[tree.stem]
            if not flow["unavailability"]:
                continue
            result = tree.with_suffix(".out")
            command = ["scram", "--bdd", "--probability", "true", "--limit-order", str(ORDER), str(tree), "-o", str(result)]
            try:
                subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)
            except subprocess.TimeoutExpired:
                tally.slow += 1
                continue
            except subprocess.CalledProcessError as error:
                tally.fail(f"{where}: {error.stderr[:200]}")
                continue
            found = xml.parse(result).find(".//sum-of-products")
            wrong = difference(flow, found, labels(tree)) if found is not None else "scram says nothing"
            if wrong:
                tally.fail(f"{where}: {wrong}")
            else:
                tally.passed += 1


def difference(flow, found, labels):
    theirs, ours = float(found.get("probability")), flow["unavailability"]
    if abs(theirs - ours) > 1e-5 * ours:
        return f"scram says {theirs}, sysd {ours}"
    theirs = {grouped(product, labels) for product in found.iter("product")}
    listed = [s for s in flow["cut_sets"] if s["order"] <= ORDER]
    if len(listed) >= LISTED:
        return None
    ours = {frozenset(s["events"]) for s in listed}
    if theirs != ours:
        only = lambda a, b: sorted(sorted(s) for s in a - b)[:3]
        return f"cut sets of scram alone {only(theirs, ours)}, of sysd alone {only(ours, theirs)}"
    return None


def labels(tree):
    events = xml.parse(tree).iter("define-basic-event")
    return {event.get("name"): event.findtext("label") for event in events}


def grouped(product, labels):
    """Replicas as the report says them: `api in zone1 1 of 2` and `api in zone1 2 of 2` are `api 2 of 2 in zone1`."""
    counts = {}
    for event in product.iter("basic-event"):
        label = labels[event.get("name")]
        match = re.fullmatch(r"(.*) \d+ of (\d+)", label)
        key = (match[1], int(match[2])) if match else (label, 1)
        counts[key] = counts.get(key, 0) + 1
    texts = []
    for (label, total), count in counts.items():
        if total == 1:
            texts.append(label)
            continue
        name, place, where = label.partition(" in ")
        texts.append(f"{name} {count} of {total}{place}{where}")
    return frozenset(texts)


def random_design(dice):
    """Elements of every kind in two regions, a flow of calls, alternatives, caches and optional steps."""
    lines = [
        f"assume {{ zone {dice.choice([99, 99.5, 99.9])}%, region {dice.choice([99.9, 99.99])}% }}",
        "region us { zones 3 }", "region eu { zones 2 }", "actor user",
    ]
    names = [f"p{i}" for i in range(dice.randint(3, 8))]
    caches = []
    for name in names:
        replicas = dice.randint(1, 5)
        body = [f"replicas {replicas}", f"availability {dice.choice([90, 97, 99, 99.9])}%"]
        place = dice.choice(["", "", "zones 2", "zones 3", "in us", "in us eu", "place { us.zone1 R }"])
        if place:
            body.append(place.replace("R", str(replicas)))
        if dice.random() < 0.2 and replicas > 1:
            body.append(f"common_cause {dice.choice([5, 10, 20])}%")
        kind = dice.choice(["service", "service", "service", "store", "store", "cache", "queue", "external"])
        if kind == "external":
            body = [body[1]]
        elif kind == "service" and dice.random() < 0.4:
            body.append(f"needs {dice.randint(1, replicas)}")
        elif kind == "store":
            body.append(dice.choice(["replication { mode raft }", "failover automatic 10s", ""]))
        elif kind == "cache":
            caches.append(name)
        lines.append(f"{kind} {name} {{ {', '.join(part for part in body if part)} }}")
    lines.append("service root { availability 99.95% }")
    lines.append("flow f {")
    lines.append("  user -> root")

    def steps(depth, indent):
        for _ in range(dice.randint(1, 3)):
            to = dice.choice(names)
            shape = dice.random()
            if depth and shape < 0.3:
                lines.append(f"{indent}root -> {to}")
                lines.append(f"{indent}on failure {{")
                steps(depth - 1, indent + "  ")
                lines.append(f"{indent}}}")
            elif depth and shape < 0.5:
                lines.append(f"{indent}try {{")
                steps(depth - 1, indent + "  ")
                lines.append(f"{indent}}}")
                lines.append(f"{indent}on failure {{")
                steps(depth - 1, indent + "  ")
                lines.append(f"{indent}}}")
            elif depth and caches and shape < 0.6:
                lines.append(f"{indent}root -> {dice.choice(caches)} read thing")
                lines.append(f"{indent}on miss {{")
                steps(depth - 1, indent + "  ")
                lines.append(f"{indent}}}")
            elif shape < 0.7:
                lines.append(f"{indent}root -> {to} {{ optional }}")
            else:
                lines.append(f"{indent}root -> {to}")

    steps(2, "  ")
    lines.append("}")
    return "\n".join(lines) + "\n"


def main(sysd, designs):
    tally = Tally()
    for design in designs:
        compare(sysd, design, None, tally)
    # The same designs in every run.
    dice = random.Random(20)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(RANDOM):
            path = pathlib.Path(folder) / f"random{number}.sysd"
            path.write_text(random_design(dice))
            before = tally.failed
            compare(sysd, str(path), f"random design {number}", tally)
            if tally.failed > before:
                print(path.read_text(), file=sys.stderr)
    print(f"{tally.passed} passed, {tally.failed} failed, {tally.slow} too large for scram in {SECONDS} s")
    return 1 if tally.failed or not tally.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
