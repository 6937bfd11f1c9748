#!/bin/sh
# Validates SARIF with Microsoft's own tool under the rules of the standard and of GitHub's code scanning:
# tools/real/sarif_validate.sh FILE..., run in a folder with @microsoft/sarif-multitool installed.
#
# The tool's exit code is 0 even at errors, so its report is read. Everything in it counts, but for one remark:
# that the tool has no address of its own (SARIF2005, informationUri), which it has not.
set -u
tool=$(find node_modules/@microsoft -name Sarif.Multitool -type f | head -n 1)
chmod u+x "$tool" || exit 1
passed=0 failed=0
for file in "$@"; do
  "$tool" validate "$file" --rule-kind "Sarif;Ghas" --output verdict.sarif --log ForceOverwrite >output.txt 2>&1
  if python3 - <<'PYTHON'
import json, sys
runs = json.load(open("verdict.sarif", encoding="utf-8-sig"))["runs"]
results = [r for run in runs for r in run.get("results", [])]
left = [r for r in results if r["message"].get("id") != "Warning_ProvideToolnformationUri"]
for r in left:
    print("failed", r["ruleId"], json.dumps(r["message"]), file=sys.stderr)
sys.exit(1 if left or not runs else 0)
PYTHON
  then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    cat output.txt >&2
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
