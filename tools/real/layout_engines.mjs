// Lays out a graph by ELK or dagre: `node layout_engines.mjs elk|dagre GRAPH.json OUT.json`.
// Prints the milliseconds that the layout took, without the start of the process.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
const require = createRequire(process.cwd() + '/node_modules/')
const [engine, from, to] = process.argv.slice(2)
const graph = JSON.parse(readFileSync(from))
// Room for the title of a box, and around what stands in it: the same for both.
const TITLE = 22, PAD = 18

async function elk() {
  const ELK = require('elkjs')
  const options = {
    'elk.algorithm': 'layered', 'elk.direction': graph.dir === 'LR' ? 'RIGHT' : 'DOWN',
    'elk.hierarchyHandling': 'INCLUDE_CHILDREN', 'elk.edgeRouting': 'ORTHOGONAL',
    'elk.layered.spacing.nodeNodeBetweenLayers': '40', 'elk.spacing.nodeNode': '30', 'elk.spacing.edgeNode': '18',
    'elk.spacing.edgeEdge': '12', 'elk.layered.spacing.edgeNodeBetweenLayers': '18',
    'elk.layered.spacing.edgeEdgeBetweenLayers': '12', 'elk.spacing.edgeLabel': '3',
    'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  }
  const inside = (parent) => [
    ...graph.groups.filter((g) => (g.parent ?? null) === parent).map((g) => ({
      id: g.id, children: inside(g.id),
      layoutOptions: { 'elk.padding': `[top=${PAD + TITLE},left=${PAD},bottom=${PAD},right=${PAD}]` },
    })),
    ...graph.nodes.filter((n) => (n.parent ?? null) === parent).map((n) => ({ id: n.id, width: n.w, height: n.h })),
  ]
  const edges = graph.edges.map((e) => ({
    id: e.id, sources: [e.src], targets: [e.dst],
    labels: e.label ? [{ id: `${e.id} label`, text: e.label, width: e.lw, height: e.lh, layoutOptions: { 'elk.edgeLabels.placement': 'CENTER' } }] : [],
  }))
  const start = performance.now()
  const laid = await new ELK().layout({ id: 'root', layoutOptions: options, children: inside(null), edges })
  const time = performance.now() - start
  const at = { root: [0, 0] }
  const nodes = []
  const walk = (item, x, y) => {
    for (const child of item.children ?? []) {
      const [left, top] = [x + child.x, y + child.y]
      at[child.id] = [left, top]
      nodes.push({ id: child.id, x: left, y: top, w: child.width, h: child.height })
      walk(child, left, top)
    }
  }
  walk(laid, 0, 0)
  const drawn = laid.edges.map((e) => {
    // Coordinates are those of the box in which ELK counts the edge.
    const [x, y] = at[e.container ?? 'root']
    const points = (e.sections ?? []).flatMap((s) => [s.startPoint, ...(s.bendPoints ?? []), s.endPoint])
    const label = e.labels?.[0]
    return {
      id: e.id, points: points.map((p) => [x + p.x, y + p.y]),
      label: label ? { x: x + label.x, y: y + label.y, w: label.width, h: label.height } : null,
    }
  })
  return { nodes, edges: drawn, time }
}

async function dagre() {
  const lib = require('@dagrejs/dagre')
  const g = new lib.graphlib.Graph({ compound: true, multigraph: true })
  g.setGraph({ rankdir: graph.dir, nodesep: 30, ranksep: 40, edgesep: 14, marginx: 12, marginy: 12 })
  for (const group of graph.groups) g.setNode(group.id, {})
  for (const n of graph.nodes) g.setNode(n.id, { width: n.w, height: n.h })
  for (const item of [...graph.groups, ...graph.nodes]) if (item.parent) g.setParent(item.id, item.parent)
  for (const e of graph.edges) {
    g.setEdge(e.src, e.dst, e.label ? { width: e.lw, height: e.lh, labelpos: 'c' } : {}, e.id)
  }
  const start = performance.now()
  lib.layout(g)
  const time = performance.now() - start
  const corner = (n) => ({ x: n.x - n.width / 2, y: n.y - n.height / 2, w: n.width, h: n.height })
  const nodes = g.nodes().map((id) => ({ id, ...corner(g.node(id)) }))
  const edges = g.edges().map((key) => {
    const e = g.edge(key)
    const labelled = graph.edges.find((x) => x.id === key.name).label
    return { id: key.name, points: e.points.map((p) => [p.x, p.y]), label: labelled ? corner(e) : null }
  })
  return { nodes, edges, time }
}

const result = await (engine === 'elk' ? elk() : dagre())
writeFileSync(to, JSON.stringify(result))
console.log(result.time.toFixed(1))
process.exit(0)
