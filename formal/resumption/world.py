"""Two peers, their session's bookkeeping and a network that fails: the state space that check.py walks through.

Modelled, by section of docs/protocol.md: the end of the first handshake and the spent invite (2, 5.5), chains, skipped keys and
replacement of the signing key (6), positions, acknowledgements and the window (8), resumption (10), and which signing key an
identity rotation names (1).

Cryptography is reduced to what it lets pass. A cell opens when the receiver's ratchet can still make its key: ahead in the chain
that it is in, in the peer's next chain once its own step before that is taken, or a skipped key that was kept. Its signature
verifies when the receiver has the signing key of that index. A cell is known by its position in its sender's log. Both peers are
honest. The network may cut a stream, losing any tail of what is under way in each direction; may stall it; and may keep several
streams alive, so that one which A left can still bring B what was sent on it. Which side dials is left out, since a stream counts
from A's resume frame on. B may write into a dead stream.

Every state must satisfy: each message arrives once and in order, no honest cell is refused or taken for a replay, the window is
kept, and no invite is spent without a session that A still holds.
"""
MENDS = {
    "have":    "10: a resume cell also says which cells beyond its acknowledged number were accepted; they are not resent",
    "late":    "10: a first cell that comes too late, or was accepted before, closes its own stream and counts as nothing",
    "age":     "6: skipped keys do not expire by epochs or time, only by number",
    "ahead":   "6: the limit on skipping holds the window and all unanswered resume cells",
    "timer":   "8: a resume cell does not start the acknowledgement timer, just as a bare acknowledgement does not",
    "window":  "8: resume cells are outside the window; its last places are for bare acknowledgements and heartbeats",
    "half":    "5.5: A keeps every half-made session until B's first cell confirms one",
    "old_efk": "6: an old EFK is kept until a cell under the new one was accepted (and no skipped keys are left)",
    "rot_efk": "1: a rotation endorses the EFK that signs its first cell, and is made when that cell is sealed",
    "ack_max": "8: an acknowledged number below an earlier one is ignored (a resent cell carries the one of its time)",
    "hellos":  "3: the memory of hellos under a resume secret forgets its oldest, instead of closing the secret",
}
NEEDLESS_IN_FRAME = {"have", "late", "age", "ahead", "timer"}     # nor does it need any skipping


class Violation(Exception): ...


class Config:
    def __init__(self, a="", b="", design="chain", without=(), **bounds):
        self.script = {"A": content_cells(a), "B": content_cells(b)}
        self.frame = design == "frame"
        self.mends = set(MENDS) - set(without) - (NEEDLESS_IN_FRAME if self.frame else set())
        self.cuts, self.moves = 1, 0                 # streams cut; times that A leaves a stream that is still alive
        self.window, self.reserve, self.epochs, self.ahead, self.hellos, self.longest = 5, 2, 5, 1000, 1000, 60
        vars(self).update(bounds)
        if self.frame or "ahead" in self.mends:
            self.ahead = 0 if self.frame else 1000


def content_cells(script):
    """m: a message, one cell. e: an EFK announcement, three cells. r: an identity rotation, two (of the real five)."""
    cells = []
    for n, item in enumerate(script):
        index = script[:n].count(item)
        cells += {"m": [("app", index)], "e": [("efk", (index + 1, part)) for part in range(3)], "r": [("rot", 0), ("rot", 1)]}[item]
    return tuple(cells)


class Conv:
    """One side's state of one session."""

    def __init__(self, side):
        self.side = side
        self.log = ()                                # every cell sealed, by position
        self.acked = 0                               # how many of them the peer acknowledged
        self.chain, self.base, self.prev = (1 if side == "A" else 0), 0, 0   # own sending chain, its first position, length before
        self.got, self.beyond = 0, frozenset()       # peer's cells accepted without a gap; positions accepted beyond it
        self.rchain, self.rnext, self.rbase = 0, 0, 0                        # peer's chain, next number in it, its first position
        self.skipped = frozenset()                   # (chain, number, position)
        self.keys, self.first_under = frozenset([0]), (0,)                   # peer's EFKs kept; first position accepted under each
        self.efk_made, self.efk_end = 0, 0           # own EFKs announced, position after the last announcement
        self.parts, self.rot_named = 0, 0
        self.out, self.last = 0, 0                   # content cells sealed, position after the last one
        self.app_in, self.owed = 0, False            # messages delivered; is an acknowledgement due

    def efk(self):
        return self.efk_made if self.acked >= self.efk_end else self.efk_made - 1

    def accepted(self, pos):
        return pos < self.got or pos in self.beyond

    @classmethod
    def thaw(cls, values):
        c = cls.__new__(cls)
        c.__dict__.update(zip(CONV_FIELDS, values))
        return c


CONV_FIELDS = tuple(vars(Conv("A")))


class World:
    """Both peers and the network. A stream is [session, A->B in flight, B->A in flight, cut, B's view of it]."""

    def __init__(self, cfg):
        self.cfg = cfg
        self.main, self.a_cur, self.a_ready = 0, 0, False          # A's confirmed session; its stream; answered on it?
        self.b_sid, self.b_cur, self.b_ready, self.b_open = 0, 0, False, 0   # likewise; what opened the stream in use
        self.next_sid, self.attempts, self.cuts, self.moves = 1, 0, cfg.cuts, cfg.moves
        self.a, self.b, self.streams = {}, None, {}

    def freeze(self):
        """For hashing. What no longer matters is blanked, streams are renumbered in order of age."""
        for i in [i for i, s in self.streams.items() if i not in (self.a_cur, self.b_cur) and (s[4] == "closed" or not s[1])]:
            del self.streams[i]
        new = {old: n + 1 for n, old in enumerate(sorted(self.streams))}
        ab, ba, blank = {}, set(), self.has("ack_max")
        for s in self.streams.values():
            ab.setdefault(s[0], set()).update(s[1])
            ba.update(s[2])

        def tidy(c, flying):
            c.log = tuple(None if cell is None or (blank and p < c.acked and p not in flying) else
                          cell[:4] + (new.get(cell[4], 0),) + cell[5:] if cell[3] == "resume" else cell
                          for p, cell in enumerate(c.log))
            return tuple(vars(c).values())

        self.a = tuple((sid, tidy(c, ab.get(sid, ()))) for sid, c in sorted(self.a.items()))
        self.b = self.b and tidy(self.b, ba)
        self.streams = tuple((s[0], tuple(s[1]), tuple(s[2]), s[3], s[4]) for _, s in sorted(self.streams.items()))
        self.a_cur, self.b_cur = new.get(self.a_cur, 0), new.get(self.b_cur, 0)
        return tuple(vars(self).values())[1:]

    @classmethod
    def thaw(cls, cfg, key):
        w = cls.__new__(cls)
        w.__dict__.update(zip(WORLD_FIELDS, (cfg,) + key))
        w.a = {sid: Conv.thaw(c) for sid, c in w.a}
        w.b = w.b and Conv.thaw(w.b)
        w.streams = {n + 1: [s[0], list(s[1]), list(s[2]), s[3], s[4]] for n, s in enumerate(w.streams)}
        return w

    def has(self, mend):
        return mend in self.cfg.mends

    # ---- sealing and opening one cell (section 6)
    def seal(self, c, kind, arg=0, have=()):
        if c.rchain > c.chain:                       # received something of the peer's current chain: a chain of one's own
            c.prev, c.base, c.chain = len(c.log) - c.base, len(c.log), c.rchain + 1
        assert c.chain, "B has no chain before A's first cell"
        c.log += ((c.chain, len(c.log) - c.base, c.prev, kind, arg, c.efk(), c.got, have),)
        c.owed = False
        self.expire(c)
        return len(c.log) - 1

    def expire(self, c):
        if not self.has("age"):
            oldest = max(c.chain, c.rchain) - self.cfg.epochs
            c.skipped = frozenset(s for s in c.skipped if s[0] >= oldest)

    def open(self, c, pos, cell):
        """Takes the key of a cell and returns None, or says why not and changes nothing."""
        chain, num, prev, _, _, efk, ack, _ = cell
        rchain, rnext, rbase, skipped = c.rchain, c.rnext, c.rbase, c.skipped
        if (chain, num, pos) in skipped:
            skipped -= {(chain, num, pos)}
        else:
            rest = range(0)
            if chain == (rchain + 2 if rchain else 2 if c.side == "A" else 1) and c.chain == chain - 1:
                rest = range(rnext, prev if rchain else 0)
                skipped |= {(rchain, n, rbase + n) for n in rest}
                rbase, rchain, rnext = (rbase + prev if rchain else 0), chain, 0
            if chain != rchain or num < rnext:
                return "no key for it (chain %d number %d)" % (chain, num)
            if max(len(rest), num - rnext) > self.cfg.ahead:
                return "too far ahead"
            skipped |= {(chain, n, rbase + n) for n in range(rnext, num)}
            rnext = num + 1
            assert rbase + num == pos, "the two sides count positions differently"
        if efk not in c.keys:
            return "signed by EFK %d, which the receiver has not" % efk
        if any(first < pos for first in c.first_under[efk + 1:]):
            return "signed by an EFK older than that of an earlier cell"
        if ack > (len(self.b.log) if c.side == "B" else len(self.a[self.main or self.streams[self.a_cur][0]].log)):
            return "acknowledges what was never sent"
        c.rchain, c.rnext, c.rbase, c.skipped = rchain, rnext, rbase, skipped
        return None

    def receive(self, side, c, pos, cell):
        """Opens a cell, and what follows: count, acknowledge, deliver."""
        kind, arg, efk, ack = cell[3:7]
        why = "a replay" if c.accepted(pos) else self.open(c, pos, cell)
        if why:
            raise Violation("%s refuses the peer's cell %d (%s): %s" % (side, pos, kind, why))
        c.beyond |= {pos}
        while c.got in c.beyond:
            c.beyond -= {c.got}
            c.got += 1
        c.acked = max(c.acked, ack) if self.has("ack_max") else ack
        c.owed = c.owed or kind not in ("ack", "resume") or (kind == "resume" and not self.has("timer"))
        self.expire(c)
        if efk == len(c.first_under):
            c.first_under += (pos,)
        if kind == "app":
            if arg != c.app_in:
                raise Violation("%s got message %d when %d was next" % (side, arg, c.app_in))
            c.app_in += 1
        elif kind == "efk":
            c.parts = (c.parts + 1) % 3
            c.keys |= {arg[0]} if c.parts == 0 else set()
        elif kind == "rot" and efk != arg[0] and (arg[1] == 0 or not self.has("rot_efk")):
            raise Violation("rotation endorses EFK %d, its cell is signed by EFK %d" % (arg[0], efk))
        if not c.skipped:
            newest = len(c.first_under) - 1 if self.has("old_efk") else max(c.keys)
            c.keys = frozenset(k for k in c.keys if k >= newest)

    # ---- the window (section 8)
    def room(self, c, kind):
        """Content leaves the reserve free, a heartbeat one place, a bare acknowledgement none."""
        if not self.has("window"):
            return len(c.log) - c.acked < self.cfg.window
        free = self.cfg.window - sum(cell[3] != "resume" for cell in c.log[c.acked:])
        return free > {"content": self.cfg.reserve, "beat": 1, "ack": 0}[kind]

    # ---- the network
    def send(self, side, item):
        s = self.streams[self.a_cur if side == "A" else self.b_cur]
        if side == "A" and not s[3] and s[4] != "closed":
            s[1].append(item)
        if side == "B" and not s[3] and self.a_cur == self.b_cur:
            s[2].append(item)

    def a_sees_end(self, _=None):
        """A stops reading its stream; what it wrote may still arrive."""
        if self.a_cur:
            self.streams[self.a_cur][2] = []
        self.a_cur, self.a_ready = 0, False

    def b_sees_end(self, i):
        self.streams[i][1], self.streams[i][4] = [], "closed"
        if self.b_cur == i:
            self.b_cur, self.b_ready = 0, False

    def own(self, side):
        return self.b if side == "B" else self.a.get(self.main or (self.a_cur and self.streams[self.a_cur][0]))

    def resume_cell(self, c, stream):
        if self.cfg.frame:
            c.owed = False
            return ("R", self.attempts if c.side == "A" else self.b_open, c.got, c.efk())
        return self.seal(c, "resume", stream, tuple(sorted(c.beyond)) if self.has("have") else ())

    def resend(self, side, c, ack, have, own_resume):
        for pos in range(ack, len(c.log)):
            if pos != own_resume and pos not in have:
                self.send(side, pos)

    # ---- A dials: with the invite (0), or to resume a session (sections 5.5 and 10)
    def dial(self, sid):
        self.moves -= self.a_cur > 0
        self.a_sees_end()
        self.a_cur = max(self.streams, default=0) + 1
        self.streams[self.a_cur] = [sid or self.next_sid, [], [], False, "wait"]
        if sid:
            self.attempts += self.cfg.frame or not self.has("hellos")
            self.send("A", self.resume_cell(self.a[sid], self.a_cur))
            return
        if not self.has("half"):
            self.a.clear()                           # the misreading: the newest handshake has "won" when A sends resp
        c = self.a[self.next_sid] = Conv("A")
        self.next_sid += 1
        self.send("A", "resp")
        self.send("A", self.seal(c, "first"))

    # ---- something arrives
    def to_b(self, i):
        s = self.streams[i]
        item, c = s[1].pop(0), self.b
        if item == "resp":
            if self.b_sid:
                return self.b_sees_end(i)
            self.b, self.b_sid, self.b_cur, s[4] = Conv("B"), s[0], i, "use"       # the moment of agreement
            for j, other in self.streams.items():
                if other[0] != s[0]:
                    self.b_sees_end(j)
        elif s[4] == "wait":
            self.resume_at_b(i, c, item)
        else:
            self.receive("B", c, item, self.a[s[0]].log[item])
            if not self.b_ready:                     # A's first cell: B has a chain now
                self.b_ready = True
                self.b_open = max(self.b_open, 0 if self.cfg.frame else item + 1)
                self.send("B", self.seal(c, "first"))

    def resume_at_b(self, i, c, item):
        if self.cfg.frame:
            _, order, ack, efk = item
            have = ()
        else:
            cell = self.a[self.b_sid].log[item]
            order, ack, have = item + 1, cell[6], cell[7]
            assert cell[3] == "resume" and cell[4] == i, "the exporter is another stream's"
        seen = not self.cfg.frame and c.accepted(item)
        if order <= self.b_open and not seen or seen and self.has("late"):
            return self.b_sees_end(i)                # too late
        if not self.cfg.frame:
            self.receive("B", c, item, cell)
        elif efk not in c.keys:
            raise Violation("B refuses A's resume frame, signed by EFK %d" % efk)
        c.acked = max(c.acked, ack)
        if self.b_cur:
            self.b_sees_end(self.b_cur)
        self.b_cur, self.b_open, self.b_ready, self.streams[i][4] = i, order, True, "use"
        answer = self.resume_cell(c, i)
        self.send("B", answer)
        self.resend("B", c, ack, have, answer)

    def to_a(self, _):
        s = self.streams[self.a_cur]
        item, c, confirmed = s[2].pop(0), self.a[s[0]], self.a_ready
        self.a_ready = True
        if isinstance(item, tuple):
            _, order, ack, efk = item
            assert order == self.attempts and efk in c.keys
            c.acked = max(c.acked, ack)
            self.resend("A", c, ack, (), None)
        else:
            cell = self.b.log[item]
            self.receive("A", c, item, cell)
            if not confirmed and cell[3] == "resume":
                assert cell[4] == self.a_cur, "the exporter is another stream's"
                mine = max(p for p, x in enumerate(c.log) if x and x[3] == "resume" and x[4] == self.a_cur)
                self.resend("A", c, cell[6], cell[7], mine)
        self.main = s[0]
        self.a = {self.main: c}

    # ---- what may happen next
    def options(self):
        """(move, is it a fault?) for everything that can happen in this state."""
        calm = [("to_b", i) for i, s in self.streams.items() if s[1] and s[4] != "closed"]
        a, b = self.streams.get(self.a_cur), self.streams.get(self.b_cur)
        if a and (a[2] or a[3] or a[4] == "closed"):
            calm.append(("to_a" if a[2] else "a_sees_end", self.a_cur))
        if b and not b[1] and (b[3] or self.a_cur != self.b_cur):
            calm.append(("b_sees_end", self.b_cur))
        for side in self.ready():
            c, script = self.own(side), self.cfg.script[side]
            if c.out < len(script) and self.room(c, "content") and (side == "B" or self.main) and not (
                    script[c.out][0] == "efk" and script[c.out][1][1] == 0 and c.acked < c.efk_end):
                calm.append(("content", side))
            if c.owed and self.room(c, "ack"):
                calm.append(("bare", side, "ack"))
        faults = []
        if not self.b_sid and (not a or self.moves):
            (faults if a else calm).append(("dial", 0))
        if self.b_sid in self.a and (not a or self.moves) and (self.has("hellos") or self.attempts < self.cfg.hellos) and (
                self.cfg.frame or self.has("window") or self.room(self.a[self.b_sid], "ack")):
            (faults if a else calm).append(("dial", self.b_sid))
        if not calm and not self.done():             # quiet for 15 s
            calm = [("bare", side, "beat") for side in self.ready() if self.room(self.own(side), "beat")]
        for i, s in self.streams.items():
            if self.cuts and not s[3] and (i in (self.a_cur, self.b_cur) or s[1]):
                faults += [("cut", i, x, y) for x in range(len(s[1]) + 1) for y in range(len(s[2]) + 1)]
        return [(move, False) for move in calm] + [(move, True) for move in faults]

    def ready(self):
        return "A" * self.a_ready + "B" * bool(self.b_ready and self.b.rchain)

    def cut(self, i, to_b, to_a):
        s = self.streams[i]
        self.cuts -= 1
        s[1], s[2], s[3] = s[1][:to_b], s[2][:to_a], True

    def bare(self, side, kind):
        self.send(side, self.seal(self.own(side), kind))

    def do(self, what, *args):
        """One move: the method of that name; then what must hold in every state."""
        getattr(self, what)(*args)
        if self.b_sid and self.b_sid not in self.a:
            raise Violation("the invite is spent for session %d, which A has dropped" % self.b_sid)
        for c in [self.b] * bool(self.b) + list(self.a.values()):
            if sum(cell[3] != "resume" for cell in c.log[c.acked:]) > self.cfg.window:
                raise Violation(c.side + " exceeds the window")
            if len(c.log) > self.cfg.longest:
                raise Violation("no end of it: %s has sent %d cells" % (c.side, self.cfg.longest))

    def content(self, side):
        c, script = self.own(side), self.cfg.script[side]
        kind, arg = script[c.out]
        if kind == "rot":                            # which EFK the new identity endorses
            arg = (c.efk() if arg == 0 and self.has("rot_efk") else c.rot_named, arg)
            c.rot_named = arg[0]
        self.send(side, self.seal(c, kind, arg))
        c.out += 1
        c.last = len(c.log)
        if kind == "efk" and arg[1] == 2:
            c.efk_made, c.efk_end = arg[0], len(c.log)
        if not self.has("rot_efk") and script[c.out:c.out + 1] == (("rot", 0),):
            c.rot_named = c.efk()                    # made when it was asked for, sealed when there is room

    def done(self):
        a, b = self.a.get(self.main), self.b
        return bool(a and b) and self.main == self.b_sid and all(c.out == len(self.cfg.script[c.side]) and c.acked >= c.last and
            peer.app_in == sum(k == "app" for k, _ in self.cfg.script[c.side]) for c, peer in ((a, b), (b, a)))


WORLD_FIELDS = tuple(vars(World(Config())))
