"""Writes every Mermaid block of Markdown files to a folder of its own files: mermaid_blocks.py OUT FILE..."""
import pathlib
import re
import sys

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
count = 0
for name in sys.argv[2:]:
    text = pathlib.Path(name).read_text(encoding="utf-8")
    for block in re.findall(r"^```mermaid\n(.*?)^```$", text, flags=re.S | re.M):
        count += 1
        (out / f"{count:04}.mmd").write_text(block, encoding="utf-8")
print(f"{count} blocks")
sys.exit(0 if count else 1)
