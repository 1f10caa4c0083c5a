"""The bug zoo: bots with one planted defect each, all of which were seen in public, and bots without any."""
