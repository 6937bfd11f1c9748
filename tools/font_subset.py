#!/usr/bin/env python3
"""Rewrite the bundled fonts and the table of advance widths.

    npm install inter-ui@4.1.1
    pip install fonttools brotli
    python3 tools/font_subset.py node_modules/inter-ui

Writes src/render/fonts/inter-{400,600}.{woff2,ttf}, src/render/fonts/OFL.txt and
src/render/text_metrics/inter.rs; the TTF files are for PNG, whose renderer reads no WOFF2. The subsets carry no kerning and no ligatures,
so that the width of a text is the sum of its advances, in every viewer.
"""

import pathlib
import shutil
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = pathlib.Path(__file__).resolve().parent.parent
FONTS = ROOT / "src/render/fonts"
TABLE = ROOT / "src/render/text_metrics/inter.rs"
FACES = {400: "Inter-Regular.woff2", 600: "Inter-SemiBold.woff2"}

# Drawn from the bundled font: Latin, Latin-1, common punctuation, arrows and relations.
PUNCTUATION = "ıŒœ–—‘’‚“”„•…′″‹›€™←↑→↓↔−≈≠≤≥∞"
EMBEDDED = set(range(0x20, 0x7F)) | set(range(0xA0, 0x100)) | {ord(c) for c in PUNCTUATION}

# Measured, but drawn from a font of the viewer: Latin Extended-A, Greek, Cyrillic.
MEASURED = [(0x100, 0x17F), (0x370, 0x3FF), (0x400, 0x45F)]


def write_subset(source, weight):
    options = subset.Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = []
    options.layout_closure = False
    # 6: readers want a PostScript name; 16 and 17: both weights are found as one family.
    options.name_IDs = [0, 1, 2, 5, 6, 13, 14, 16, 17]
    options.drop_tables += ["STAT", "meta", "DSIG", "GDEF", "GPOS", "GSUB"]
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=EMBEDDED)
    subsetter.subset(font)
    for flavor, ending in [("woff2", "woff2"), (None, "ttf")]:
        font.flavor = flavor
        font.save(FONTS / f"inter-{weight}.{ending}")


def runs(codes):
    run = []
    for code in sorted(codes):
        if run and code != run[-1] + 1:
            yield run
            run = []
        run.append(code)
    if run:
        yield run


def table(source):
    font = TTFont(source)
    cmap, advances = font.getBestCmap(), font["hmtx"]
    codes = set(EMBEDDED) | {c for low, high in MEASURED for c in range(low, high + 1)}
    lines = []
    for run in runs(c for c in codes if c in cmap and c != 0xAD):
        widths = [str(advances[cmap[c]][0]) for c in run]
        lines.append(f"    (0x{run[0]:04X}, &[")
        for start in range(0, len(widths), 16):
            lines.append("        " + ", ".join(widths[start : start + 16]) + ",")
        lines.append("    ]),")
    return lines, font["head"].unitsPerEm


def main(package):
    sources = {weight: package / "web" / name for weight, name in FACES.items()}
    FONTS.mkdir(parents=True, exist_ok=True)
    for weight, source in sources.items():
        write_subset(source, weight)
    shutil.copyfile(package / "LICENSE.txt", FONTS / "OFL.txt")
    out = [
        "//! Advance widths of Inter 4.1 by code point. Written by `tools/font_subset.py`; do not edit.",
        "",
        "/// First code point of a run, and the advances of the code points from there on, in font units.",
        "pub(super) type Run = (u32, &'static [u16]);",
        "",
    ]
    for weight, source in sources.items():
        lines, units = table(source)
        if weight == 400:
            out += ["/// Font units in one em.", f"pub(super) const UNITS_PER_EM: u32 = {units};", ""]
        out += [f"/// Weight {weight}, sorted by code point.", "#[rustfmt::skip]"]
        out += [f"pub(super) const WEIGHT_{weight}: &[Run] = &[", *lines, "];", ""]
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text("\n".join(out), encoding="utf-8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
