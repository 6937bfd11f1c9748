#!/bin/sh
# Draws SVG files with librsvg and resvg: tools/real/svg_draw.sh FILE...
# Needs Debian's `librsvg2-bin` and PyPI's `resvg-cli`. Exits 1 if either fails or complains of more than the
# rules that resvg skips by design (fonts and dark mode) and of fonts for other scripts.
failures=0
passed=0
out=$(mktemp -d)
for file in "$@"; do
  message=$(rsvg-convert "$file" -o "$out/a.png" 2>&1 && resvg "$file" "$out/b.png" 2>&1 | grep -v -e Skipped -e Fallback)
  if [ -z "$message" ] && [ -s "$out/a.png" ] && [ -s "$out/b.png" ]; then
    passed=$((passed + 1))
    echo "ok $file"
  else
    failures=$((failures + 1))
    echo "failed $file: $message" >&2
  fi
  rm -f "$out/a.png" "$out/b.png"
done
rm -rf "$out"
echo "$passed passed, $failures failed"
[ "$failures" -eq 0 ]
