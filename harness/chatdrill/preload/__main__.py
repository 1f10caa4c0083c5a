"""``python -m chatdrill.preload``: build the library now, and print where it lies."""

import sys

from chatdrill.errors import UsageError
from chatdrill.preload.building import build

if __name__ == "__main__":
    try:
        print(build())
    except UsageError as error:
        sys.exit(f"chatdrill.preload: {error}")
