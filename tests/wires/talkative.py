"""The daemon as it talks most: every log line of ours and of the libraries, asyncio in debug mode."""

import os
import sys

from daemon.__main__ import main

if __name__ == "__main__":
    os.environ["PYTHONASYNCIODEBUG"] = "1"
    sys.exit(main(["--verbose", *sys.argv[1:]]))
