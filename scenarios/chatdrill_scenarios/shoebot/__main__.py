"""`python -m chatdrill_scenarios.shoebot`"""

from __future__ import annotations

import logging
import os

import uvicorn

from .config import Settings
from .web import Application


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = Settings.read(os.environ)
    uvicorn.run(
        Application(), host=settings["SHOEBOT_HOST"], port=int(settings["PORT"]), log_level="warning", access_log=False
    )


if __name__ == "__main__":
    main()
