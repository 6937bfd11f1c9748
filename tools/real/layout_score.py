"""Measures a finished drawing: faults, crossings, lengths, use of space.

A drawing is {"dir", "nodes": [{"id", "x", "y", "w", "h", "parent", "group"}], "edges": [{"src", "dst",
"points": [[x, y], ...], "label": {"x", "y", "w", "h"} or None}]}; x and y are the top left corner, y grows downwards.
Lines may be slanted or curves sampled as polylines, so that every engine is measured by the same yardstick. What counts as
what is defined as in src/layout/score.rs, which measures only lines along the axes.
"""
import math

# Meetings this close to an end that both edges share are no crossing: lines that converge on a card.
NEAR_END = 25
# Crossing points of one pair of edges this close are one.
SAME_POINT = 8
# Two edges on one another further than this from a shared end lie on a shared track.
NEAR_TRACK = 60
# Two lines nearer than this are drawn as one.
SAME_TRACK = 1.5


def segments(edge):
    points = edge["points"]
    return [(a, b) for a, b in zip(points, points[1:]) if math.dist(a, b) > 1e-6]


def meeting(p, q, r, s):
    """The point where two segments meet; None for parallel ones and those that do not."""
    ax, ay, bx, by = q[0] - p[0], q[1] - p[1], s[0] - r[0], s[1] - r[1]
    across = ax * by - ay * bx
    if abs(across) < 1e-6:
        return None
    t = ((r[0] - p[0]) * by - (r[1] - p[1]) * bx) / across
    u = ((r[0] - p[0]) * ay - (r[1] - p[1]) * ax) / across
    if -1e-9 <= t <= 1 + 1e-9 and -1e-9 <= u <= 1 + 1e-9:
        return (p[0] + t * ax, p[1] + t * ay)
    return None


def inside(p, q, box, margin):
    """The length of a segment inside a rectangle that is smaller by the margin on every side."""
    first, last = 0.0, 1.0
    left, top, right, bottom = box[0] + margin, box[1] + margin, box[2] - margin, box[3] - margin
    dx, dy = q[0] - p[0], q[1] - p[1]
    for by, room in ((-dx, p[0] - left), (dx, right - p[0]), (-dy, p[1] - top), (dy, bottom - p[1])):
        if abs(by) < 1e-12:
            if room < 0:
                return 0.0
        elif by < 0:
            first = max(first, room / by)
        else:
            last = min(last, room / by)
    return max(0.0, last - first) * math.hypot(dx, dy)


def through(edge, box, margin=1):
    return sum(inside(p, q, box, margin) for p, q in segments(edge))


def overlap(a, b, slack=1.0):
    return min(a[2], b[2]) - max(a[0], b[0]) > slack and min(a[3], b[3]) - max(a[1], b[1]) > slack


def box(thing):
    return (thing["x"], thing["y"], thing["x"] + thing["w"], thing["y"] + thing["h"])


def near_shared_end(a, b, point, radius):
    for shared in {a["src"], a["dst"]} & {b["src"], b["dst"]}:
        ends = [e["points"][0] if e["src"] == shared else e["points"][-1] for e in (a, b)]
        if all(math.dist(point, end) < radius for end in ends):
            return True
    return False


def shared_track(p, q, r, s):
    """Length and middle of the stretch that two nearly parallel segments share."""
    length = math.dist(p, q)
    ux, uy = (q[0] - p[0]) / length, (q[1] - p[1]) / length
    off = [abs((e[0] - p[0]) * uy - (e[1] - p[1]) * ux) for e in (r, s)]
    if max(off) >= SAME_TRACK:
        return 0.0, None
    along = sorted((e[0] - p[0]) * ux + (e[1] - p[1]) * uy for e in (r, s))
    first, last = max(0.0, along[0]), min(length, along[1])
    middle = (first + last) / 2
    return last - first, (p[0] + ux * middle, p[1] + uy * middle)


def crossings(edges):
    """Crossing points and pixels of shared tracks over all pairs of edges."""
    points, shared = 0, 0.0
    for i, a in enumerate(edges):
        for b in edges[i + 1:]:
            found = []
            for p, q in segments(a):
                for r, s in segments(b):
                    if max(p[0], q[0]) < min(r[0], s[0]) - 2 or max(r[0], s[0]) < min(p[0], q[0]) - 2:
                        continue
                    if max(p[1], q[1]) < min(r[1], s[1]) - 2 or max(r[1], s[1]) < min(p[1], q[1]) - 2:
                        continue
                    point = meeting(p, q, r, s)
                    if point is None:
                        length, middle = shared_track(p, q, r, s)
                        if length > 1 and not near_shared_end(a, b, middle, NEAR_TRACK):
                            shared += length
                    elif not near_shared_end(a, b, point, NEAR_END):
                        if all(math.dist(point, other) > SAME_POINT for other in found):
                            found.append(point)
            points += len(found)
    return points, round(shared)


def distance(edge, label):
    """From a label's rectangle to the closest point of a line, sampled every eighth of a segment."""
    least = math.inf
    for p, q in segments(edge):
        if inside(p, q, label, 0) > 0:
            return 0.0
        for k in range(9):
            x, y = p[0] + (q[0] - p[0]) * k / 8, p[1] + (q[1] - p[1]) * k / 8
            least = min(least, math.hypot(max(label[0] - x, 0, x - label[2]), max(label[1] - y, 0, y - label[3])))
    return least


def score(drawing):
    """Every measure by name; `faults` is the sum of those that must be zero."""
    nodes = {n["id"]: n for n in drawing["nodes"]}
    cards = [n for n in drawing["nodes"] if not n.get("group")]
    groups = [n for n in drawing["nodes"] if n.get("group")]
    edges = [e for e in drawing["edges"] if len(e["points"]) > 1]

    def around(name):
        found, at = set(), nodes[name].get("parent")
        while at:
            found.add(at)
            at = nodes[at].get("parent")
        return found

    outer = {name: around(name) for name in nodes}
    out = {}
    out["crossings"], out["shared_px"] = crossings(edges)
    through_card = through_box = 0
    for edge in edges:
        ends = {edge["src"], edge["dst"]}
        own = ends | outer[edge["src"]] | outer[edge["dst"]]
        through_card += sum(through(edge, box(n)) > 2 for n in cards if n["id"] not in ends)
        through_box += sum(through(edge, box(n)) > 4 for n in groups if n["id"] not in own)
    out["through_card"], out["through_box"] = through_card, through_box

    labels = [(e, box(e["label"])) for e in edges if e.get("label")]
    on_label = sum(overlap(a, b) for i, (_, a) in enumerate(labels) for _, b in labels[i + 1:])
    on_card = sum(overlap(label, box(n)) for _, label in labels for n in cards)
    on_line = far = 0
    for edge, label in labels:
        on_line += sum(through(other, label) > 2 for other in edges if other is not edge)
        far += distance(edge, label) > 8

    def straddles(label, b):
        within = label[0] >= b[0] and label[1] >= b[1] and label[2] <= b[2] and label[3] <= b[3]
        return overlap(label, b, 0) and not within

    on_border = sum(straddles(label, box(n)) for _, label in labels for n in groups)
    out["labels"] = on_label + on_card + on_line + on_border + far
    boxes = sum(overlap(box(a), box(b)) for i, a in enumerate(cards) for b in cards[i + 1:])
    for n in drawing["nodes"]:
        if n.get("parent"):
            a, b = box(n), box(nodes[n["parent"]])
            boxes += a[0] < b[0] - 0.5 or a[1] < b[1] - 0.5 or a[2] > b[2] + 0.5 or a[3] > b[3] + 0.5
    out["boxes"] = boxes
    out["faults"] = through_card + through_box + out["labels"] + boxes + int(out["shared_px"] > 8)

    right = drawing.get("dir") in ("LR", "right")
    middle = lambda n: (n["x"] + n["w"] / 2) if right else (n["y"] + n["h"] / 2)
    out["against"] = sum(middle(nodes[e["dst"]]) < middle(nodes[e["src"]]) - 1 for e in edges)
    out["edges"] = len(edges)
    out["length"] = sum(math.dist(p, q) for e in edges for p, q in segments(e)) / max(1, len(edges))
    xs = [v for n in drawing["nodes"] for v in (n["x"], n["x"] + n["w"])] + [p[0] for e in edges for p in e["points"]]
    ys = [v for n in drawing["nodes"] for v in (n["y"], n["y"] + n["h"])] + [p[1] for e in edges for p in e["points"]]
    xs += [v for _, label in labels for v in (label[0], label[2])]
    ys += [v for _, label in labels for v in (label[1], label[3])]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    out["aspect"] = width / height
    out["fill"] = sum(n["w"] * n["h"] for n in cards) / (width * height)
    return out
