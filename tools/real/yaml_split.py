#!/usr/bin/env python3
"""Writes each document of the YAML files of a folder into a JSON file of its own.

usage: yaml_split.py FROM TO
"""

import json
import pathlib
import sys

import yaml

source, target = map(pathlib.Path, sys.argv[1:])
target.mkdir(parents=True, exist_ok=True)
for path in sorted(source.glob("*.yaml")):
    for number, document in enumerate(d for d in yaml.safe_load_all(path.read_text()) if d):
        (target / f"{path.stem}_{number}.json").write_text(json.dumps(document, indent=1))
