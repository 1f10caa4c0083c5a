from collections import Counter

import msgspec


class Figures:
    def __init__(self):
        self.c = Counter()
        self.s = {}

    def add(self, p, n, k, s, t):
        self.s.setdefault((p, n, k), []).append(s)

    def count(self, w, p, n=1):
        self.c[f"{w} {p}"] += n

    def merge(self, b):
        pass

    def take(self):
        out = msgspec.json.encode(
            [dict(self.c), [(k, len(v), sorted(v)[len(v) // 2], max(v)) for k, v in self.s.items()]]
        )
        self.c.clear()
        self.s.clear()
        return out
