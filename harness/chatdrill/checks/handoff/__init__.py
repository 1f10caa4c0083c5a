"""The rules of the handover, HO-01 to HO-52: who may speak, and what must arrive."""
