#!/usr/bin/env python3
"""Simulates networks of M/M/c stations with Ciw: tools/real/ciw_compare.py SYSD

Makes random open networks with fixed seeds, each once as a design and once as a simulation of the Python
package `ciw` (Palmer, Knight, Harper, Hawa: Ciw, Journal of Simulation 13, 2019), and compares the report
with it: of each station the utilization, the share of requests that wait and the mean wait, of each flow the mean of its answer.
A figure must lie within four standard errors of the simulation's, which come from the means of 25
batches. More than a million customers are served in all. Exits 1 at a difference.
"""
import json
import math
import multiprocessing
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import ciw

NETWORKS = 10
CUSTOMERS = 115_000
BATCHES = 25
ERRORS = 4.0
# Of each run, the customers before the queues have filled.
WARM_UP = 0.05


def network(seed):
    """Stations (replicas, slots, mean service) and flows (rate, chain of stations with their chances)."""
    rng = random.Random(seed)
    count = rng.randint(2, 4)
    flows = []
    for _ in range(rng.randint(1, 3)):
        chain = rng.sample(range(count), rng.randint(1, count))
        chances = [1.0] + [round(rng.uniform(0.3, 0.95), 2) for _ in chain[1:]]
        flows.append((round(rng.uniform(5, 40), 1), list(zip(chain, chances))))
    load = [0.0] * count
    for rate, chain in flows:
        for station, chance in chain:
            rate *= chance
            load[station] += rate
    stations = []
    for offered in load:
        replicas, slots = rng.randint(1, 3), rng.randint(1, 4)
        utilization = rng.uniform(0.35, 0.85)
        mean = utilization * replicas * slots / offered if offered else 0.01
        stations.append((replicas, slots, float(f"{mean:.4g}")))
    return stations, flows


def design(stations, flows):
    """The network as a design."""
    lines = ["network { within_zone 0ms, between_zones 0ms }", "actor u"]
    for at, (replicas, slots, mean) in enumerate(stations):
        lines.append(f"service s{at} {{ replicas {replicas}, concurrency {slots}, latency {{ mean {mean!r} s }} }}")
    for at, (rate, chain) in enumerate(flows):
        lines.append(f"flow f{at} {{\n  rate {rate}/s")
        before = "u"
        for station, chance in chain:
            block = "" if chance == 1.0 else f" {{ chance {chance} }}"
            lines.append(f"  {before} -> s{station}{block}")
            before = f"s{station}"
        lines.append("}")
    return "\n".join(lines) + "\n"


def simulate(stations, flows, seed):
    """Batch means of every figure."""
    count = len(stations)
    names = [f"Class {at}" for at in range(len(flows))]
    arrivals, services, routing = {}, {}, {}
    for name, (rate, chain) in zip(names, flows):
        first = chain[0][0]
        arrivals[name] = [ciw.dists.Exponential(rate) if at == first else None for at in range(count)]
        services[name] = [ciw.dists.Exponential(1 / mean) for _, _, mean in stations]
        matrix = [[0.0] * count for _ in range(count)]
        for (here, _), (there, chance) in zip(chain, chain[1:]):
            matrix[here][there] = chance
        routing[name] = matrix
    model = ciw.create_network(
        arrival_distributions=arrivals, service_distributions=services, routing=routing,
        number_of_servers=[replicas * slots for replicas, slots, _ in stations])
    ciw.seed(seed)
    run = ciw.Simulation(model)
    total = sum(rate for rate, _ in flows)
    length = CUSTOMERS / total
    run.simulate_until_max_time(length)
    start = WARM_UP * length
    # Customers near the end may still be served.
    end = length - 50 * sum(mean for _, _, mean in stations)
    batch = lambda time: int((time - start) / (end - start) * BATCHES)
    figures = {}

    def put(name, time, value):
        figures.setdefault(name, [[0.0, 0] for _ in range(BATCHES)])
        sums = figures[name][batch(time)]
        sums[0] += value
        sums[1] += 1

    ways = {}
    served = set()
    for record in run.get_all_records(only=["service"]):
        served.add(record.id_number)
        times = ways.setdefault((record.customer_class, record.id_number), [math.inf, 0.0])
        times[0] = min(times[0], record.arrival_date)
        times[1] = max(times[1], record.exit_date)
        if start <= record.arrival_date < end:
            station = record.node - 1
            put(f"s{station}.wait", record.arrival_date, record.waiting_time)
            put(f"s{station}.waits", record.arrival_date, float(record.waiting_time > 1e-12))
            put(f"s{station}.work", record.arrival_date, record.service_time)
    for (name, _), (arrived, left) in ways.items():
        if start <= arrived < end:
            put(f"f{names.index(name)}.mean", arrived, left - arrived)
    width = (end - start) / BATCHES
    result = {}
    for name, batches in figures.items():
        if name.endswith(".work"):
            replicas, slots, _ = stations[int(name[1:].split(".")[0])]
            means = [total / width / (replicas * slots) for total, _ in batches]
        else:
            means = [total / many for total, many in batches if many]
        mean = sum(means) / len(means)
        variance = sum((m - mean) ** 2 for m in means) / (len(means) - 1)
        result[name] = (mean, math.sqrt(variance / len(means)))
    return result, len(served)


def compare(job):
    sysd, seed = job
    stations, flows = network(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "network.sysd"
        path.write_text(design(stations, flows))
        report = subprocess.run([sysd, "report", str(path), "--format", "json"], capture_output=True, text=True)
        if report.returncode != 0:
            return seed, 0, [f"sysd report fails: {report.stderr}"], 0, 0.0
        report = json.loads(report.stdout)
    found, customers = simulate(stations, flows, seed)
    failed, widest = [], 0.0
    for name, (mean, error) in sorted(found.items()):
        subject, what = name.split(".")
        if what == "mean":
            ours = report["flows"][subject]["latency_s"]["mean"]
        elif what == "work":
            replicas, slots, service = stations[int(subject[1:])]
            ours = report["elements"][subject]["load"]["peak_per_s"] * service / (replicas * slots)
        else:
            ours = report["elements"][subject]["wait_s"]["mean" if what == "wait" else "probability"]
        if ours is None or abs(ours - mean) > ERRORS * error:
            failed.append(f"network {seed}: {name} is {ours} by sysd, {mean} ± {error} by ciw")
        widest = max(widest, error / mean if mean else 0.0)
    return seed, len(found), failed, customers, widest


def main(sysd):
    jobs = [(sysd, seed) for seed in range(1, NETWORKS + 1)]
    with multiprocessing.Pool(min(4, os.cpu_count() or 1)) as pool:
        results = pool.map(compare, jobs, chunksize=1)
    failures = [line for _, _, failed, _, _ in results for line in failed]
    for line in failures:
        print(f"failed {line}", file=sys.stderr)
    compared = sum(count for _, count, _, _, _ in results)
    customers = sum(count for _, _, _, count, _ in results)
    if customers < 1_000_000:
        failures.append("too few")
        print(f"failed: only {customers} customers were served", file=sys.stderr)
    widest = max(w for _, _, _, _, w in results)
    print(f"{compared - len(failures)} passed, {len(failures)} failed: {NETWORKS} networks, {customers} customers, "
          f"standard errors up to {100 * widest:.1f}%")
    return 1 if failures or not compared else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
