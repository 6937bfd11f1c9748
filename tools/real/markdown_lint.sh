#!/bin/sh
# Judges Markdown by markdownlint; needs markdownlint-cli2 installed in the current folder.
# Usage: markdown_lint.sh FILE... Lines are as long as sentences and tables are, headings are the author's
# titles, and anchors are the only HTML.
cat >.markdownlint.json <<'RULES'
{ "MD013": false, "MD024": false, "MD026": false, "MD033": { "allowed_elements": ["a"] } }
RULES
npx --no-install markdownlint-cli2 --config .markdownlint.json "$@" 2>&1 | grep -v '^\(markdownlint\|Finding\|Linting\)'
npx --no-install markdownlint-cli2 --config .markdownlint.json "$@" >/dev/null 2>&1 && echo "$# files are as markdownlint likes them"
