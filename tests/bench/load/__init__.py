"""The benchmark group ``load``: the echo bot that knows the truth, other load tools side by side, and the comparison."""
