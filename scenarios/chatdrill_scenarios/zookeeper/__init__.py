"""The keeper of the zoo: shows every specimen to the shipped suites, the probe and the fuzzer, and counts what they find."""
