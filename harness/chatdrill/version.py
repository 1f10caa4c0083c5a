"""The version of chatdrill, as installed."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("chatdrill")
except PackageNotFoundError:  # run from a source tree that was never installed
    VERSION = "0"
