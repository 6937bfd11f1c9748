#!/bin/sh
# Takes a picture of an SVG file in Chromium: tools/real/svg_shot.sh IN.svg OUT.png [dark]
# Needs Debian's `chromium`. Exits 1 if there is no picture.
size=$(sed -n 's/.* width="\([0-9]*\)" height="\([0-9]*\)" role.*/\1,\2/p' "$1" | head -n 1)
work=$(mktemp -d)
if [ "$3" = dark ]; then
  sed 's/@media (prefers-color-scheme:dark)/@media screen/' "$1" >"$work/picture.svg"
else
  cp "$1" "$work/picture.svg"
fi
chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
  --disable-component-update --disable-sync --user-data-dir="$work/profile" --hide-scrollbars \
  --window-size="$size" --screenshot="$2" "file://$work/picture.svg" >/dev/null 2>&1
rm -rf "$work"
[ -s "$2" ]
