class A:
    def __init__(self, r):
        self.r = r

    def times(self, chance, share=(0, 1), until_s=None):
        n = 0
        while until_s is None or n / self.r < until_s:
            if n % share[1] == share[0]:
                yield n / self.r
            n += 1


def read_arrivals(t):
    return A(float(t.split("/")[0]))
