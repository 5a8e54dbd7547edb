"""What is installed: a hash over every source and asset file, checked at start (P11)."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("hal", "drivers", "daemon", "assets")
SUFFIXES = frozenset({".py", ".toml", ".typ", ".wav", ".ogg", ".png"})


def build_hash() -> str:
    """SHA-256 (hex) over names and contents, the same on every machine with the same files."""
    digest = hashlib.sha256()
    files = (path for part in PARTS for path in (ROOT / part).rglob("*") if path.suffix in SUFFIXES)
    for path in sorted(files):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(ROOT)} {content}\n".encode())
    return digest.hexdigest()
