"""Vectors of the starred modules: functions ``check_*`` with bare asserts, no pytest, no third party, so
that ``tests/test_micropython.py`` can run each of them under CPython and under MicroPython."""
