#!/usr/bin/env python3
"""Explores every state of world.py within bounds, or takes random walks through larger ones.

    check.py                     the protocol as it is: every scenario must hold
    check.py --all               the control as well: the other design, and each scenario with the rule left out that it needs,
                                 which must then fail
    check.py --only NAME [--design chain|frame] [--without RULE]      one scenario; a failure is told as a trace
    check.py --random SECONDS [--seed N] [--design chain|frame]       random walks within larger bounds

An exploration that ends shows more than the conditions in each state: logs and counters only grow, so there are no cycles, and
a state in which only faults can happen must be one with every message delivered and acknowledged. So without further faults every
run ends well. Designs: "frame" is the protocol's resume frame, in no chain, without a position, never resent; "chain" is the rejected
one, a resume cell that is a cell of the ratchet.
"""
import argparse
import random
import sys
import time
from array import array

from world import MENDS, NEEDLESS_IN_FRAME, Config, Violation, World, WORLD_FIELDS

STUCK = "stuck: nothing can happen any more without a fault"

def step(cfg, key, move):
    w = World.thaw(cfg, key)
    w.do(*move)
    return w.freeze()


def explore(cfg, seconds):
    """Breadth first; states are remembered by a 64-bit hash. Returns (states, ended, violation, trace)."""
    start, deadline = World(cfg).freeze(), time.time() + seconds
    seen, layer, parent, taken, number = {hash(start)}, [start], array("l", [0]), array("l", [0]), 0

    def trace(n, path):
        while n:
            path.append(taken[n])
            n = parent[n]
        return path[::-1]

    while layer:
        following = []
        for key in layer:
            options = World.thaw(cfg, key).options()
            if all(fault for _, fault in options) and not World.thaw(cfg, key).done():
                return len(seen), True, STUCK, trace(number, [])
            for n, (move, _) in enumerate(options):
                try:
                    after = step(cfg, key, move)
                except Violation as v:
                    return len(seen), True, str(v), trace(number, [n])
                if hash(after) not in seen:
                    seen.add(hash(after))
                    following.append(after)
                    parent.append(number)
                    taken.append(n)
            number += 1
            if time.time() > deadline:
                return len(seen), False, None, []
        layer = following
    return len(seen), True, None, []


def walk(cfg, rng):
    """One random run: faults while there are any to spend, and on to the end. Returns (violation, trace)."""
    key, path, haste = World(cfg).freeze(), [], rng.choice((0.02, 0.1, 0.3))
    while True:
        options = World.thaw(cfg, key).options()
        calm, faults = ([n for n, (_, fault) in enumerate(options) if fault == f] for f in (False, True))
        if not calm and World.thaw(cfg, key).done():
            return None, path
        if not calm:
            return STUCK, path
        path.append(rng.choice(faults if faults and rng.random() < haste else calm))
        try:
            key = step(cfg, key, options[path[-1]][0])
        except Violation as v:
            return str(v), path


def tell(cfg, path):
    """The trace in words."""
    key = World(cfg).freeze()
    for n in path:
        w = World.thaw(cfg, key)
        what, arg, *rest = move = w.options()[n][0]
        if what in ("to_a", "to_b"):
            sid, ab, ba = w.streams[arg][:3]
            rest = (ab if what == "to_b" else ba)[:1]
            if isinstance(rest[0], int):
                cell = (w.a[sid] if what == "to_b" else w.b).log[rest[0]]
                rest = ["cell %d %s, acknowledges %d, chain %d, EFK %d" % (rest[0], cell[3], cell[6], cell[0], cell[5])]
        elif what == "content":
            rest = cfg.script[arg][w.own(arg).out]
        print("     ", what.replace("_", " "), arg, *rest)
        try:
            key = step(cfg, key, move)
        except Violation:
            return


SCENARIOS = {   # name: (bounds, the mends that it is made to miss)
    "plain":     (dict(a="mm", b="m", cuts=2), ["have"]),
    "cuts":      (dict(a="m", b="m", cuts=3), []),
    "stall":     (dict(a="m", b="m", cuts=1, moves=2), ["late"]),
    "handshake": (dict(cuts=2, moves=2), ["half"]),
    "epochs":    (dict(cuts=4), ["age"]),
    "window":    (dict(a="mm", b="mm", cuts=2, window=3), ["window", "timer"]),
    "pile":      (dict(cuts=4, ahead=3), ["ahead"]),
    "hellos":    (dict(cuts=3, hellos=2), ["hellos"]),
    "efk":       (dict(a="e", b="m", cuts=1), ["old_efk", "ack_max"]),
    "rotate":    (dict(a="er", cuts=1), ["rot_efk"]),
}
LARGE = dict(a="memrmemm", b="mmremmem", cuts=9, moves=5, window=7, longest=400)


def check(label, cfg, seconds, rng=None, expected=False):
    """One exploration, or random runs; prints the outcome, says whether it failed."""
    began, count, ended, violation, path = time.time(), 0, True, None, []
    if not rng:
        count, ended, violation, path = explore(cfg, seconds)
    while rng and not violation and time.time() < began + seconds:
        violation, path = walk(cfg, rng)
        count += 1
    print("%-28s %8d %s %6.1f s  %s" % (label, count, "runs  " if rng else "states", time.time() - began, "FAILS: " + violation if violation
                                        else "holds" if ended else "holds as far as explored"), flush=True)
    if violation and not expected:
        tell(cfg, path)
    return bool(violation)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--all", action="store_true")
    p.add_argument("--only", choices=SCENARIOS)
    p.add_argument("--design", choices=("chain", "frame"), default="frame")
    p.add_argument("--without", action="append", default=[], choices=MENDS)
    p.add_argument("--seconds", type=float, default=100, help="at most, for one exploration")
    p.add_argument("--random", type=float, metavar="SECONDS")
    p.add_argument("--seed", type=int, default=1)
    o = p.parse_args()
    if o.design == "frame" and NEEDLESS_IN_FRAME & set(o.without):
        p.error("the design frame does not have that rule; add --design chain")
    if o.random:
        return int(check("random " + o.design, Config(without=o.without, design=o.design, **LARGE), o.random, random.Random(o.seed)))
    bad = 0
    for name, (bounds, misses) in SCENARIOS.items():
        runs = [("frame", [], False)]
        if o.all:
            runs += [(d, [m], True) for m in misses for d in ("chain", "frame")] + [("chain", [], False)]
        if o.only:
            runs = [(o.design, o.without, False)] if name == o.only else []
        for design, without, must_fail in runs:
            if not (design == "frame" and NEEDLESS_IN_FRAME & set(without)):
                cfg = Config(without=without, design=design, **bounds)
                label = " ".join([name, design] + ["-" + m for m in without])
                bad += check(label, cfg, o.seconds, expected=must_fail) != must_fail
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
