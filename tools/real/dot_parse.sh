#!/bin/sh
# Lays out DOT files with Graphviz: tools/real/dot_parse.sh FILE...
# Needs Debian's `graphviz`. Exits 1 if a file does not parse or draws a warning.
failures=0
passed=0
for file in "$@"; do
  if message=$(dot -Tsvg -o /dev/null "$file" 2>&1) && [ -z "$(printf %s "$message" | grep -v -i font)" ]; then
    passed=$((passed + 1))
    echo "ok $file"
  else
    failures=$((failures + 1))
    echo "failed $file: $message" >&2
  fi
done
echo "$passed passed, $failures failed"
[ "$failures" -eq 0 ]
