"""For all tests: how hypothesis works here. No deadline (a busy machine is no failure); in CI the same
examples every time, so that a red run is red again when somebody looks at it."""

import os

from hypothesis import settings

settings.register_profile("developer", deadline=None, print_blob=True)
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "developer")
