def read_gate(t):
    return t
