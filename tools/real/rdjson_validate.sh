#!/bin/sh
# Validates diagnostics for reviewdog: tools/real/rdjson_validate.sh FILE..., run in a folder with
# @umbrelladocs/rdformat-validator installed.
exec node node_modules/@umbrelladocs/rdformat-validator/bin/rdformat-validator.js --strict --no-extra-fields "$@"
