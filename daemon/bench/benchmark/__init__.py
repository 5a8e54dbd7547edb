"""``make benchmark``: what the kiosk takes in time and memory, beside what others would take for the same.

Everything is measured in one run on one machine, from outside the process where that can be done: pixels of
the screen, the kiosk's feed, the wires, /proc. Budgets stand beside the figures; no test asserts a timing.
"""
