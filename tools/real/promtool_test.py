#!/usr/bin/env python3
"""Rules of Prometheus, judged by promtool: they are read, and each error budget fires when it should.

usage: promtool_test.py RULES…

For an availability objective of each file of rules, promtool plays requests of which a share fails, and looks
at the alerts after four days. Which of them should fire is computed here from the burn rates of The Site
Reliability Workbook, chapter 5, and the objective in the description, not read from the rules.
"""

import re
import subprocess
import sys
import tempfile

import yaml

BURNS = [(14.4, "page", "1h", "5m"), (6.0, "page", "6h", "30m"), (1.0, "ticket", "3d", "6h")]


def budgets(rules):
    """Availability objectives: labels, and the alerts of each burn rate in order."""
    found = {}
    for group in rules["groups"]:
        for rule in group["rules"]:
            if "alert" not in rule or "flow:errors:" not in rule["expr"]:
                continue
            promised = re.search(r"Promised: ([\d.]+)% of requests succeed", rule["annotations"]["description"])
            subject = rule["labels"]["subject"]
            found.setdefault(subject, {"system": rule["labels"]["system"], "share": float(promised.group(1)) / 100, "alerts": []})
            found[subject]["alerts"].append(rule)
    return found


def case(flow, objective, failing):
    """A case of promtool: so many of a million requests in two minutes fail, for four days."""
    bad = round(failing * 1_000_000)
    series = f'sysd_flow_requests_total{{system="{objective["system"]}",flow="{flow}",outcome="%s"}}'
    inputs = [
        {"series": series % "failure", "values": f"0+{bad}x2880"},
        {"series": series % "success", "values": f"0+{1_000_000 - bad}x2880"},
    ]
    tests = []
    budget = 1 - objective["share"]
    expected = {}
    for rule in objective["alerts"]:
        expected.setdefault(rule["alert"], [])
    possible = [burn for burn in BURNS if burn[0] * budget < 1]
    for rule, (factor, severity, _, _) in zip(objective["alerts"], possible, strict=True):
        assert rule["labels"]["severity"] == severity, rule
        if bad / 1_000_000 > factor * budget:
            expected[rule["alert"]].append({"exp_labels": rule["labels"] | {"flow": flow}, "exp_annotations": rule["annotations"]})
    for name, alerts in expected.items():
        tests.append({"eval_time": "4d", "alertname": name, "exp_alerts": alerts})
    return {"interval": "2m", "input_series": inputs, "alert_rule_test": tests}, sum(map(len, expected.values()))


def main(files):
    cases = fired = 0
    for path in files:
        subprocess.run(["promtool", "check", "rules", path], check=True, capture_output=True)
        with open(path) as file:
            rules = yaml.safe_load(file)
        objectives = budgets(rules)
        tests = []
        for flow, objective in sorted(objectives.items())[:1]:
            budget = 1 - objective["share"]
            for factor in [0.5, 2, 20]:
                if factor * budget < 1:
                    test, firing = case(flow, objective, factor * budget)
                    tests.append(test)
                    cases, fired = cases + 1, fired + firing
        if not tests:
            continue
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            # Shares are recorded before the alerts that read them; Prometheus itself evaluates both every minute.
            order = [group["name"] for group in rules["groups"]]
            cases_of = {"rule_files": [path], "evaluation_interval": "6h", "group_eval_order": order, "tests": tests}
            yaml.safe_dump(cases_of, file)
            file.flush()
            done = subprocess.run(["promtool", "test", "rules", file.name], capture_output=True, text=True)
        if done.returncode:
            print(path, done.stdout, done.stderr)
            return 1
    if not fired:
        print("no alert was ever expected: the judge judges nothing")
        return 1
    print(f"{len(files)} files of rules, {cases} runs of four days, {fired} alerts where they belong")
    return 0


sys.exit(main(sys.argv[1:]))
